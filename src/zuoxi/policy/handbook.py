# SPDX-License-Identifier: Apache-2.0
"""The handbook of a pack, and what a judgement reads of it on one day.

    handbook = handbook_of("tv_shopping")
    reading = handbook.on(day)          # one for each judgement: it remembers what was read
    reading.beyond("seat.not_ready.limit_minutes", minutes)
    reading.finding("seat.not_ready", "escalate", details={"to": "DEPARTMENT_MANAGER"})

A reading collects clauses and figures by itself, so a finding names them without its author's care.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache, cached_property
from pathlib import Path
from threading import RLock
from typing import Any
from zoneinfo import ZoneInfo

from zuoxi.policy import packs, standing
from zuoxi.policy.dated import Change, Figure, NoSuchEntry, Scale, Step, as_text
from zuoxi.policy.entries import FIGURES, SCALES, SENTENCES, Entry, FigureBody, ScaleBody, Section
from zuoxi.policy.findings import UNKNOWN, Finding, Why
from zuoxi.policy.vocabulary import fact_title, units
from zuoxi.policy.yaml_file import Place

__all__ = [
    "Change",
    "Figure",
    "Handbook",
    "NoSuchEntry",
    "Reading",
    "Scale",
    "Step",
    "as_text",
    "handbook_of",
    "provide_floor",
]

Floor = Callable[[str, Mapping[str, Any], date], bool]
_floor: list[Floor] = []


def provide_floor(falls_below: Floor) -> None:
    """Who knows whether a rule's outcome with those details falls below the statutory floor on a day."""
    _floor[:] = [falls_below]


@dataclass(frozen=True)
class Handbook:
    """A pack over its bases, with a site's approved changes laid over the figures."""

    pack: str
    zone: ZoneInfo
    entries_by_section: Mapping[str, Mapping[str, packs.Written]]
    changes: tuple[Change, ...] = ()
    _days: dict[date, _Day] = field(default_factory=dict, repr=False, compare=False)

    def on(self, day: date) -> Reading:
        """A fresh reading of the handbook as it stands that day."""
        held = self._days.get(day)
        if held is None:
            if len(self._days) > 800:  # two years of days; a long replay must not fill the memory
                self._days.clear()
            held = self._days[day] = _Day(self, day)
        return Reading(held)

    def entries(self, section: Section[Entry]) -> Mapping[str, Entry]:
        """Every entry of a section, by key in the order of the files (base first)."""
        return {key: written.body for key, written in self.entries_by_section.get(section.name, {}).items()}

    def entry(self, section: Section[Entry], key: str) -> Entry:
        """One entry. Raises NoSuchEntry."""
        try:
            body: Entry = self.entries_by_section[section.name][key].body
        except KeyError:
            raise NoSuchEntry(f"the handbook {self.pack} has no {section.name} {key!r}") from None
        return body

    def has(self, section: str, key: str) -> bool:
        return key in self.entries_by_section.get(section, {})

    def place(self, section: str, key: str) -> Place:
        """File and line of an entry. Raises KeyError."""
        return self.entries_by_section[section][key].place

    def values_of(self, key: str) -> list[tuple[date, Any]]:
        """(first day, value) of a figure through time, changes included, by day. Raises NoSuchEntry."""
        body = self.entry(FIGURES, key)
        unit = units()[body.unit]
        held = {value.since: packs.value_of(unit, value.value) for value in body.values}
        for one in self._changes.get(key, ()):
            _lay_over(held, one, packs.value_of(unit, one.value))
        return sorted(held.items())

    @cached_property
    def _changes(self) -> dict[str, list[Change]]:
        by_key: dict[str, list[Change]] = {}
        for one in self.changes:
            by_key.setdefault(one.key, []).append(one)
        return by_key

    def changed(self, *changes: Change) -> Handbook:
        """The same handbook with further changes, for a replay."""
        return Handbook(self.pack, self.zone, self.entries_by_section, (*self.changes, *changes))


def _lay_over(held: dict[date, Any], change: Change, value: Any) -> None:
    """Put a change into the values by their first day; after a trial the value of before holds again."""
    if change.until is not None:
        earlier = [day for day in held if day <= change.until]
        if earlier:
            held[change.until] = held[max(earlier)]
        for day in [day for day in held if change.since < day < change.until]:
            del held[day]
    held[change.since] = value


