# SPDX-License-Identifier: Apache-2.0
"""The pages in docs/ lead somewhere: links, files named in the text, Chinese twins, commands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from zuoxi.config.cli import SPOKEN

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
TWINS = [page for page in PAGES if page.name.endswith(".zh-CN.md")]
pytestmark = pytest.mark.once


def name(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_link_leads_to_a_file_that_is_there(page):
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    dead = [link for link in links if "://" not in link and not (page.parent / link).exists()]
    assert not dead


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_file_of_the_repository_that_a_page_names_is_there(page):
    named = re.findall(r"`((?:src|docs|tests|benchmarks|deploy)/[\w./-]+)", page.read_text(encoding="utf-8"))
    assert not [one for one in named if not (ROOT / one).exists()]


@pytest.mark.parametrize("page", TWINS, ids=name)
def test_a_chinese_page_and_its_english_twin_name_each_other(page):
    english = page.with_name(page.name.replace(".zh-CN.md", ".md"))
    assert f"]({english.name})" in page.read_text(encoding="utf-8")
    assert f"]({page.name})" in english.read_text(encoding="utf-8")


@pytest.mark.parametrize("page", TWINS, ids=name)
def test_a_chinese_page_gives_the_same_commands_as_its_english_twin(page):
    english = page.with_name(page.name.replace(".zh-CN.md", ".md"))
    said, meant = (commands(one.read_text(encoding="utf-8")) for one in (page, english))
    assert said == meant


def commands(text: str) -> set[str]:
    """What is typed at a prompt, without the remarks behind it."""
    blocks = re.findall(r"^```(?:sh)?\n(.*?)^```", text, re.M | re.S)
    lines = [line.split("  #")[0].split(" # ")[0].strip() for block in blocks for line in block.splitlines()]
    return {line for line in lines if line.startswith(("zuoxi ", "./dev ", "docker ", "ip netns "))}


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_command_that_a_page_gives_is_one(page):
    known = {file.stem for file in ROOT.glob("src/zuoxi/*/management/commands/[a-z]*.py")} | set(SPOKEN)
    known |= {"migrate", "makemigrations", "makemessages", "compilemessages", "check", "shell", "dbshell"}
    given = re.findall(r"(?:`|^ {4}|^)(?:\./dev )?zuoxi ([a-z_]+)(?=[ `\n])", page.read_text(encoding="utf-8"), re.M)
    assert not set(given) - known
