# SPDX-License-Identifier: Apache-2.0
"""Putting things into the index and taking them out, in the caller's own transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from itertools import islice

from django.db import transaction

from zuoxi.search.dialects import dialect
from zuoxi.search.facts import Doc
from zuoxi.search.models import Entry
from zuoxi.search.respelling import respell
from zuoxi.search.scoring import ALSO
from zuoxi.search.sounds import spoken
from zuoxi.search.words import SPELLING

BATCH = 500
__all__ = ["Doc", "drop", "index", "index_docs", "reindex", "respell"]


def index(
    kind: str,
    ref: str | int,
    title: str,
    body: str = "",
    *,
    scopes: Sequence[str] = (),
    called: Sequence[str] = (),
    weight: int = 0,
    at: datetime | None = None,
    forgiving: bool = False,
) -> None:
    """Let a thing be found, or found by its new words. The same words again change nothing.

    `forgiving` also keeps how the title and the other names sound, for kinds of some thousand things (knowledge).
    """
    index_docs([Doc(kind, str(ref), title, body, tuple(scopes), tuple(called), weight, at, forgiving)])


@transaction.atomic
def index_docs(docs: Iterable[Doc]) -> int:
    """Many at once; a later one of the same kind and key wins. Returns how many."""
    count = 0
    rest = iter({(one.kind, one.ref): one for one in docs}.values())
    while batch := list(islice(rest, BATCH)):
        _put(batch)
        count += len(batch)
    return count


def _put(docs: list[Doc]) -> None:
    held: dict[tuple[str, str], Entry] = {}
    for kind in {one.kind for one in docs}:
        refs = [one.ref for one in docs if one.kind == kind]
        for entry in Entry.objects.select_for_update().filter(kind=kind, ref__in=refs).order_by("pk"):
            held[kind, entry.ref] = entry
    fresh = [_entry(one) for one in docs if (one.kind, one.ref) not in held]
    if fresh:
        dialect().add(fresh)
    for one in docs:
        known = held.get((one.kind, one.ref))
        if known is not None:
            _change(known, _entry(one))


def _entry(doc: Doc) -> Entry:
    sound = spoken(doc.title, *doc.called) if doc.forgiving else ""
    body = f"{doc.body} {ALSO} {' '.join(doc.called)}" if doc.called else doc.body
    return Entry(
        kind=doc.kind,
        ref=doc.ref,
        title=doc.title.replace("\x00", "")[:200],
        body=body.replace("\x00", ""),
        scopes=sorted(set(doc.scopes)),
        sound=sound,
        weight=max(-30_000, min(doc.weight, 30_000)),
        at=doc.at,
        spelling=SPELLING,
    )


_OF_WORDS = ("title", "body", "scopes", "sound", "spelling")


def _change(held: Entry, new: Entry) -> None:
    same = all(getattr(held, name) == getattr(new, name) for name in _OF_WORDS)
    if not same:
        dialect().take(held)
    for name in (*_OF_WORDS, "weight", "at"):
        setattr(held, name, getattr(new, name))
    held.save()
    if not same:
        dialect().put(held)


@transaction.atomic
def drop(kind: str, ref: str | int) -> None:
    """Let a thing no longer be found; one that is not there is no mistake."""
    _take(list(Entry.objects.select_for_update().filter(kind=kind, ref=str(ref))))


def _take(entries: list[Entry]) -> None:
    for entry in entries:
        dialect().take(entry)
    Entry.objects.filter(pk__in=[entry.pk for entry in entries]).delete()


def reindex(kind: str, docs: Iterable[Doc], told: Callable[[int], None] | None = None) -> int:
    """Take every entry of a kind out and put `docs` in (oldest first: the newest is found first). Each batch is its
    own transaction, so that a long run holds nobody up; `told` hears how many stand. Run it again when it broke off."""
    while batch := list(Entry.objects.filter(kind=kind)[:BATCH]):
        with transaction.atomic():
            _take(batch)
    count = 0
    rest = iter(docs)
    while batch_of_docs := list(islice(rest, BATCH)):
        count += index_docs(batch_of_docs)
        if told is not None:
            told(count)
    return count
