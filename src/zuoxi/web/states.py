# SPDX-License-Identifier: Apache-2.0
"""The words for agent states; colour and icon follow from the code (frontend/src/styles/states.css)."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

STATE_LABELS: dict[str, str | Promise] = {
    "ready": pgettext_lazy("agent state", "Ready"),
    "ringing": pgettext_lazy("agent state", "Ringing"),
    "on_call": pgettext_lazy("agent state", "On call"),
    "wrap_up": pgettext_lazy("agent state", "Wrap-up"),
    "break": pgettext_lazy("agent state", "Break"),
    "meal": pgettext_lazy("agent state", "Meal"),
    "training": pgettext_lazy("agent state", "Training"),
    "not_ready": pgettext_lazy("agent state", "Not ready"),
    "unreachable": pgettext_lazy("agent state", "Unreachable"),
    "unknown": pgettext_lazy("agent state", "Unknown"),
    "signed_out": pgettext_lazy("agent state", "Signed out"),
    "alarm": _("Alarm"),
}


def state_label(state: str) -> str:
    """The word for a state; a code outside the vocabulary is shown as it is."""
    return str(STATE_LABELS.get(state, state))
