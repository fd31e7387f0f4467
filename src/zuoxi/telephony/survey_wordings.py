# SPDX-License-Identifier: Apache-2.0
"""What callers were asked by key, as it was worded then: a handbook that asks otherwise changes no answer of before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from zuoxi.policy.entries import Label
from zuoxi.policy.selectors import site_handbook
from zuoxi.telephony.handbook import CallSurveyBody, survey_of
from zuoxi.telephony.models import Call, Queue
from zuoxi.telephony.page_models import SurveyWording


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and what so many points were called."""

    ask: Label
    keys: dict[int, Label]

    def named(self, points: int) -> str:
        """The bare number where no key had so many points."""
        return str(self.keys.get(points, points))


def _now(body: CallSurveyBody | None) -> list[dict[str, Any]]:
    """Where two keys are worth the same, the first one's words stand."""
    return [
        {
            "ask": [one.ask.zh, one.ask.en],
            "keys": {str(key.points): [key.label.zh, key.label.en] for key in reversed(one.keys)},
        }
        for one in (body.questions if body else ())
    ]


@transaction.atomic
def note_wordings(now: datetime) -> int:
    """Keep what every queue's callers are asked from now on, where it is another than before. Returns how many."""
    book, kept = site_handbook(), 0
    for queue in Queue.objects.select_for_update().filter(surveyed=True).order_by("pk"):
        questions = _now(survey_of(book, queue.survey))
        last = SurveyWording.objects.filter(queue=queue.code).order_by("-since", "-pk").first()
        if questions and (last is None or last.questions != questions):
            SurveyWording.objects.create(queue=queue.code, since=now, questions=questions)
            kept += 1
    return kept


def asked_in(call: Call, queue: Queue | None) -> Sequence[Asked]:
    """The questions as the call's queue asked them when it ended; those of today where no others are known."""
    rows = SurveyWording.objects.filter(queue=call.queue)
    at = call.ended_at or call.offered_at
    row = rows.filter(since__lte=at).order_by("-since", "-pk").first() or rows.order_by("since", "pk").first()
    told = row.questions if row else _now(survey_of(site_handbook(), queue.survey if queue else ""))
    return [
        Asked(_label(one["ask"]), {int(points): _label(words) for points, words in one["keys"].items()}) for one in told
    ]


def _label(words: Sequence[str]) -> Label:
    return Label(zh=words[0], en=words[1])
