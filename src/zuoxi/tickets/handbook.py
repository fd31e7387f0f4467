# SPDX-License-Identifier: Apache-2.0
"""What packs say of tickets: deadlines, opening hours, the kinds of tickets with their forms, departments.

`deadlines` has the entry `service.deadline` of a trade and `ticket.deadline` of tickets in general; `service_hours`,
`ticket_types` and `departments` have one entry for each.
"""

from __future__ import annotations

from datetime import date
from string import Formatter
from typing import Literal

from pydantic import Field, field_validator, model_validator

from zuoxi.policy.entries import Body, Label, section
from zuoxi.tickets import clock


class DeadlineBody(Body):
    """One kind of service, by `kind` or another word for it (`also`).

    `within` is a figure in working days, hours or minutes, as `counts` says; "same_day" has none: until the end of the
    day on which it was received. Working days begin with the day after, and their last one counts to its end. Business
    hours and minutes run only while the service is open (`hours`, an entry of `service_hours`).
    """

    kind: str
    also: tuple[str, ...] = ()
    clauses: tuple[str, ...] = ()
    gap: str = ""
    label: Label
    counts: Literal["working_days", "hours", "minutes", "same_day", "business_hours", "business_minutes"]
    within: str = ""
    hours: str = "window"


class DeadlinesBody(Body):
    clauses: tuple[str, ...] = ()
    gap: str = ""
    label: Label
    kinds: tuple[DeadlineBody, ...] = Field(min_length=1)

    def of(self, kind: str) -> DeadlineBody | None:
        return next((one for one in self.kinds if kind == one.kind or kind in one.also), None)


class HoursBody(Body):
    """When a service is open: "08:30-12:00" on working days, other hours by weekday (1 Monday … 7), on make-up days
    and on single days. `calendar`: the entry of `calendars` that knows the working days; "" opens every day."""

    clauses: tuple[str, ...] = ()
    label: Label
    calendar: str = "business"
    intervals: tuple[str, ...]
    weekdays: dict[int, tuple[str, ...]] = {}
    special: dict[date, tuple[str, ...]] = {}

    @field_validator("intervals")
    @classmethod
    def _readable(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        for one in given:
            clock.interval(one)
        return given

    @field_validator("weekdays", "special")
    @classmethod
    def _all_readable(cls, given: dict[object, tuple[str, ...]]) -> dict[object, tuple[str, ...]]:
        for intervals in given.values():
            for one in intervals:
                clock.interval(one)
        return given


class ChoiceBody(Body):
    """One answer of a choice: `key` is kept, `label` is read. `needs`: the part that answers it opens (CUS-026)."""

    key: str
    label: Label


class FieldBody(Body):
    """A line of a form. `when`: asked only where another field has one of these answers; `mask`: how it is shown to
    who has not asked to see it; `read_back`: it is read back to the caller and ticked (CUS-017)."""

    key: str = Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")
    label: Label
    kind: Literal["text", "long", "choice", "multi", "date", "number", "phone", "address", "yes_no", "identity", "name"]
    required: bool = False
    when: dict[str, tuple[str, ...]] = {}
    choices: tuple[ChoiceBody, ...] = ()
    read_back: bool = False
    mask: Literal["", "phone", "name", "identity", "address"] = ""
    hint: Label | None = None

    @model_validator(mode="after")
    def _choices_where_chosen(self) -> FieldBody:
        if (self.kind in ("choice", "multi")) != bool(self.choices):
            raise ValueError("a choice needs choices, and nothing else has them")
        return self


class TopicBody(Body):
    """What a matter is about; a tree."""

    key: str
    label: Label
    below: tuple[TopicBody, ...] = ()


class ClockBody(Body):
    """A time that runs from receipt. `stops_on`: the verb that ends it. Of several with one code the first runs whose
    `when` fits the answers; without `when` always."""

    code: str
    deadline: str
    stops_on: Literal["accept", "contact", "finish", "answer", "close"]
    when: dict[str, tuple[str, ...]] = {}


class DispatchBody(Body):
    """To which department, where a field has one of these answers; without `when` always. The first that fits."""

    to: str
    when: dict[str, tuple[str, ...]] = {}


class TicketTypeBody(Body):
    """A kind of ticket. `title` is made of {field keys}; `area_field` is the address by whose district it is mapped.

    `needs_check`: somebody else looks at the result before the customer is told; `needs_answer`: it cannot be closed
    before he was told. `checked_by`, `reclassified_by` are role words, empty: whoever may check at all. `parts_from`: a
    multi field whose every answer is settled as a part of its own (联办). `papers`: what an applicant has to bring.
    `urgent_when`: answers that make it urgent and grave at once; `nameless_when`: answers by which neither the customer
    nor his number nor his call is kept with it.
    """

    clauses: tuple[str, ...] = ()
    gap: str = ""
    label: Label
    icon: str = "ticket"
    order: int = 100
    fields: tuple[FieldBody, ...]
    topics: tuple[TopicBody, ...] = ()
    clocks: tuple[ClockBody, ...] = ()
    dispatch: tuple[DispatchBody, ...] = ()
    people: Literal["none", "least_open"] = "none"
    needs_check: bool = False
    needs_answer: bool = True
    checked_by: tuple[str, ...] = ()
    reclassified_by: tuple[str, ...] = ()
    title: str = ""
    area_field: str = ""
    parts_from: str = ""
    papers: tuple[Label, ...] = ()
    same_day_flag: bool = False
    urgent_when: dict[str, tuple[str, ...]] = {}
    nameless_when: dict[str, tuple[str, ...]] = {}
    sensitive: bool = False
    statistics: dict[Literal["source", "trade", "reporter"], str] = {}

    @model_validator(mode="after")
    def _fields_are_there(self) -> TicketTypeBody:
        keys = [one.key for one in self.fields]
        if len(keys) != len(set(keys)):
            raise ValueError("two fields have the same key")
        named = {key for one in self.fields for key in one.when} | set(self.statistics.values())
        named |= {key for one in self.dispatch for key in one.when} | set(self.urgent_when) | set(self.nameless_when)
        named |= {self.area_field, self.parts_from} - {""}
        named |= {name for _text, name, _spec, _turn in Formatter().parse(self.title) if name}
        if named - set(keys):
            raise ValueError(f"no field {', '.join(sorted(named - set(keys)))}")
        return self

    def field(self, key: str) -> FieldBody | None:
        return next((one for one in self.fields if one.key == key), None)


class DepartmentBody(Body):
    """A department that the pack's work goes to."""

    clauses: tuple[str, ...] = ()
    label: Label
    order: int = 100


DEADLINES = section("deadlines", DeadlinesBody)
SERVICE, GENERAL = "service.deadline", "ticket.deadline"
SERVICE_HOURS = section("service_hours", HoursBody)
TICKET_TYPES = section("ticket_types", TicketTypeBody)
DEPARTMENTS = section("departments", DepartmentBody)
