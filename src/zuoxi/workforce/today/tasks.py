# SPDX-License-Identifier: Apache-2.0
"""The outlook of the running day, every five minutes; what a day needs where people serve several queues."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from zuoxi.jobs.registry import cron, task
from zuoxi.jobs.running import GiveUp, Run
from zuoxi.jobs.words import told
from zuoxi.workforce.today.keeping import keep_outlook

TOGETHER, PLAY = "workforce.together", "workforce.intraday.play"
NOTHING = {
    "calls": gettext_noop("No calls are expected on this day."),
    "people": gettext_noop("Nobody serves the queues that the calls come to."),
}


@task("workforce.intraday", _("Outlook of the running day"))
def outlook(_run: Run) -> dict[str, Any]:
    """Look at the day and keep what it is expected to reach."""
    made = keep_outlook(timezone.now())
    return {"service": made.whole_day if made else None}


@task(TOGETHER, _("What a day needs, queues taken together"), lease=300, attempts=2)
def together(run: Run, day: str) -> dict[str, Any]:
    """Agents by half hour found by playing the day, beside the sum of what each queue needs for itself."""
    from zuoxi.workforce.today.skilled import NothingNeeded, skilled_need

    try:
        found = skilled_need(date.fromisoformat(day), progress=run.progress)
    except NothingNeeded as nothing:
        raise GiveUp(told(NOTHING[str(nothing)])) from nothing
    return {
        "together": [int(one) for one in found.together],
        "apart": [int(one) for one in found.apart],
        "met": float(found.met),
        "unserved": list(found.unserved),
        "groups": [
            [list(queues), people, [int(one) for one in agents]]
            for (queues, people), agents in zip(found.groups, found.agents, strict=True)
        ],
        "result_url": f"{reverse('workforce:staffing')}?day={day}#together",
    }


def play_key(user_id: int, day: date) -> str:
    return f"{PLAY}:{user_id}:{day}"


@task(PLAY, _("Proposals of the running day played call by call"), lease=300, attempts=2)
def play(run: Run) -> dict[str, Any]:
    """What the play says of each proposal within the asker's reach, each sealed at the moment it was made for."""
    from zuoxi.workforce.today.deciding import sealed
    from zuoxi.workforce.today.limits import Reach
    from zuoxi.workforce.today.playing import as_played, played_through
    from zuoxi.workforce.today.proposing import proposals_of
    from zuoxi.workforce.today.reading import picture_of
    from zuoxi.workforce.visibility import movable_staff

    now = timezone.now()
    today = timezone.localdate(now)
    user = get_user_model().objects.filter(pk=run.job.asked_by or 0, is_active=True).first()
    picture = picture_of(today, now)
    if user is None or picture is None:
        return {"made_at": now.isoformat(), "played": []}
    found = played_through(picture, proposals_of(picture, Reach(*movable_staff(user, today))), run.progress)
    made = [(as_played(one, said), said.sure) for one, said in found]
    return {
        "made_at": now.isoformat(),
        "played": [{"said": one.as_json(), "sure": bool(sure), "seal": sealed(one)} for one, sure in made],
        "result_url": f"{reverse('workforce:intraday')}?play=1#proposals",
    }


cron("workforce.intraday", "*/5 * * * *", "workforce.intraday")
