# SPDX-License-Identifier: Apache-2.0
"""How long a recording is kept: dated figures of the site's handbook, judged without a clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.exceptions import ImproperlyConfigured

from zuoxi.policy.handbook import NoSuchEntry
from zuoxi.policy.selectors import site_handbook

DIRECTIONS = ("inbound", "outbound", "internal", "orphan")


@dataclass(frozen=True, slots=True)
class Rules:
    """The numbers in force on one day. `keep` is in days by direction, `whole_share` between 0 and 1."""

    keep: Mapping[str, int]
    whole_share: float
    seal: bool

    def keep_until(self, recorded_on: date, direction: str) -> date:
        """The last day on which the recording is kept; an unknown direction is kept longest."""
        days = self.keep.get(direction, max(self.keep.values()))
        return recorded_on + timedelta(days=days)

    def expired(self, keep_until: date, today: date) -> bool:
        """On its last day a recording is still kept."""
        return today > keep_until


def rules_on(day: date) -> Rules:
    """Raise ImproperlyConfigured when outbound proof would be kept shorter than it must be."""
    reading = site_handbook().on(day)
    try:
        keep = {name: reading.whole(f"recordings.keep.{name}") for name in DIRECTIONS}
        least = reading.whole("recordings.keep.least_outbound")
        whole, seal = reading.number("recordings.whole.share"), reading.flag("recordings.seal.at_rest")
    except NoSuchEntry as wrong:
        raise ImproperlyConfigured(str(wrong)) from wrong
    if keep["outbound"] < least:
        raise ImproperlyConfigured(f"recordings.keep.outbound: recordings must be kept {least} days at least")
    return Rules(keep, float(whole / 100), seal)
