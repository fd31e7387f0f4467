# SPDX-License-Identifier: Apache-2.0
"""What the keys of a wrap-up are called. Who draws the form tells it at start; a key without a name stands as it is."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.functional import Promise

Label = str | Promise
_topics: dict[str, Label] = {}
_results: dict[str, Label] = {}


def name_wrap_ups(topics: Iterable[tuple[str, Label]], results: Iterable[tuple[str, Label]]) -> None:
    """Names of the topics and results that an agent can choose."""
    _topics.update(topics)
    _results.update(results)


def topic_name(key: str) -> str:
    return str(_topics.get(key, key))


def result_name(key: str) -> str:
    return str(_results.get(key, key))
