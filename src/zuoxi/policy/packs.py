# SPDX-License-Identifier: Apache-2.0
"""Packs on disk: a folder each, with `pack.yaml` (code, names, base) and any number of files of sections."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from django.conf import settings
from pydantic import ValidationError

from zuoxi.policy.clauses import clause_book
from zuoxi.policy.entries import Body, FigureBody, Label, ScaleBody, sections
from zuoxi.policy.gaps import gap_book
from zuoxi.policy.vocabulary import Unit, role_words, units
from zuoxi.policy.yaml_file import Entries, PackError, Place, read
from zuoxi.web.roles import Role


class UnknownPack(LookupError):
    """No folder of the handbooks has that name."""


class PackBody(Body):
    """`pack.yaml`. `kind`: a trade is what a site runs; `cross` cuts across trades; `base` and `law` lie beneath."""

    code: str
    name: Label
    about: Label
    base: str = ""
    kind: Literal["base", "trade", "cross", "law"] = "trade"
    zone: str = ""
    clauses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Written:
    """An entry as a pack has it; `body` None where the pack takes its base's entry away."""

    pack: str
    body: Any
    place: Place


@dataclass(frozen=True, slots=True)
class Pack:
    """One pack alone, without its base: section → key → entry."""

    body: PackBody
    folder: Path
    written: Mapping[str, Mapping[str, Written]]

    @property
    def code(self) -> str:
        return self.body.code


def root() -> Path:
    return Path(settings.HANDBOOKS)


def pack_codes(folder: Path | None = None) -> list[str]:
    """Every folder that holds a `pack.yaml`, by name."""
    return sorted(file.parent.name for file in (folder or root()).glob("*/pack.yaml"))


def stamp(folder: Path | None = None) -> float:
    """Changes whenever a file of the handbooks does."""
    return max(map(_changed_at, (folder or root()).rglob("*.yaml")), default=0.0)


