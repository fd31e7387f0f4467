# SPDX-License-Identifier: Apache-2.0
"""What the verbs of the audit chain are called; each package names its own (from its `access.py` or `menu.py`)."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise

_labels: dict[str, str | Promise] = {}


def name_verbs(labels: Mapping[str, str | Promise]) -> None:
    """Verb → the words people read."""
    _labels.update(labels)


def verb_label(verb: str) -> str | Promise:
    """The words for a verb; the verb itself where nobody named it."""
    return _labels.get(verb, verb)


def known_verbs() -> list[tuple[str, str | Promise]]:
    return sorted(_labels.items())
