# SPDX-License-Identifier: Apache-2.0
"""What callers answered by key after the call: one call's questions, and counts of a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Avg, Count
from django.utils.translation import gettext as _

from zuoxi.policy.marks import shows
from zuoxi.telephony.call_search import SURVEYED
from zuoxi.telephony.models import Call, Queue
from zuoxi.telephony.survey_wordings import asked_in


@dataclass(frozen=True, slots=True)
class Answer:
    """A question that a caller was asked; `said` "": no key, another key, or he hung up."""

    ask: str
    said: str
    points: int | None


def answers_of(call: Call, queue: Queue | None) -> list[Answer]:
    """Every question asked after the call, in order, in the words that it was asked in."""
    if not call.survey_asked:
        return []
    questions = asked_in(call, queue)
    given = dict(_pair(piece) for piece in call.survey_answers.split())
    if call.survey_score is not None:
        given.setdefault(1, call.survey_score)
    found = []
    for number in range(1, call.survey_asked + 1):
        question, points = questions[number - 1] if number <= len(questions) else None, given.get(number)
        ask = str(question.ask) if question else _("Question %(number)s") % {"number": number}
        said = "" if points is None else question.named(points) if question else str(points)
        found.append(Answer(ask, said, points))
    return found


def _pair(piece: str) -> tuple[int, int]:
    number, _colon, points = piece.partition(":")
    return int(number), int(points)


@dataclass(frozen=True, slots=True)
class Keyed:
    """Calls of a time by what came of asking. `mean` of the points; None where nobody answered."""

    asked: int
    answered: int
    satisfied: int
    fairly_satisfied: int
    dissatisfied: int
    mean: float | None

    @property
    def response(self) -> float | None:
        return self.answered / self.asked if self.asked else None


@shows("FUP-006")
def keyed_between(first: datetime, until: datetime) -> Keyed:
    """Of calls that began in [first, until). One query."""
    rows = Call.objects.filter(offered_at__gte=first, offered_at__lt=until, survey_asked__isnull=False)
    names = ("asked", "answered", "satisfied", "fairly_satisfied", "dissatisfied")
    found = rows.aggregate(mean=Avg("survey_score"), **{name: Count("pk", filter=SURVEYED[name]) for name in names})
    mean = found.pop("mean")
    return Keyed(**found, mean=None if mean is None else float(mean))
