# SPDX-License-Identifier: Apache-2.0
"""Names of the ways of forecasting as planners read them."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MODELS: dict[str, str | Promise] = {
    "profile_blend": _("Level and shape, slow and quick in the mean"),
    "profile_slow": _("Level and shape, slow"),
    "profile_quick": _("Level and shape, quick"),
    "mean_of_four_weeks": _("Mean of the last four weeks"),
    "seasonal_naive": _("The week before"),
}
CAUSES: dict[str, str | Promise] = {
    "spike": _("Far above anything usual"),
    "outage": _("No call where many are usual"),
    "closed": _("A whole day without a call"),
}


def model_name(code: str) -> str:
    return str(MODELS.get(code, code))


def cause_name(code: str) -> str:
    return str(CAUSES.get(code, code))
