# SPDX-License-Identifier: Apache-2.0
"""A shift as a strip of hours, drawn as SVG: its spans, the breaks and meals within."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from zuoxi.workforce.facts import PlannedPause, RosteredShift

WIDTH = 540  # half an hour is nine units; a strip reaches from midnight to six in the next morning
_MINUTE = WIDTH / (30 * 60)


def day_strip(shift: RosteredShift, pauses: Iterable[PlannedPause]) -> SafeString:
    """The strip; without words, because the row's cells say the same."""
    midnight = timezone.localtime(shift.starts_at).replace(hour=0, minute=0, second=0, microsecond=0)

    def x(moment: datetime) -> float:
        return round(((moment - midnight) / timedelta(minutes=1)) * _MINUTE, 1)

    parts = [f'<line class="hour" x1="{hour * 18}" x2="{hour * 18}" y1="0" y2="20"/>' for hour in range(0, 31, 3)]
    for start, end in shift.spans:
        parts.append(
            f'<rect class="plan" x="{x(start)}" y="3" width="{round(x(end) - x(start), 1)}" height="14" rx="2"/>'
        )
    for one in pauses:
        tone = "meal" if one.kind == "meal" else "away"
        width = max(round(x(one.ends_at) - x(one.starts_at), 1), 2)
        parts.append(f'<rect class="{tone}" x="{x(one.starts_at)}" y="3" width="{width}" height="14"/>')
    frame = f'<svg class="zx-hours" viewBox="0 0 {WIDTH} 20" preserveAspectRatio="none" aria-hidden="true">'
    return mark_safe(f"{frame}{''.join(parts)}</svg>")  # noqa: S308 - figures only