class _Day:
    """What has been worked out of a handbook for one day; shared by every reading of that day."""

    __slots__ = ("figures", "handbook", "on", "scales")

    def __init__(self, handbook: Handbook, on: date) -> None:
        self.handbook, self.on = handbook, on
        self.figures: dict[str, Figure] = {}
        self.scales: dict[str, Scale] = {}

    def figure(self, key: str) -> Figure:
        held = self.figures.get(key)
        if held is None:
            held = self.figures[key] = self._figure(key)
        return held

    def _figure(self, key: str) -> Figure:
        body: FigureBody = self.handbook.entry(FIGURES, key)
        values = self.handbook.values_of(key)
        index = bisect_right([since for since, _value in values], self.on)
        if index == 0:
            raise NoSuchEntry(f"{key} has no value on {self.on}")
        since, value = values[index - 1]
        return Figure(
            key,
            value,
            as_text(value),
            body.unit,
            body.boundary in ("inclusive", "at_least", "at_most"),
            body.clauses,
            body.source,
            body.gap,
            since,
        )

    def scale(self, key: str) -> Scale:
        held = self.scales.get(key)
        if held is None:
            body: ScaleBody = self.handbook.entry(SCALES, key)
            steps = tuple(
                Step(
                    step.outcome,
                    self.figure(step.at) if step.at else None,
                    {name: self.figure(figure) for name, figure in step.also.items()},
                )
                for step in body.steps
            )
            held = self.scales[key] = Scale(key, body.clauses, body.gap, steps)
        return held


