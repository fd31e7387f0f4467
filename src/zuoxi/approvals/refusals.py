# SPDX-License-Identifier: Apache-2.0
"""Why something could not be done with a request, with the nearest remedy in words."""

from __future__ import annotations

from django.utils.functional import Promise

from zuoxi.policy.findings import Finding

Text = str | Promise


class NotDone(ValueError):
    """What stood in the way (`message`), and what to do about it (`remedy`)."""

    def __init__(self, message: Text, remedy: Text = "") -> None:
        super().__init__(str(message))
        self.message, self.remedy = message, remedy


class Refused(NotDone):
    """The rules forbid the request; `finding` says which and why."""

    def __init__(self, finding: Finding, remedy: Text = "") -> None:
        super().__init__(str(finding.why), remedy)
        self.finding = finding


class Overtaken(NotDone):
    """Somebody was quicker, or the request has moved on meanwhile."""


class NotYours(NotDone):
    """Another one decides here now."""
