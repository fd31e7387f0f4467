# SPDX-License-Identifier: Apache-2.0
"""After an upgrade that changed how texts become words: what stands in the index is put anew where its words differ."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction

from zuoxi.search.dialects import dialect, texts_of
from zuoxi.search.models import Entry, Respelling
from zuoxi.search.scoring import ALSO
from zuoxi.search.sounds import spoken
from zuoxi.search.words import SPELLING

PIECE = 1000


def respell(told: Callable[[int, int], None] = lambda _done, _total: None, *, again: bool = False) -> int:
    """Look through all entries, the oldest first, and put anew whose words differ; returns how many.

    Each piece is its own transaction; `told(up to which key, the last key)` may raise to stop, and the next run goes on
    there. Nothing to do where it was done; `again` looks through all of them once more.
    """
    mark, _made = Respelling.objects.get_or_create(spelling=SPELLING)
    if again:
        mark.upto, mark.done = 0, False
    last = Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    changed = 0
    while not mark.done:
        told(mark.upto, last)
        changed += _piece(mark)
    told(last, last)
    return changed


@transaction.atomic
def _piece(mark: Respelling) -> int:
    rows = Entry.objects.select_for_update().filter(pk__gt=mark.upto).order_by("pk")
    entries, count = list(rows[:PIECE]), 0
    for entry in entries:
        if entry.spelling != SPELLING and _differs(entry):
            dialect().take(entry)
            entry.spelling, entry.sound = SPELLING, _heard(entry)
            entry.save(update_fields=["spelling", "sound"])
            dialect().put(entry)
            count += 1
    mark.upto = entries[-1].pk if entries else mark.upto
    mark.done = len(entries) < PIECE
    mark.save()
    return count


def _heard(entry: Entry) -> str:
    """What is kept of an entry's sound, with what is kept of it today; "" where nothing is."""
    if not entry.sound:
        return ""
    today = spoken(entry.title, *entry.body.partition(ALSO)[2].split())
    return f" {' '.join(dict.fromkeys([*entry.sound.split(), *today.split()]))} "


def _differs(entry: Entry) -> bool:
    anew = Entry(title=entry.title, body=entry.body, sound=entry.sound, spelling=SPELLING)
    return texts_of(entry) != texts_of(anew)
