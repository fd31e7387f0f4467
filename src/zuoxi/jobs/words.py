# SPDX-License-Identifier: Apache-2.0
"""What a task says of itself while it runs and when it gives up, kept so that everybody reads it in his own language:
a worker does not know who will look."""

from __future__ import annotations

import json

from django.utils.translation import gettext


def told(text: str, **words: str | int) -> str:
    """A sentence (a msgid, marked with gettext_noop where it is written) with its words, as a job keeps it. A word may
    be such a sentence itself."""
    return json.dumps({"say": text, **words}, ensure_ascii=False)


def heard(kept: str) -> str:
    """The same in the reader's language; any other text as it stands."""
    if not kept.startswith('{"say":'):
        return kept
    try:
        said = json.loads(kept)
        text = gettext(said.pop("say"))
        return text % {key: heard(word) if isinstance(word, str) else word for key, word in said.items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        return kept
