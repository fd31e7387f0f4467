# SPDX-License-Identifier: Apache-2.0
"""The sentences that the islands say, in the page's language."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext


def words() -> dict[str, str]:
    """Key (as the islands ask for it) → sentence; "{name}" is filled in by the island."""
    return {
        "confirm": _("Confirm"),
        "cancel": _("Cancel"),
        "request-failed": _("That did not work. Nothing was changed; please try again."),
        "request-refused": _("Your position does not allow this. Nothing was changed."),
        "live-network": _(
            "Not connected since {time}. What you see is from then; the phones keep working. Trying again…"
        ),
        "live-signed-out": _("Your session has ended. Sign in again to see live figures."),
        "live-refused": _("You may not watch this page live."),
        "job-waiting": _("Waiting for its turn"),
        "job-running": _("Working"),
        "job-done": _("Done"),
        "job-failed": _("Failed"),
        "job-cancelled": _("Cancelled"),
        "job-left-minutes": _("about {count} min left"),
        "job-left-seconds": _("about {count} s left"),
        "job-silent": _("No sign of life; it is begun anew soon."),
        "job-cancel": _("Stop the work"),
        "job-cancel-question": _("Stop this work? What is finished is kept, the rest is not done."),
        "phone-reachable": pgettext("telephone", "Reachable"),
        "phone-unreachable": pgettext("telephone", "Not reachable"),
        "phone-elsewhere": pgettext("telephone", "In another window"),
        "phone-none": pgettext("telephone", "No call"),
        "phone-ringing": pgettext("telephone", "Incoming call"),
        "phone-dialling": pgettext("telephone", "Calling"),
        "phone-talking": pgettext("telephone", "In call"),
        "phone-held": pgettext("telephone", "On hold"),
        "trouble-number": _("That is not a number that can be dialled."),
        "trouble-transfer": _("The transfer did not go through. The caller is still with you."),
        "trouble-microphone": _(
            "The browser may not use the microphone. Allow it in the address bar, then call again."
        ),
        "mic-good": _("The microphone works."),
        "mic-silent": _("The microphone gives no sound. Check the plug and the mute switch of the headset."),
        "mic-refused": _("The browser may not use the microphone. Allow it in the address bar."),
        "play-not-logged": _("The recording was not played, because the listening could not be written down."),
        "recording-absent": _("This recording is not here yet, or is no longer kept."),
        "play-failed": _("The recording cannot be played. It may still be on its way from the switch."),
    }
