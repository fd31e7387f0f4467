# SPDX-License-Identifier: Apache-2.0
"""What `deploy` starts is what `zuoxi serve` starts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from zuoxi.config.management.commands.serve import ALWAYS

pytestmark = pytest.mark.once
DEPLOY = Path(__file__).resolve().parents[4] / "deploy"
PROCESSES = {"web", "listen", *ALWAYS}


def commands() -> dict[str, list[str]]:
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
    return {name: one["command"] for name, one in services.items() if one.get("command", [""])[0] == "zuoxi"}


def test_every_process_of_the_house_has_a_container():
    assert {words[1] for words in commands().values()} >= PROCESSES


def test_every_process_of_the_house_has_a_unit_that_its_target_wants():
    target = (DEPLOY / "systemd/zuoxi.target").read_text()
    wanted = set(re.findall(r"zuoxi-[\w@]+\.service", target))
    started = set()
    for name in wanted:
        unit = (DEPLOY / "systemd" / re.sub(r"@\w+", "@", name)).read_text()
        started |= set(re.findall(r"^ExecStart=\S+/zuoxi (\w+)", unit, re.MULTILINE))
    assert started == PROCESSES


@pytest.mark.parametrize("page", ["install.md", "install.zh-CN.md"])
def test_the_guide_names_every_process_and_every_word_that_the_containers_want(page):
    guide = (DEPLOY.parent / "docs/how-to" / page).read_text()
    assert [name for name in PROCESSES if f"zuoxi {name}" not in guide] == []
    wanted = re.findall(r"\$\{(ZUOXI_\w+)", (DEPLOY / "compose.yaml").read_text())
    assert [name for name in wanted if f"{name}=" not in guide] == []
