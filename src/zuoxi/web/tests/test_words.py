# SPDX-License-Identifier: Apache-2.0
import ast
import re
from pathlib import Path

from babel.messages.pofile import read_po

WEB = Path(__file__).resolve().parents[1]
CALLS = {"_", "gettext", "gettext_lazy"}


def asked() -> set[str]:
    """Every sentence that the package's code and templates ask to be translated."""
    found: set[str] = set()
    for path in WEB.rglob("*.py"):
        if "tests" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS:
                found |= {one.value for one in node.args[:1] if isinstance(one, ast.Constant)}
    for path in WEB.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        found |= set(re.findall(r'translate "([^"]*)"', text)) | set(re.findall(r'_\("([^"]*)"\)', text))
    return found


def test_every_sentence_of_the_frame_is_said_in_chinese():
    with (WEB / "locale/zh_Hans/LC_MESSAGES/django.po").open("rb") as file:
        known = {message.id for message in read_po(file) if message.string}
    assert asked() - known == set()
