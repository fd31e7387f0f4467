# SPDX-License-Identifier: Apache-2.0
"""The small writing that articles use: headings, lists, numbered steps, tables, bold. Whatever else is typed is text.

## Heading      - item      1. step      | a | b |      **bold**      [[K00012]] another article
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

_BOLD = re.compile(r"\*\*(.+?)\*\*")
_LINK = re.compile(r"\[\[(K\d{1,12})\]\]")
_HEADING = re.compile(r"^(#{1,3})\s+(.*)$")
_ITEM = re.compile(r"^\s*[-*•]\s+(.*)$")
_STEP = re.compile(r"^\s*\d{1,3}[.、)]\s*(.*)$")
_ROW = re.compile(r"^\s*\|(.+)\|\s*$")
_RULE = re.compile(r"^[\s|:-]+$")


def _inline(text: str) -> str:
    said = _BOLD.sub(r"<strong>\1</strong>", str(escape(text)))
    address = reverse("knowledge:by_code", args=["K0"])[:-3]
    return _LINK.sub(lambda found: f'<a href="{address}{found[1]}/">{found[1]}</a>', said)


def _kind_of(line: str) -> tuple[str, str]:
    for kind, pattern in (("ul", _ITEM), ("ol", _STEP), ("table", _ROW)):
        if (found := pattern.match(line)) is not None:
            return kind, found[1]
    if (found := _HEADING.match(line)) is not None:
        return f"h{len(found[1]) + 2}", found[2]
    return ("p", line.strip()) if line.strip() else ("", "")


def _blocks(text: str) -> Iterator[tuple[str, list[str]]]:
    kind, held = "", list[str]()
    for line in text.replace("\r\n", "\n").split("\n"):
        here, said = _kind_of(line)
        if here != kind or here.startswith("h"):
            if held:
                yield kind, held
            kind, held = here, []
        if here:
            held.append(said)
    if held:
        yield kind, held


def _table(rows: list[str]) -> str:
    cells = [[_inline(cell.strip()) for cell in row.split("|")] for row in rows if not _RULE.match(row)]
    headed = len(rows) > 1 and bool(_RULE.match(rows[1]))
    said = []
    for place, row in enumerate(cells):
        tag = "th" if headed and place == 0 else "td"
        said.append("<tr>" + "".join(f"<{tag}>{cell}</{tag}>" for cell in row) + "</tr>")
    return f'<div class="zx-table-wrap"><table class="zx-table compact"><tbody>{"".join(said)}</tbody></table></div>'


def drawn(text: str) -> SafeString:
    """The text as HTML; nothing that was typed becomes markup of its own."""
    parts = []
    for kind, lines in _blocks(text):
        if kind == "table":
            parts.append(_table(lines))
        elif kind in ("ul", "ol"):
            parts.append(f"<{kind}>" + "".join(f"<li>{_inline(line)}</li>" for line in lines) + f"</{kind}>")
        elif kind == "p":
            parts.append("<p>" + "<br>".join(_inline(line) for line in lines) + "</p>")
        else:
            parts.append(f"<{kind}>{_inline(lines[0])}</{kind}>")
    return mark_safe("".join(parts))  # noqa: S308  (every piece went through `escape`)


@dataclass(frozen=True, slots=True)
class Changed:
    """A line as it was compared: "same", "new" or "gone"."""

    mark: str
    text: str


def compared(before: str, after: str) -> list[Changed]:
    """Two texts line by line."""
    marks = {"  ": "same", "+ ": "new", "- ": "gone"}
    lines = difflib.ndiff(before.split("\n"), after.split("\n"))
    return [Changed(marks[line[:2]], line[2:]) for line in lines if line[:2] in marks]


def marked(text: str, places: list[tuple[int, str]]) -> SafeString:
    """The text with pieces of it marked, for showing what was found."""
    said, last = SafeString(""), 0
    for start, piece in places:
        if start >= last:
            said += format_html("{}<mark>{}</mark>", text[last:start], piece)
            last = start + len(piece)
    return said + escape(text[last:])
