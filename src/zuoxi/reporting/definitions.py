# SPDX-License-Identifier: Apache-2.0
"""What each figure is: numerator and denominator as sums of named measures, the readings, and the formula in words.

A change of meaning is a new version; the number beside a figure tells which meaning it was computed by.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from zuoxi.reporting.facts import WrongQuestion

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Reading:
    """Sums of measures; a leading "-" subtracts. No denominator: a plain count or sum."""

    formula: Text
    numerator: tuple[str, ...]
    denominator: tuple[str, ...] = ()
    needs_states: bool = False
    witness: tuple[str, ...] = ()
    """Measures without which the numerator is not known: where nobody wrote results down, nought is no success rate."""

    @property
    def measures(self) -> tuple[str, ...]:
        return tuple(name.removeprefix("-") for name in (*self.numerator, *self.denominator, *self.witness))


@dataclass(frozen=True, slots=True)
class Figure:
    """`unit`: count, s, %, /h or points. The first reading is the default. `exclusions` says what is left out."""

    id: str
    name: Text
    unit: str
    readings: Mapping[str, Reading]
    version: int = 1
    exclusions: Text = ""
    attribution: Text = field(default=_("The moment the caller entered the queue"))

    @property
    def default(self) -> str:
        return next(iter(self.readings))

    def reading(self, name: str | None) -> Reading:
        """Raise WrongQuestion for a reading it does not have."""
        try:
            return self.readings[name or self.default]
        except KeyError:
            known = ", ".join(self.readings)
            raise WrongQuestion(f"{self.id} has no reading {name!r}; it has {known}") from None


def _plain(id: str, name: Text, unit: str, formula: Text, *numerator: str, **extra: Text) -> Figure:
    return Figure(id, name, unit, {"sum": Reading(formula, numerator)}, **extra)  # type: ignore[arg-type]


_UNKNOWN_OUT: Final = _("Waits whose end is not known are left out and marked")
_CLOCK_OUT: Final = _("Times from a clock that jumped, and times that are not known, are left out")
_CALL_TIME: Final = _("The moment the call began")
_STATE_TIME: Final = _("Split at the borders of half-hours")
_SIGNED_IN: Final = (
    "ready_time",
    "ringing_time",
    "on_call_time",
    "wrap_time",
    "not_ready_time",
    "break_time",
    "meal_time",
    "training_time",
    "unreachable_time",
)
_AVAILABLE: Final = ("on_call_time", "wrap_time", "ready_time", "ringing_time")
_NET: Final = tuple(n for n in _SIGNED_IN if n not in ("break_time", "meal_time", "training_time"))

_CPH_ABOVE: Final[dict[str, tuple[Text, tuple[str, ...]]]] = {
    "handled": (_("(answered queue calls + connected outbound calls)"), ("answered", "outbound_connected")),
    "connected": (_("connected outbound calls"), ("outbound_connected",)),
    "success": (_("calls marked a success"), ("successes",)),
}
_CPH_BELOW: Final[dict[str, tuple[Text, tuple[str, ...]]]] = {
    "net": (_("(signed-in hours − break, meal, training)"), _NET),
    "signed_in": (_("signed-in hours"), _SIGNED_IN),
    "talk": (_("hours on calls"), ("on_call_time",)),
}


def _cph() -> Mapping[str, Reading]:
    return {
        f"{above}/{below}": Reading(
            format_lazy("{} ÷ {}", over, under),
            rows,
            hours,
            needs_states=True,
            witness=("judgements",) if above == "success" else (),
        )
        for above, (over, rows) in _CPH_ABOVE.items()
        for below, (under, hours) in _CPH_BELOW.items()
    }


def _time(id: str, name: Text, measure: str) -> Figure:
    reading = Reading(_("time in the state"), (measure,), needs_states=True)
    return Figure(id, name, "s", {"sum": reading}, attribution=_STATE_TIME)


FIGURES: Final = (
    _plain("offered", _("Offered"), "count", _("callers who entered a queue"), "offered", exclusions=_UNKNOWN_OUT),
    _plain("answered", _("Answered"), "count", _("waits that an agent ended by answering"), "answered"),
    _plain("abandoned", _("Abandoned"), "count", _("waits that the caller ended"), "abandoned"),
    _plain(
        "short_abandoned",
        _("Short abandoned"),
        "count",
        _("abandoned after less than the short threshold"),
        "short_abandoned",
    ),
    _plain("overflow", _("Overflowed"), "count", _("waits that ended elsewhere: time, menu, no agents"), "overflowed"),
    _plain(
        "closed",
        _("Outside hours"),
        "count",
        _("inbound calls that came outside opening hours"),
        "closed",
        attribution=_CALL_TIME,
    ),
    Figure(
        "service_level",
        _("Service level"),
        "%",
        {
            "offered_net": Reading(
                _("answered within the threshold ÷ (offered − short abandoned)"),
                ("answered_within",),
                ("settled", "-short_abandoned"),
            ),
            "answered_only": Reading(
                _("answered within the threshold ÷ answered"), ("answered_within",), ("answered",)
            ),
            "with_abandoned": Reading(
                _("(answered + abandoned within the threshold) ÷ (answered + abandoned)"),
                ("answered_within", "abandoned_within"),
                ("answered", "abandoned"),
            ),
            "offered": Reading(_("answered within the threshold ÷ offered"), ("answered_within",), ("settled",)),
        },
        exclusions=_("Callers still waiting and waits whose end is not known are in neither part"),
    ),
    Figure(
        "connect_rate",
        _("Answer rate"),
        "%",
        {
            "offered": Reading(_("answered ÷ offered"), ("answered",), ("settled",)),
            "offered_net": Reading(
                _("answered ÷ (offered − short abandoned)"), ("answered",), ("settled", "-short_abandoned")
            ),
        },
        exclusions=_("Callers still waiting and waits whose end is not known are in neither part"),
    ),
    Figure(
        "abandon_rate",
        _("Abandon rate"),
        "%",
        {
            "offered_net": Reading(
                _("(abandoned − short abandoned) ÷ (offered − short abandoned)"),
                ("abandoned", "-short_abandoned"),
                ("settled", "-short_abandoned"),
            ),
            "offered": Reading(_("abandoned ÷ offered"), ("abandoned",), ("settled",)),
        },
    ),
    Figure(
        "asa",
        _("Average speed of answer"),
        "s",
        {
            "answered_only": Reading(_("wait of the answered ÷ answered"), ("waited",), ("wait_known",)),
            "with_abandoned": Reading(
                _("wait of answered and abandoned ÷ (answered + abandoned)"),
                ("waited", "lost_waited"),
                ("wait_known", "lost_wait_known"),
            ),
        },
        exclusions=_CLOCK_OUT,
    ),
    Figure(
        "aht",
        _("Average handling time"),
        "s",
        {
            "with_wrap_up": Reading(
                _("(talk including hold + wrap-up) ÷ answered"), ("talked", "wrapped"), ("talk_known",), True
            ),
            "talk_only": Reading(_("talk including hold ÷ answered"), ("talked",), ("talk_known",)),
        },
        exclusions=_CLOCK_OUT,
    ),
    Figure(
        "talk",
        _("Average talk time"),
        "s",
        {"all": Reading(_("talk including hold ÷ answered"), ("talked",), ("talk_known",))},
        exclusions=_CLOCK_OUT,
    ),
    Figure(
        "hold",
        _("Average hold time"),
        "s",
        {"all": Reading(_("hold ÷ answered calls whose hold is known"), ("held",), ("hold_known",))},
        exclusions=_CLOCK_OUT,
    ),
    Figure(
        "wrap_up",
        _("Average wrap-up"),
        "s",
        {
            "per_answered": Reading(_("wrap-up ÷ answered"), ("wrapped",), ("answered",), True),
            "per_wrap_up": Reading(_("wrap-up ÷ number of wrap-ups"), ("wrapped",), ("wraps",), True),
        },
    ),
    Figure(
        "occupancy",
        _("Occupancy"),
        "%",
        {
            "handle": Reading(
                _("(on call + wrap-up) ÷ (on call + wrap-up + ready + ringing)"),
                ("on_call_time", "wrap_time"),
                _AVAILABLE,
                True,
            )
        },
        attribution=_STATE_TIME,
    ),
    Figure(
        "utilisation",
        _("Utilisation"),
        "%",
        {"signed_in": Reading(_("(on call + wrap-up + ready + ringing) ÷ signed in"), _AVAILABLE, _SIGNED_IN, True)},
        attribution=_STATE_TIME,
    ),
    Figure("cph", _("Calls per hour"), "/h", _cph(), exclusions=_("Time in an unknown state is left out and marked")),
    Figure(
        "success_rate",
        _("Success rate"),
        "%",
        {
            "handled": Reading(
                _("calls marked a success ÷ handled calls"),
                ("successes",),
                ("answered", "outbound_connected"),
                witness=("judgements",),
            ),
            "judged": Reading(_("calls marked a success ÷ calls marked either way"), ("successes",), ("judgements",)),
        },
        attribution=_CALL_TIME,
    ),
    _plain("outbound_dialled", _("Dialled"), "count", _("outbound calls"), "outbound_dialled", attribution=_CALL_TIME),
    _plain(
        "outbound_connected",
        _("Connected outbound"),
        "count",
        _("outbound calls that somebody answered"),
        "outbound_connected",
        attribution=_CALL_TIME,
    ),
    Figure(
        "outbound_connect_rate",
        _("Outbound connect rate"),
        "%",
        {"dialled": Reading(_("connected ÷ dialled"), ("outbound_connected",), ("outbound_settled",))},
        attribution=_CALL_TIME,
    ),
    Figure(
        "outbound_talk",
        _("Average outbound talk time"),
        "s",
        {"all": Reading(_("talk ÷ connected"), ("outbound_talked",), ("outbound_talk_known",))},
        attribution=_CALL_TIME,
        exclusions=_CLOCK_OUT,
    ),
    _plain(
        "transfers", _("Transfers"), "count", _("legs that began by a transfer"), "transferred", attribution=_CALL_TIME
    ),
    _plain(
        "ring_no_answer",
        _("Rings not answered"),
        "count",
        _("rings at an agent that he did not answer"),
        "unanswered_rings",
        attribution=_("The moment of the ring"),
    ),
    Figure(
        "survey_average",
        _("Survey average"),
        "points",
        {"mean": Reading(_("points ÷ calls rated"), ("survey_points",), ("surveyed",))},
        attribution=_CALL_TIME,
    ),
    _plain(
        "survey_asked",
        _("Asked by key"),
        "count",
        _("calls after which the caller was asked"),
        "survey_asked",
        attribution=_CALL_TIME,
    ),
    _plain(
        "survey_answered",
        _("Answered by key"),
        "count",
        _("calls that the caller rated"),
        "surveyed",
        attribution=_CALL_TIME,
    ),
    Figure(
        "caller_satisfaction",
        _("Satisfaction by key"),
        "%",
        {
            "satisfied": Reading(
                _("satisfied ÷ answers that say how satisfied"), ("survey_satisfied",), ("survey_said",)
            ),
            "with_fairly": Reading(
                _("(satisfied + fairly satisfied) ÷ answers that say how satisfied"),
                ("survey_satisfied", "survey_fairly"),
                ("survey_said",),
            ),
        },
        attribution=_CALL_TIME,
        exclusions=_("No key, another key and hanging up are no answer"),
    ),
    Figure(
        "survey_response_rate",
        _("Survey response rate"),
        "%",
        {
            "asked": Reading(_("calls rated ÷ calls asked"), ("surveyed",), ("survey_asked",)),
            "answered": Reading(_("calls rated ÷ answered calls"), ("surveyed",), ("queue_calls_answered",)),
        },
        version=2,
        attribution=_CALL_TIME,
    ),
    Figure(
        "signed_in_time",
        _("Signed-in time"),
        "s",
        {"sum": Reading(_("time in any state but signed out and unknown"), _SIGNED_IN, needs_states=True)},
        attribution=_STATE_TIME,
    ),
    _time("ready_time", _("Ready time"), "ready_time"),
    _time("on_call_time", _("On call time"), "on_call_time"),
    _time("wrap_up_time", _("Wrap-up time"), "wrap_time"),
    _time("not_ready_time", _("Not ready time"), "not_ready_time"),
    _time("break_time", _("Break time"), "break_time"),
    _time("meal_time", _("Meal time"), "meal_time"),
    _time("training_time", _("Training time"), "training_time"),
    _time("unreachable_time", _("Unreachable time"), "unreachable_time"),
)
BY_ID: Final = {figure.id: figure for figure in FIGURES}


def chosen(ids: Iterable[str]) -> tuple[Figure, ...]:
    """The figures of those ids in the given order, all when there are none; WrongQuestion for an unknown id."""
    wanted = tuple(ids)
    if unknown := [name for name in wanted if name not in BY_ID]:
        raise WrongQuestion(f"no such figure: {', '.join(unknown)}")
    return tuple(BY_ID[name] for name in wanted) if wanted else FIGURES


def reading_asked(text: str) -> tuple[str, str]:
    """(figure, reading) of "figure=reading", or of a reading of the service level alone; WrongQuestion for neither."""
    figure, _equals, reading = text.rpartition("=")
    (one,) = chosen([figure or "service_level"])
    one.reading(reading)
    return one.id, reading
