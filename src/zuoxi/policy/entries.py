# SPDX-License-Identifier: Apache-2.0
"""What may stand in a handbook: sections of entries, each with a fixed shape. Packages above add their own sections.

An entry of a pack replaces the whole entry of the same key in its base; `null` takes it away.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Generic, Literal, TypeVar

from django.apps import apps
from django.utils.translation import get_language
from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictFloat, StrictInt, StrictStr

Entry = TypeVar("Entry", bound="Body")


class Body(BaseModel):
    """The shape of one entry. Unknown keys are refused; a refusal names file and line."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=False)


class Label(Body):
    """One thing in both languages, in own words; as text in the language of the page."""

    zh: str
    en: str

    def __str__(self) -> str:
        return self.en if (get_language() or "").startswith("en") else self.zh


class Dated(Body):
    """One value and the first day on which it holds."""

    since: date = Field(alias="from")
    value: StrictBool | StrictInt | StrictFloat | StrictStr | tuple[StrictStr, ...]
    note: str = ""


class FigureBody(Body):
    """A figure of the rules. `boundary`: whether what begins or ends at the figure holds for the figure itself. A
    target says "at_least" or "at_most", and is met at the figure itself.

    `source`: "stated" where a clause gives the value, "gap" where a decision of `gaps.yaml` does (named in `gap`),
    "ours" where it is this program's default, "law" in the statutory layer.
    """

    unit: str
    boundary: Literal["inclusive", "exclusive", "at_least", "at_most", "none"] = "none"
    clauses: tuple[str, ...] = ()
    source: Literal["stated", "gap", "ours", "law"] = "stated"
    gap: str = ""
    label: Label
    why: str = ""
    checked: date | None = None
    values: tuple[Dated, ...] = Field(min_length=1)


class StepBody(Body):
    """A step of a scale, from the figure `at` on (none: the lowest step); `also` are figures read with the outcome."""

    at: str = ""
    outcome: str
    also: dict[str, str] = {}


class ScaleBody(Body):
    """Outcomes along one amount, lowest step first; each figure's boundary says whether the step holds at it."""

    clauses: tuple[str, ...] = ()
    label: Label
    gap: str = ""
    steps: tuple[StepBody, ...] = Field(min_length=1)


class SentenceBody(Body):
    """The sentence that explains an outcome, in both languages, with {names} of what the judgement knew."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Section(Generic[Entry]):
    """A top-level key of a pack's files and the shape of its entries."""

    name: str
    shape: type[Entry]


_sections: dict[str, Section[Any]] = {}


def section(name: str, shape: type[Entry]) -> Section[Entry]:
    """Register a section; call it from a package's `handbook.py`. Raises ValueError when the name is taken."""
    known = _sections.get(name)
    if known is not None and known.shape is not shape:
        raise ValueError(f"section {name!r} is registered twice")
    made = Section(name, shape)
    _sections[name] = made
    return made


FIGURES = section("figures", FigureBody)
SCALES = section("scales", ScaleBody)
SENTENCES = section("why", SentenceBody)


@cache
def _load() -> None:
    for app in apps.get_app_configs():
        for room in ("calendars", "statutory", "handbook", "rules"):
            if app.name.startswith("zuoxi.") and find_spec(f"{app.name}.{room}"):
                import_module(f"{app.name}.{room}")


def sections() -> dict[str, Section[Any]]:
    """Every section of the installed packages (their `handbook.py` and `rules.py` are imported once)."""
    _load()
    return _sections