class Reading:
    """The handbook as one judgement reads it. Not shared between judgements."""

    __slots__ = ("_clauses", "_day", "_figures", "_gaps", "_ours", "steps")

    def __init__(self, day: _Day) -> None:
        self._day = day
        self._clauses: dict[str, None] = {}
        self._figures: dict[str, str] = {}
        self._gaps: dict[str, None] = {}
        self._ours: dict[str, None] = {}
        self.steps: list[tuple[str, Decimal | int, int]] = []  # scale, amount, index of the step that it reached

    @property
    def pack(self) -> str:
        return self._day.handbook.pack

    @property
    def on(self) -> date:
        return self._day.on

    @property
    def clauses(self) -> tuple[str, ...]:
        """The clauses remembered so far."""
        return tuple(self._clauses)

    @property
    def read(self) -> Iterable[str]:
        """Keys of the figures remembered so far."""
        return self._figures.keys()

    @property
    def zone(self) -> ZoneInfo:
        return self._day.handbook.zone

    @property
    def handbook(self) -> Handbook:
        return self._day.handbook

    def local(self, moment: datetime) -> datetime:
        """The moment in the site's zone; a naive one is taken to be there already."""
        return moment.replace(tzinfo=self.zone) if moment.tzinfo is None else moment.astimezone(self.zone)

    def figure(self, key: str) -> Figure:
        """The figure in force, remembered. Raises NoSuchEntry."""
        return self._remember(self._day.figure(key))

    def _remember(self, found: Figure) -> Figure:
        self._figures[found.key] = found.text
        for clause in found.clauses:
            self._clauses[clause] = None
        if found.gap:
            self._gaps[found.gap] = None
        if found.source == "ours":
            self._ours[found.key] = None
        return found

    def has(self, key: str) -> bool:
        """Whether the pack has such a figure at all; nothing is remembered."""
        return self._day.handbook.has("figures", key)

    def number(self, key: str) -> Decimal:
        value: Decimal = self.figure(key).value
        return value

    def whole(self, key: str) -> int:
        return int(self.number(key))

    def time(self, key: str) -> time:
        value: time = self.figure(key).value
        return value

    def words(self, key: str) -> tuple[str, ...]:
        value: tuple[str, ...] = self.figure(key).value
        return value

    def flag(self, key: str) -> bool:
        return bool(self.figure(key).value)

    def text(self, key: str) -> str:
        return str(self.figure(key).value)

    def beyond(self, key: str, amount: Decimal | int) -> bool:
        """Whether the amount has passed the figure, by the figure's own boundary."""
        return self.figure(key).beyond(amount)

    def within(self, key: str, amount: Decimal | int) -> bool:
        """Whether the amount lies up to the figure, by the figure's own boundary."""
        return self.figure(key).within(amount)

    def entry(self, section: Section[Entry], key: str) -> Entry:
        """An entry of a section, its clauses remembered. Raises NoSuchEntry."""
        body = self._day.handbook.entry(section, key)
        self.note(*getattr(body, "clauses", ()), gap=getattr(body, "gap", ""))
        return body

    def scale(self, key: str) -> Scale:
        """A scale on that day; nothing is remembered. Raises NoSuchEntry."""
        return self._day.scale(key)

    def step(self, scale: str, amount: Decimal | int) -> Step:
        """The step that the amount reaches, with the figures on both sides of it remembered. Raises NoSuchEntry."""
        found = self._day.scale(scale)
        index = found.step_for(amount)
        self.steps.append((scale, amount, index))
        for step in found.steps[index : index + 2]:
            if step.at is not None:
                self._remember(step.at)
        for figure in found.steps[index].also.values():
            self._remember(figure)
        self.note(*found.clauses, gap=found.gap)
        return found.steps[index]

    def note(self, *clauses: str, gap: str = "") -> None:
        """Remember clauses (and a decision of `gaps.yaml`) that no figure carries."""
        for clause in clauses:
            self._clauses[clause] = None
        if gap:
            self._gaps[gap] = None

    def take_over(self, other: Finding) -> None:
        """Remember everything that another finding rests on, because this judgement builds on it."""
        self.note(*other.clauses)
        self._figures.update(other.figures)
        self._gaps.update(dict.fromkeys(other.gaps))
        self._ours.update(dict.fromkeys(other.ours))

    def finding(
        self, rule: str, outcome: str, *, details: Mapping[str, Any] | None = None, say: str = "", **words: object
    ) -> Finding:
        """The finding with everything that was read. `words` fill the names of the sentence.

        The sentence is the pack's `why` entry "<rule>.<say or outcome>". Raises NoSuchEntry when the pack has none,
        KeyError when it names a word that was not given.
        """
        sentence = self._day.handbook.entry(SENTENCES, f"{rule}.{say or outcome}")
        return Finding(
            rule,
            self.pack,
            outcome,
            Why(sentence.zh.format_map(words), sentence.en.format_map(words)),
            details or {},
            tuple(self._clauses),
            self._figures,
            tuple(self._gaps),
            tuple(self._ours),
        )

    def legal_risk(self, rule: str, details: Mapping[str, Any]) -> bool:
        """Whether an outcome with those details falls below the statutory floor; a flag, it changes nothing."""
        return any(falls_below(rule, details, self.on) for falls_below in _floor)

    def unknown(self, rule: str, missing: Iterable[str], *, details: Mapping[str, Any] | None = None) -> Finding:
        """Nothing can be said, because facts are missing; names which."""
        named = [(code, fact_title(code)) for code in missing]
        zh = "、".join(title.zh if title else code for code, title in named)
        en = ", ".join(f"{title.en} ({code})" if title else code for code, title in named)
        sentence = Why(f"缺少{zh}，无法判定", f"Cannot be judged, this is missing: {en}")
        return Finding(rule, self.pack, UNKNOWN, sentence, details or {}, tuple(self._clauses), self._figures)


@cache
def _handbook(code: str, folder: Path | None, stamp: float, changes: tuple[Change, ...]) -> Handbook:
    return Handbook(code, *standing.shelf(code, folder, stamp), changes)


_CHECK_EVERY = 2.0  # seconds between two looks at whether a file changed
_looked: dict[Path | None, tuple[float, float]] = {}
_looking = RLock()


def _look(folder: Path | None, now: float) -> tuple[float, float]:
    """When the files were looked at last, and their stamp; while one thread reads what changed, others go on."""
    with _looking:
        known, stamp = _looked.get(folder), packs.stamp(folder)
        if known is not None and stamp != known[1]:
            _looked[folder] = (now, known[1])
            standing.read_anew(folder)
        _looked[folder] = (now, stamp)
        return _looked[folder]


def handbook_of(code: str, folder: Path | None = None, changes: tuple[Change, ...] = ()) -> Handbook:
    """The pack's handbook, read again when a file of the handbooks changes.

    Raises UnknownPack and PackError, but not where this process could read the pack before: that stands then.
    """
    from time import monotonic

    now = monotonic()
    known = _looked.get(folder)
    if known is None or now - known[0] > _CHECK_EVERY:
        known = _look(folder, now)
    return _handbook(code, folder, known[1], changes)
