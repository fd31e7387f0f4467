# SPDX-License-Identifier: Apache-2.0
"""Recordings against the truth: what the switch said it recorded, what lies on the disk, and who talked how long.

`check` finishes what a killed switch left behind, compares, and marks every row; `retain` deletes what has been kept
long enough. Both may run at any time, twice or by two workers: each row is settled by itself.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Final

import numpy as np
import structlog
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from zuoxi.policy.marks import enforces
from zuoxi.telephony import retention
from zuoxi.telephony.asterisk.audio import Broken, finish_folder, repair
from zuoxi.telephony.asterisk.audio.wav import header
from zuoxi.telephony.call_story import IMPORTED, NEVER
from zuoxi.telephony.models import Call, Leg, Queue, Recording
from zuoxi.telephony.page_models import RecordingHold
from zuoxi.telephony.recording_files import Audio, locate, open_audio, roots
from zuoxi.telephony.recording_spans import Due, dues
from zuoxi.vault import encryption
from zuoxi.vault import services as vault

log = structlog.get_logger(__name__)
Status = Recording.Status
BATCH: Final = 200
QUIET: Final = timedelta(seconds=60)
AGAIN_FOR: Final = timedelta(days=7)
_SIDES: Final = (("-in", "-out"), ("-caller", "-agent"), ("-r", "-t"))
_FROM_NAME: Final = re.compile(r"(?P<linked>[0-9]+\.[0-9]+)-.*-(?P<agent>[0-9]{2,12})$")


@dataclass(slots=True)
class Tally:
    """How many rows ended up how."""

    complete: int = 0
    repaired: int = 0
    short: int = 0
    missing: int = 0
    orphan: int = 0
    finished: int = 0
    joined: int = 0
    sealed: int = 0
    deleted: int = 0
    held: int = 0

    def as_dict(self) -> dict[str, int]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Round:
    """One look at the folders; `finished` are the files made whole just now from what nobody wrote any more."""

    folders: Sequence[Path]
    now: datetime
    tally: Tally
    finished: Set[Path] = frozenset()


@enforces("CALL-001")
def check(
    now: datetime, since: datetime | None = None, tell: Callable[[int, int], object] = lambda done, total: None
) -> Tally:
    """Settle every recording that ended at least a minute before `now`; `since` looks again at all from then on.

    `tell` hears how many of how many rows are settled.
    """
    tally = Tally()
    folders = roots()
    finished = frozenset(done.path for folder in folders if folder.is_dir() for done in finish_folder(folder))
    tally.finished = len(finished)
    rounds = Round(folders, now, tally, finished)
    waiting = _to_settle(now, since)
    for number, batch in enumerate(_in_batches(waiting)):
        tell(number * BATCH, len(waiting))
        _settle(batch, rounds)
    _never_recorded(now, since or now - AGAIN_FOR, tally)
    _orphans(folders, now, since, tally)
    return tally


def _to_settle(now: datetime, since: datetime | None) -> list[int]:
    over = Q(stopped_at__lt=now - QUIET) | Q(stopped_at=None, started_at__lt=now - timedelta(hours=4))
    ended = Call.objects.filter(pk=OuterRef("call_id"), ended_at__lt=now - QUIET)
    rows = Recording.objects.exclude(status=Status.DELETED).filter(over | Exists(ended))
    if since is None:
        open_still = Q(status=Status.EXPECTED) | Q(status=Status.ORPHAN, call_id__isnull=False)
        waited_for = Q(status__in=(Status.MISSING, Status.SHORT), started_at__gte=now - AGAIN_FOR)
        rows = rows.filter(open_still | waited_for)
    else:
        rows = rows.filter(started_at__gte=since)
    return list(rows.exclude(path__startswith=NEVER).order_by("pk").values_list("pk", flat=True))


def _in_batches(numbers: Sequence[int]) -> Iterator[list[Recording]]:
    for start in range(0, len(numbers), BATCH):
        yield list(Recording.objects.filter(pk__in=numbers[start : start + BATCH]))


def _settle(batch: Sequence[Recording], look: Round) -> None:
    rules = retention.rules_on(timezone.localdate(look.now))
    calls = Call.objects.in_bulk({one.call_id for one in batch if one.call_id})
    due = dues(batch)
    for one in batch:
        _look_at(one, due[one.pk], rules, look)
        call = calls.get(one.call_id or 0)
        day = timezone.localdate(one.started_at)
        one.keep_until = retention.rules_on(day).keep_until(day, call.direction if call else "orphan")
        one.checked_at = look.now
        setattr(look.tally, one.status, getattr(look.tally, one.status) + 1)
    fields = "status seconds channels size sha256 encrypted checked_at keep_until note".split()
    Recording.objects.bulk_update(batch, fields)


def _look_at(one: Recording, due: Due, rules: retention.Rules, look: Round) -> None:
    path = locate(one.path, look.folders) or _joined_sides(one.path, look.folders, look.tally)
    one.note = ""
    if path is None:
        one.status, one.seconds = Status.MISSING, None
        raw = locate(str(Path(one.path).with_suffix(".raw")), look.folders)
        one.note = (
            f"unfinished: {raw.stat().st_size} bytes of raw sound wait for room on the disk" if raw else "no file"
        )
        return
    try:
        audio, mended = _mended(path)
    except (Broken, encryption.Tampered) as error:
        one.status, one.seconds, one.note = Status.SHORT, Decimal(0), f"unreadable: {error}"[:200]
        return
    except OSError as error:
        one.status, one.note = Status.MISSING, f"cannot be opened: {error.strerror}"
        return
    # The switch told no end and left the raw file to us: it went down with the call.
    left_behind = path in look.finished and one.stopped_at is None
    was_mended = mended or left_behind or one.status == Status.REPAIRED
    one.seconds, one.channels, one.size = Decimal(f"{audio.seconds:.2f}"), audio.channels, audio.size
    least = due.least(rules.whole_share)
    if least is not None and audio.seconds < least:
        one.status, one.note = Status.SHORT, f"{audio.seconds:.1f} s of {due} s"
    else:
        one.status = Status.REPAIRED if was_mended else Status.COMPLETE
    one.sha256 = _fingerprint(audio)
    one.encrypted = audio.sealed
    if rules.seal and not audio.sealed:
        encryption.seal_file(path, path)
        one.encrypted = True
        look.tally.sealed += 1


def _mended(path: Path) -> tuple[Audio, bool]:
    """The sound, and whether its header had to be mended for it."""
    audio = open_audio(path)
    if audio.sealed or audio.whole:
        return audio, False
    try:
        repair(path)
    except OSError as error:  # a file of another user: it is played with its header mended on the way out
        log.warning("recording cannot be repaired in place", path=path.name, error=str(error))
        return audio, True
    return open_audio(path), True


def _fingerprint(audio: Audio) -> str:
    digest = hashlib.sha256()
    for piece in audio.read(0, audio.size):
        digest.update(piece)
    return digest.hexdigest()


def _joined_sides(name: str, folders: Sequence[Path], tally: Tally) -> Path | None:
    """The two mono files that a switch wrote instead of one, joined under the one name: caller left, agent right."""
    stem, dot, kind = name.rpartition(".")
    for left, right in _SIDES:
        caller = locate(f"{stem}{left}{dot}{kind}", folders)
        agent = locate(f"{stem}{right}{dot}{kind}", folders)
        if caller is not None and agent is not None:
            target = caller.with_name(Path(name).name)
            try:
                join(caller, agent, target)
            except Broken:
                return None
            tally.joined += 1
            return target
    return None


def join(caller: Path, agent: Path, target: Path) -> None:
    """Two mono files → one of two channels, the shorter side filled with silence; the two go when the one stands."""
    sides = [open_audio(repaired_in_place(side)) for side in (caller, agent)]
    if any(side.channels != 1 for side in sides) or sides[0].rate != sides[1].rate:
        raise Broken(f"{target.name}: the two sides are not two mono files of one rate")
    frames = max(side.frames for side in sides)
    draft = target.with_suffix(".part")
    with draft.open("wb") as out:
        out.write(header(frames, 2, sides[0].rate))
        for begin in range(0, frames, 1 << 20):
            count = min(1 << 20, frames - begin)
            stereo = np.zeros((count, 2), dtype="<i2")
            for column, side in enumerate(sides):
                first = min(begin, side.frames) * 2 + side.start
                last = min(begin + count, side.frames) * 2 + side.start
                samples = np.frombuffer(b"".join(side.read(first, last)), dtype="<i2")
                stereo[: len(samples), column] = samples
            out.write(stereo.tobytes())
    draft.replace(target)
    for side in sides:
        side.path.unlink()


def repaired_in_place(path: Path) -> Path:
    """The same file, its header mended if it was not finished."""
    if not open_audio(path).whole:
        repair(path)
    return path


def _never_recorded(now: datetime, since: datetime, tally: Tally) -> None:
    """Legs on recorded queues of which no recording was ever announced stand as missing, until one turns up."""
    recorded = list(Queue.objects.filter(recorded=True).values_list("code", flat=True))
    announced = Recording.objects.filter(call_id=OuterRef("call_id"), agent=OuterRef("agent")).exclude(
        path__startswith=NEVER
    )
    legs = Leg.objects.filter(queue__in=recorded, from_at__gte=since, to_at__lt=now - QUIET, talk_seconds__gt=0)
    legs = legs.exclude(call_id__in=Call.objects.filter(uid__contains=IMPORTED).values("pk"))
    with transaction.atomic():
        silent = list(legs.filter(~Exists(announced)))
        rules = retention.rules_on(timezone.localdate(now))
        rows = [
            Recording(
                path=f"{NEVER}{leg.call_id}-{leg.seq}",
                call_id=leg.call_id,
                agent=leg.agent,
                started_at=leg.from_at,
                stopped_at=leg.to_at,
                said_seconds=leg.talk_seconds,
                status=Status.MISSING,
                checked_at=now,
                keep_until=rules.keep_until(timezone.localdate(leg.from_at), "inbound"),
                note="never announced",
            )
            for leg in silent
        ]
        Recording.objects.bulk_create(rows, BATCH, ignore_conflicts=True)
        silent_now = {row.path for row in rows}
        stood = Recording.objects.filter(path__startswith=NEVER, started_at__gte=since)
        turned_up = [pk for pk, path in stood.values_list("pk", "path") if path not in silent_now]
        for start in range(0, len(turned_up), BATCH):
            Recording.objects.filter(pk__in=turned_up[start : start + BATCH]).delete()
    tally.missing += len(rows)


def _orphans(folders: Sequence[Path], now: datetime, since: datetime | None, tally: Tally) -> None:
    """Files that no row names: given to the call that their name tells of, else kept as orphans.

    Without `since`, folders in which nothing was added for a week are passed over.
    """
    quiet, stale = (now - QUIET).timestamp(), 0.0 if since else (now - AGAIN_FOR).timestamp()
    for folder in folders:
        names = [
            (path.relative_to(folder).as_posix(), path)
            for path in _sound_files(folder, stale)
            if path.stat().st_mtime < quiet
        ]
        for start in range(0, len(names), BATCH):
            _take_in(names[start : start + BATCH], now, tally)


def _sound_files(folder: Path, stale: float) -> Iterator[Path]:
    """WAV files below the folder, links left out; folders last changed before `stale` are not entered."""
    for entry in sorted(folder.iterdir()) if folder.is_dir() else []:
        if entry.is_symlink():
            continue
        if entry.is_dir() and entry.stat().st_mtime >= stale:
            yield from _sound_files(entry, stale)
        elif entry.suffix == ".wav" and entry.is_file():
            yield entry


def _take_in(names: Sequence[tuple[str, Path]], now: datetime, tally: Tally) -> None:
    known = set(Recording.objects.filter(path__in=[name for name, _ in names]).values_list("path", flat=True))
    for name, path in names:
        if name in known or len(name) > 200:
            continue
        call, agent = _owner(name)
        written = datetime.fromtimestamp(path.stat().st_mtime, tz=now.tzinfo)
        row = Recording(
            path=name,
            call_id=call.pk if call else None,
            agent=agent,
            started_at=call.answered_at or call.offered_at if call else written,
            status=Status.ORPHAN,
            note="found by its name" if call else "belongs to no call",
        )
        row.save()
        if call is not None:
            _settle([row], Round([path.parents[len(Path(name).parts) - 1]], now, tally))
            continue
        _describe(row, path, now)
        tally.orphan += 1


def _describe(row: Recording, path: Path, now: datetime) -> None:
    try:
        audio = open_audio(path)
        row.seconds, row.channels, row.size = Decimal(f"{audio.seconds:.2f}"), audio.channels, audio.size
        row.encrypted = audio.sealed
    except (Broken, encryption.Tampered) as error:
        row.note = f"unreadable: {error}"[:200]
    day = timezone.localdate(row.started_at)
    row.keep_until = retention.rules_on(day).keep_until(day, "orphan")
    row.checked_at = now
    row.save()


def _owner(name: str) -> tuple[Call | None, str]:
    """The call and the agent that our own way of naming files tells of."""
    found = _FROM_NAME.search(Path(name).stem)
    if not found:
        return None, ""
    calls = Call.objects.filter(uid__endswith=f"/{found['linked']}")[:2]
    return (calls[0], found["agent"]) if len(calls) == 1 else (None, "")


def retain(now: datetime) -> Tally:
    """Delete what has been kept long enough and is not held; each deletion is written into the audit chain."""
    tally = Tally()
    today = timezone.localdate(now)
    held = set(RecordingHold.objects.values_list("path", flat=True))
    folders = roots()
    rows = Recording.objects.filter(keep_until__lt=today).exclude(status=Status.DELETED)
    for batch in _in_batches(list(rows.order_by("pk").values_list("pk", flat=True))):
        for one in batch:
            if one.path in held:
                tally.held += 1
                continue
            _delete(one, folders, now)
            tally.deleted += 1
    return tally


@transaction.atomic
def _delete(one: Recording, folders: Sequence[Path], now: datetime) -> None:
    """The file goes last: if it cannot be removed, nothing was done and nothing is written."""
    kept_until = one.keep_until
    vault.record(
        "telephony.recording.deleted",
        on=("recording", one.pk),
        purpose="retention",
        at=now,
        path=one.path,
        sha256=one.sha256,
        kept_until=f"{kept_until:%Y-%m-%d}" if kept_until else "",
    )
    one.status, one.note = Status.DELETED, "retention"
    one.save(update_fields=["status", "note"])
    path = locate(one.path, folders)
    if path is not None:
        path.unlink()
