# SPDX-License-Identifier: Apache-2.0
"""Reading a handbook's YAML: every entry knows its file and line, and a key that stands twice is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

import yaml

Content = TypeVar("Content")


class PackError(ValueError):
    """Something in a handbook's file is wrong; the text names file, line and remedy."""

    def __init__(self, file: Path | str, line: int, message: str) -> None:
        self.file, self.line, self.message = str(file), line, message
        super().__init__(f"{self.file}:{line}: {message}")


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands; lines count from 1."""

    file: Path
    line: int


class Entries(dict[str, Any]):
    """A mapping of the file that remembers the line of each key."""

    lines: dict[str, int]


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    file: Path


def _mapping(loader: Any, node: yaml.MappingNode) -> Entries:
    made = Entries()
    made.lines = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, str):
            raise PackError(loader.file, line, f"the key {key!r} must be text; put it in quotes")
        if key in made:
            raise PackError(loader.file, line, f"{key!r} stands here a second time (first in line {made.lines[key]})")
        made[key] = loader.construct_object(value_node, deep=True)
        made.lines[key] = line
    return made


def _day(loader: Any, node: yaml.ScalarNode) -> Any:
    try:
        return loader.construct_yaml_timestamp(node)
    except ValueError as wrong:
        raise PackError(loader.file, node.start_mark.line + 1, f"no such day: {node.value} ({wrong})") from wrong


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)
_Loader.add_constructor("tag:yaml.org,2002:timestamp", _day)


def _content(file: Path, text: str) -> Any:
    loader = _Loader(text)
    loader.file = file
    try:
        return loader.get_single_data()
    finally:
        loader.dispose()


def read(file: Path) -> Entries:
    """The file's top mapping. Raises PackError for broken YAML, a doubled key or another encoding than UTF-8."""
    try:
        text = file.read_bytes().decode("utf-8")
    except UnicodeDecodeError as wrong:
        raise PackError(file, 1, f"not UTF-8 (byte {wrong.start}); save the file as UTF-8") from wrong
    try:
        content = _content(file, text)
    except yaml.MarkedYAMLError as wrong:
        mark = wrong.problem_mark or wrong.context_mark
        line = mark.line + 1 if mark else 1
        raise PackError(file, line, f"not readable as YAML: {wrong.problem}") from wrong
    except yaml.YAMLError as wrong:  # a sign that no file of text holds
        raise PackError(file, 1, f"not readable as YAML: {wrong}") from wrong
    if content is None:
        content = Entries()
        content.lines = {}
    if not isinstance(content, Entries):
        raise PackError(file, 1, "a handbook's file is a mapping of sections")
    return content


class Kept(Generic[Content]):
    """What a file beside the packs says, by the handbooks' folder: read once, and put anew when the file changes."""

    def __init__(self, read: Callable[[Path | None], Content]) -> None:
        self._read = read
        self._held: dict[Path | None, Content] = {}

    def __call__(self, root: Path | None = None) -> Content:
        """What is held of it, read where nothing is. Raises PackError."""
        if root not in self._held:
            self._held[root] = self._read(root)
        return self._held[root]

    def anew(self, root: Path | None = None) -> Content:
        """What the file says now; what is held stays. Raises PackError."""
        return self._read(root)

    def put(self, root: Path | None, content: Content) -> None:
        self._held[root] = content
