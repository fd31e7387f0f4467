# SPDX-License-Identifier: Apache-2.0
"""Opening hours as a look-up: the day is the extension, so a holiday is one line and needs no chain of tests."""

import datetime as dt

from .plan import Hours, Number, SwitchPlan
from .text import ConfFile

_WEEKDAYS = ("", "mon", "tue", "wed", "thu", "fri", "sat", "sun")


def hours_context(conf: ConfFile, plan: SwitchPlan, number: Number) -> None:
    """``zuoxi-hours-<number>``: a subroutine whose return value is ``open`` or ``closed``."""
    conf.section(f"zuoxi-hours-{number.number}")
    conf.steps("s", [f"Goto(${{STRFTIME(${{EPOCH}},{plan.zone},%Y%m%d)}},1)"])
    for special in sorted(number.special_days, key=lambda day: day.day):
        steps = [_when(opens, closes, "*", plan.zone) for opens, closes in special.hours]
        if special.greeting:
            steps.append(f"Set(ZX_CLOSED={special.greeting})")
        conf.steps(f"{special.day:%Y%m%d}", [*steps, "Return(closed)"])
    if number.hours is None:
        ordinary = ["Return(open)"]
    else:
        ordinary = [*(line for hours in number.hours for line in _weekly(hours, plan.zone)), "Return(closed)"]
    conf.steps("_XXXXXXXX", ordinary)
    conf.steps("open", ["Return(open)"])


def _weekly(hours: Hours, zone: str) -> list[str]:
    return [_when(hours.opens, hours.closes, days, zone) for days in _runs(hours.days)]


def _runs(days: tuple[int, ...]) -> list[str]:
    """(1,2,3,6) → ["mon-wed", "sat"]."""
    runs: list[list[int]] = []
    for day in sorted(set(days)):
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return [_WEEKDAYS[run[0]] if len(run) == 1 else f"{_WEEKDAYS[run[0]]}-{_WEEKDAYS[run[-1]]}" for run in runs]


def _when(opens: dt.time, closes: dt.time, weekdays: str, zone: str) -> str:
    """The switch's time ranges include their last minute; ours end before ``closes``."""
    end = (closes.hour * 60 + closes.minute - 1) % 1440
    return f"GotoIfTime({opens:%H:%M}-{end // 60:02d}:{end % 60:02d},{weekdays},*,*,{zone}?open,1)"
