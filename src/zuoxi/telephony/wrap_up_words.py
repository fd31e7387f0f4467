# SPDX-License-Identifier: Apache-2.0
"""What a call may have been about and how it may have ended, as the site's trade has it; a key without a name stands
as it is."""

from __future__ import annotations

from zuoxi.policy.entries import Section
from zuoxi.policy.selectors import site_handbook
from zuoxi.telephony.handbook import RESULTS, TOPICS, CallWordBody


def _words(of: Section[CallWordBody]) -> tuple[tuple[str, str], ...]:
    found = sorted(site_handbook().entries(of).items(), key=lambda one: (one[1].order, one[0]))
    return tuple((key, str(body.label)) for key, body in found)


def topics() -> tuple[tuple[str, str], ...]:
    """(key, name in the language of the page) of every topic, in its order."""
    return _words(TOPICS)


def results() -> tuple[tuple[str, str], ...]:
    """(key, name in the language of the page) of every way to end, in its order."""
    return _words(RESULTS)


def topic_name(key: str) -> str:
    return dict(topics()).get(key, key)


def result_name(key: str) -> str:
    return dict(results()).get(key, key)