def _changed_at(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except OSError:  # a link to nothing, as editors make beside a file they have open, or taken away in this moment
        return 0.0


@cache
def pack(code: str, folder: Path | None = None) -> Pack:
    """Read and check one pack. Raises UnknownPack, and PackError with file and line."""
    home = (folder or root()) / code
    if not code.replace("_", "").isalnum() or not (home / "pack.yaml").is_file():
        raise UnknownPack(code)
    entries = read(home / "pack.yaml")
    body = _shape(PackBody, entries, home / "pack.yaml", 1, "pack")
    if body.code != code:
        raise PackError(home / "pack.yaml", entries.lines["code"], f"code must be the folder's name, {code!r}")
    _check_zone(body.zone, home / "pack.yaml", entries)
    written: dict[str, dict[str, Written]] = {}
    for file in sorted(home.glob("[!.]*.yaml")):  # an editor's mark of a file that it has open begins with a dot
        if file.name != "pack.yaml":
            _read_sections(code, file, written)
    return Pack(body, home, written)


def _check_zone(zone: str, file: Path, entries: Entries) -> None:
    try:
        ZoneInfo(zone or settings.TIME_ZONE)
    except (LookupError, ValueError, OSError):
        raise PackError(file, entries.lines.get("zone", 1), f"no such time zone: {zone}") from None


def _read_sections(code: str, file: Path, written: dict[str, dict[str, Written]]) -> None:
    entries = read(file)
    for name, content in entries.items():
        found = sections().get(name)
        if found is None:
            known = ", ".join(sorted(sections()))
            raise PackError(file, entries.lines[name], f"unknown section {name!r}; known are {known}")
        if not isinstance(content, Entries):
            raise PackError(file, entries.lines[name], f"{name}: entries by key are expected")
        kept = written.setdefault(name, {})
        for key, body in content.items():
            line = content.lines[key]
            if key in kept:
                first = kept[key].place
                raise PackError(file, line, f"{name}: {key!r} stands already in {first.file.name}:{first.line}")
            made = None if body is None else _shape(found.shape, body, file, line, key)
            if isinstance(made, FigureBody):
                made = _figure(made, file, line, key)
            for part in _parts(made):
                _check_references(part, file, line, key)
            kept[key] = Written(code, made, Place(file, line))


def _shape(shape: type[Any], body: Any, file: Path, line: int, key: str) -> Any:
    try:
        return shape.model_validate(body)
    except ValidationError as wrong:
        # A mistyped key is also a missing one; the key that stands there is what helps.
        first = min(wrong.errors(), key=lambda one: one["type"] != "extra_forbidden")
        where = ".".join(str(part) for part in first["loc"])
        raise PackError(file, _line_of(body, first["loc"], line), f"{key}: {where}: {first['msg']}") from wrong


def _line_of(body: Any, loc: tuple[Any, ...], line: int) -> int:
    for part in loc:
        if isinstance(body, Entries) and part in body:
            line, body = body.lines[part], body[part]
        elif isinstance(body, list) and isinstance(part, int) and part < len(body):
            body = body[part]
        else:
            break
    return line


def _parts(body: Any) -> Iterator[Body]:
    """The entry and every body inside it."""
    if isinstance(body, Body):
        yield body
        for inner in body.__dict__.values():
            yield from _parts(inner)
    elif isinstance(body, tuple | list):
        for inner in body:
            yield from _parts(inner)
    elif isinstance(body, Mapping):
        for inner in body.values():
            yield from _parts(inner)


def _check_references(body: Body, file: Path, line: int, key: str) -> None:
    for clause in getattr(body, "clauses", ()):
        if clause not in clause_book().clauses:
            raise PackError(file, line, f"{key}: no clause {clause}")
    gap = getattr(body, "gap", "")
    if gap and gap not in gap_book():
        raise PackError(file, line, f"{key}: gaps.yaml has no decision {gap!r}")


def _figure(body: FigureBody, file: Path, line: int, key: str) -> FigureBody:
    unit = units().get(body.unit)
    if unit is None:
        raise PackError(file, line, f"{key}: unknown unit {body.unit!r}; known are {', '.join(sorted(units()))}")
    if body.source == "stated" and not body.clauses:
        raise PackError(file, line, f"{key}: a stated figure names its clauses; else its source is ours, gap or law")
    if body.source == "gap" and not body.gap:
        raise PackError(file, line, f"{key}: name the decision in `gap`")
    days = [value.since for value in body.values]
    if days != sorted(set(days)):
        raise PackError(file, line, f"{key}: values must stand in the order of their days, one for a day")
    for value in body.values:
        try:
            check_role_words(unit, value_of(unit, value.value))
        except ValueError as wrong:
            raise PackError(file, line, f"{key}: {wrong}") from wrong
    return body


def check_role_words(unit: Unit, value: Any) -> None:
    """Raises ValueError where a role is no word of `roles.yaml`, or a post none of the house's positions."""
    if unit.code not in ("role", "roles", "post", "posts"):
        return
    known = set(Role) if unit.code in ("post", "posts") else set(role_words())
    strangers = [word for word in ((value,) if isinstance(value, str) else value) if word not in known]
    if strangers:
        raise ValueError(f"unknown {unit.code.rstrip('s')} {strangers[0]!r}; known are {', '.join(sorted(known))}")


def value_of(unit: Unit, raw: Any) -> Any:
    """A written value as the program uses it. Raises ValueError when it does not fit the unit."""
    match unit.kind:
        case "number":
            if isinstance(raw, bool):
                raise ValueError(f"{raw!r} is no number of {unit.code}")
            try:
                number = Decimal(str(raw))
            except InvalidOperation:
                raise ValueError(f"{raw!r} is no number of {unit.code}") from None
            if not number.is_finite():
                raise ValueError(f"{raw!r} is no number of {unit.code}")
            return number
        case "time":
            return time.fromisoformat(str(raw))
        case "date":
            return datetime.strptime(str(raw), "%m-%d").date() if len(str(raw)) == 5 else _date(raw)  # noqa: DTZ007
        case "words":
            if not isinstance(raw, list | tuple):
                raise ValueError(f"{unit.code} is a list")
            return tuple(str(word) for word in raw)
        case "flag":
            if not isinstance(raw, bool):
                raise ValueError(f"{raw!r} is neither true nor false")
            return raw
        case _:
            return str(raw)


def _date(raw: Any) -> Any:
    return datetime.fromisoformat(str(raw)).date()


def chain(code: str, folder: Path | None = None) -> list[Pack]:
    """The pack and what lies beneath it, the pack itself first. Raises UnknownPack; PackError for a circle of bases."""
    found: list[Pack] = []
    below = code
    if not code:
        raise UnknownPack(code)
    while below:
        one = pack(below, folder)
        if one in found:
            raise PackError(one.folder / "pack.yaml", 1, f"{below} lies beneath itself")
        found.append(one)
        below = one.body.base
    return found


def overlaid(code: str, folder: Path | None = None) -> Mapping[str, Mapping[str, Written]]:
    """Section → key → entry of the pack over its bases; what a pack takes away is absent."""
    merged: dict[str, dict[str, Written]] = {name: {} for name in sections()}
    for one in reversed(chain(code, folder)):
        for name, entries in one.written.items():
            for key, written in entries.items():
                if written.body is None:
                    if merged[name].pop(key, None) is None:
                        raise PackError(written.place.file, written.place.line, f"{key}: the base has no such entry")
                else:
                    merged[name][key] = written
    _check_scales(merged)
    return merged


def _check_scales(merged: Mapping[str, Mapping[str, Written]]) -> None:
    for key, written in merged["scales"].items():
        for figure in _named_by(written.body):
            if figure not in merged["figures"]:
                raise PackError(written.place.file, written.place.line, f"{key}: no figure {figure!r}")


def _named_by(scale: ScaleBody) -> Iterator[str]:
    for step in scale.steps:
        if step.at:
            yield step.at
        yield from step.also.values()


def zone_of(code: str, folder: Path | None = None) -> ZoneInfo:
    """The zone of the pack's site: the nearest that the chain names, else the site's setting."""
    named = next((one.body.zone for one in chain(code, folder) if one.body.zone), settings.TIME_ZONE)
    return ZoneInfo(named)
