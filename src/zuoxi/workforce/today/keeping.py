# SPDX-License-Identifier: Apache-2.0
"""The day's outlook, kept every five minutes so that one sees later what was expected when."""

from __future__ import annotations

from datetime import datetime

import numpy as np

from zuoxi.policy.marks import records
from zuoxi.policy.selectors import site_handbook
from zuoxi.workforce.today.reading import Picture, picture_of
from zuoxi.workforce.today_models import IntradayOutlook


@records("SCH-013")
def keep_outlook(now: datetime) -> IntradayOutlook | None:
    """Look at the running day and keep what it is expected to reach; None where there is no queue."""
    picture = picture_of(now.astimezone(site_handbook().zone).date(), now)
    return kept(picture) if picture is not None else None


def kept(picture: Picture) -> IntradayOutlook:
    """The picture as a row."""
    service = [None if np.isnan(one) else round(float(one), 4) for one in picture.service_in_all()]
    made, _new = IntradayOutlook.objects.update_or_create(
        day=picture.day,
        made_at=picture.now.replace(second=0, microsecond=0),
        defaults={
            "service": service,
            "whole_day": picture.whole_day,
            "so_far": picture.so_far,
            "calls": float(picture.load.calls.sum()),
            "expected": float(picture.expected.sum()),
            "present": picture.load.present,
        },
    )
    return made
