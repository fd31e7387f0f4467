# SPDX-License-Identifier: Apache-2.0
"""Every sentence that a package shows, and what its catalogue says for it."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path

from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

SOURCE = Path(__file__).resolve().parents[2] / "src" / "zuoxi"
PACKAGES = sorted(path.parent.name for path in SOURCE.glob("*/__init__.py"))
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
Sentence = tuple[str | None, str]


def _of_source(text: str) -> list[tuple[int, Sentence]]:
    found = []
    for line, message, _comments, context in extract("python", io.BytesIO(text.encode()), KEYWORDS):
        for one in [message] if isinstance(message, str) else message:
            if isinstance(one, str):
                found.append((line, (context, one)))
    return found


@cache
def sentences(package: str) -> dict[Sentence, str]:
    """(context, msgid) → where it stands first."""
    found: dict[Sentence, str] = {}
    folder = SOURCE / package
    for path in sorted(folder.rglob("*.py")):
        if "tests" in path.parts or "migrations" in path.parts:
            continue
        for line, sentence in _of_source(path.read_text(encoding="utf-8")):
            found.setdefault(sentence, f"{path.relative_to(SOURCE)}:{line}")
    for path in sorted(folder.rglob("templates/**/*")):
        if path.suffix in (".html", ".txt"):
            source = templatize(path.read_text(encoding="utf-8"), origin=str(path))
            for line, sentence in _of_source(source):
                found.setdefault(sentence, f"{path.relative_to(SOURCE)}:{line}")
    found.pop((None, ""), None)
    return found


@cache
def catalogue(package: str) -> dict[Sentence, tuple[str, ...]]:
    """(context, msgid) → its Chinese forms; an empty form counts as missing."""
    path = SOURCE / package / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
    if not path.exists():
        return {}
    said: dict[Sentence, tuple[str, ...]] = {}
    with path.open("rb") as file:
        for message in read_po(file, locale="zh_Hans"):
            if not message.id or message.fuzzy:
                continue
            ids = [message.id] if isinstance(message.id, str) else list(message.id)
            texts = (message.string,) if isinstance(message.string, str) else tuple(message.string)
            for one in ids:
                said[(message.context, one)] = tuple(filter(None, texts))
    return said
