# SPDX-License-Identifier: Apache-2.0
"""Recordings against calls and disk, and the end of their keeping."""

import hashlib
import io
import json
import os
from datetime import date, timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import transaction

from zuoxi.events.facts import Record
from zuoxi.events.services import append
from zuoxi.policy.tests.amended import amend
from zuoxi.telephony import recordings, retention
from zuoxi.telephony.asterisk.audio import measure
from zuoxi.telephony.models import Call, Leg, Recording
from zuoxi.telephony.page_models import RecordingHold
from zuoxi.telephony.recording_files import open_audio
from zuoxi.telephony.tests import factories as make
from zuoxi.vault.encryption import is_sealed_file
from zuoxi.vault.models import AuditEntry

pytestmark = pytest.mark.django_db
NOW = make.MORNING + timedelta(hours=2)


@pytest.fixture
def folder(tmp_path, settings):
    settings.RECORDINGS = tmp_path / "recordings"
    settings.HOME = tmp_path
    settings.RECORDINGS.mkdir()
    make.queue("sales")
    return settings.RECORDINGS


@pytest.fixture
def handbook():
    """Change one figure of the recordings' rules: `handbook("keep.inbound", 10)`."""

    def set_value(name, value, since=date(2020, 1, 1)):
        amend(f"recordings.{name}", value, since)

    return set_value


def recorded(folder, seconds, talk=60, **fields):
    one = make.recording(make.call(talk_seconds=talk, **fields))
    if seconds is not None:
        make.tone(folder / one.path, seconds)
    return one


def status(one):
    one.refresh_from_db()
    return one.status


@pytest.mark.clause("CALL-001")
@pytest.mark.parametrize(
    ("talk", "held", "becomes"),
    [
        (60, 60, "complete"),
        (60, 58.8, "complete"),
        (60, 58.7, "short"),
        (300, 294, "complete"),
        (300, 293.9, "short"),
        (10, 9.0, "complete"),
        (10, 8.9, "short"),
        (60, 0, "short"),
        (60, None, "missing"),
        (60, 300, "complete"),
    ],
)
def test_a_recording_is_complete_from_ninety_eight_hundredths_of_its_talk_on(folder, talk, held, becomes):
    one = recorded(folder, held, talk)
    recordings.check(NOW)
    assert status(one) == becomes


def test_what_was_checked_knows_length_channels_size_and_fingerprint(folder):
    one = recorded(folder, 60)
    recordings.check(NOW)
    one.refresh_from_db()
    assert (float(one.seconds), one.channels, one.size) == (60.0, 1, 960_044)
    assert len(one.sha256) == 64
    assert one.checked_at == NOW
    assert one.keep_until == date(2027, 11, 20)


def test_a_header_that_a_killed_switch_left_is_mended_and_said_so(folder):
    one = recorded(folder, 60)
    make.break_header(folder / one.path)
    assert not measure(folder / one.path).sound
    tally = recordings.check(NOW)
    assert status(one) == "repaired"
    assert measure(folder / one.path).sound
    assert tally.repaired == 1


def test_a_mended_recording_stays_repaired_when_it_is_looked_at_again(folder):
    one = recorded(folder, 60)
    make.break_header(folder / one.path)
    recordings.check(NOW)
    recordings.check(NOW, since=make.MORNING - timedelta(days=1))
    assert status(one) == "repaired"


def test_a_mended_recording_that_lost_its_end_is_short_all_the_same(folder):
    one = recorded(folder, 40)
    make.break_header(folder / one.path)
    recordings.check(NOW)
    assert status(one) == "short"
    assert one.note == "40.0 s of 60 s"


def test_the_raw_stream_of_a_killed_switch_becomes_the_recording(folder):
    one = recorded(folder, None)
    raw = (folder / one.path).with_suffix(".raw")
    raw.parent.mkdir(parents=True)
    raw.write_bytes(b"\x01\x00\x02\x00" * 8000 * 60)
    os.utime(raw, (0, 0))
    tally = recordings.check(NOW)
    assert status(one) == "complete"
    assert tally.finished == 1
    assert open_audio(folder / one.path).channels == 2


def test_the_raw_stream_of_a_switch_that_told_no_end_is_said_to_be_repaired(folder):
    one = recorded(folder, None)
    Recording.objects.filter(pk=one.pk).update(stopped_at=None, started_at=NOW - timedelta(hours=5))
    raw = (folder / one.path).with_suffix(".raw")
    raw.parent.mkdir(parents=True)
    raw.write_bytes(b"\x01\x00\x02\x00" * 8000 * 60)
    os.utime(raw, (0, 0))
    recordings.check(NOW)
    assert status(one) == "repaired"


@pytest.mark.clause("CALL-001")
@pytest.mark.parametrize(("held", "becomes"), [(14.7, "complete"), (14.2, "short")])
def test_a_short_call_is_measured_by_the_microseconds_its_agent_stood_in_it(folder, held, becomes):
    """Fifteen seconds, whole: one of them may be rounding, and a file of fourteen would pass."""
    one = recorded(folder, held, 15)
    call = Call.objects.get(pk=one.call_id)
    joined = one.started_at + timedelta(microseconds=250_000)
    for kind, at in (("leg.joined", joined), ("leg.left", joined + timedelta(seconds=15))):
        data = {"channel": "PJSIP/1001-00000001", "bridge": "b"}
        key = hashlib.blake2b(kind.encode(), digest_size=16).digest()
        with transaction.atomic():
            append([Record("lab", key, kind, at, "ami", call.uid, one.agent, data)])
    recordings.check(NOW)
    assert status(one) == becomes
    if becomes == "short":
        one.refresh_from_db()
        assert one.note == "14.2 s of 15.0 s"


def test_two_mono_files_become_one_with_the_caller_left(folder):
    one = recorded(folder, None)
    stem = folder / one.path.removesuffix(".wav")
    make.tone(stem.with_name(stem.name + "-in.wav"), 60)
    make.tone(stem.with_name(stem.name + "-out.wav"), 30)
    tally = recordings.check(NOW)
    assert status(one) == "complete"
    assert tally.joined == 1
    assert sorted(path.name for path in folder.rglob("*") if path.is_file()) == [stem.name + ".wav"]
    from zuoxi.telephony.recording_files import peaks_of

    left, right = peaks_of(open_audio(folder / one.path))["peaks"]
    assert max(left[700:]) > 0.3
    assert max(right[700:]) == 0


def test_each_leg_of_a_transferred_call_is_measured_by_its_own_recording(folder):
    call = make.call(talk_seconds=100, agent="1001")
    Leg.objects.filter(call_id=call.pk).update(talk_seconds=40)
    later = call.answered_at + timedelta(seconds=40)
    Leg.objects.create(call_id=call.pk, seq=2, agent="1002", kind="transferred", from_at=later, talk_seconds=60)
    first = make.recording(call, agent="1001")
    second = make.recording(call, agent="1002", started_at=later)
    make.tone(folder / first.path, 40)
    make.tone(folder / second.path, 30)
    recordings.check(NOW)
    assert (status(first), status(second)) == ("complete", "short")


def test_two_parts_of_one_agent_are_each_measured_by_the_part_that_began_with_it(folder):
    call = make.call(talk_seconds=40, agent="1001")
    back = call.answered_at + timedelta(seconds=200)
    Leg.objects.create(call_id=call.pk, seq=2, agent="1001", kind="transferred", from_at=back, talk_seconds=10)
    first, second = make.recording(call), make.recording(call, started_at=back)
    make.tone(folder / first.path, 40)
    make.tone(folder / second.path, 10)
    recordings.check(NOW)
    assert (status(first), status(second)) == ("complete", "complete")


@pytest.mark.clause("CALL-001")
def test_a_talk_that_was_never_announced_as_recorded_stands_as_missing(folder):
    call = make.call()
    recordings.check(NOW)
    one = Recording.objects.get(call_id=call.pk)
    assert (one.status, one.note) == ("missing", "never announced")
    assert recordings.check(NOW).missing == 1
    assert Recording.objects.count() == 1


def test_a_late_announcement_takes_the_place_of_what_was_thought_missing(folder):
    call = make.call()
    recordings.check(NOW)
    one = make.recording(call)
    make.tone(folder / one.path, 60)
    recordings.check(NOW)
    assert [row.status for row in Recording.objects.all()] == ["complete"]


def test_a_queue_that_is_not_recorded_misses_nothing(folder):
    make.queue("private", recorded=False)
    make.call(queue="private")
    recordings.check(NOW)
    assert not Recording.objects.exists()


def test_a_call_that_is_still_up_is_not_judged_yet(folder):
    call = make.call(NOW - timedelta(seconds=90), talk_seconds=80)
    one = make.recording(call)
    recordings.check(NOW)
    assert status(one) == "expected"


def old(path):
    import os

    os.utime(path, (0, make.MORNING.timestamp()))
    return path


def test_a_file_that_belongs_to_no_call_is_an_orphan_with_its_length(folder):
    old(make.tone(folder / "2026-11-20" / "stray.wav", 12))
    tally = recordings.check(NOW)
    one = Recording.objects.get()
    assert (one.status, float(one.seconds), one.call_id) == ("orphan", 12.0, None)
    assert (tally.orphan, recordings.check(NOW).orphan) == (1, 0)


def test_a_file_whose_name_tells_of_its_call_is_given_back_to_it(folder):
    call = make.call(uid="lab-1/1763800000.42")
    old(make.tone(folder / "2026-11-20" / "1763800000.42-1763800000.44-1001.wav", 60))
    recordings.check(NOW)
    found = Recording.objects.exclude(path__startswith="never/").get()
    assert (found.call_id, found.agent, found.status) == (call.pk, "1001", "complete")


def test_a_file_that_came_late_makes_a_missing_recording_whole(folder):
    one = recorded(folder, None)
    recordings.check(NOW)
    assert status(one) == "missing"
    make.tone(folder / one.path, 60)
    recordings.check(NOW)
    assert status(one) == "complete"


def test_a_file_of_rubbish_is_short_and_says_it_cannot_be_read(folder):
    one = recorded(folder, 60)
    (folder / one.path).write_bytes(b"rubbish" * 100)
    recordings.check(NOW)
    assert status(one) == "short"
    assert one.note.startswith("unreadable")


def test_files_are_sealed_at_rest_when_the_handbook_says_so(folder, handbook):
    handbook("seal.at_rest", True)
    one = recorded(folder, 60)
    plain = (folder / one.path).read_bytes()
    assert recordings.check(NOW).sealed == 1
    assert (status(one), one.encrypted) == ("complete", True)
    assert is_sealed_file(folder / one.path)
    audio = open_audio(folder / one.path)
    assert b"".join(audio.read(0, audio.size)) == plain
    mark = one.sha256
    recordings.check(NOW, since=make.MORNING - timedelta(days=1))
    assert (status(one), one.sha256) == ("complete", mark)


def keep(one, until):
    Recording.objects.filter(pk=one.pk).update(keep_until=until, status="complete")


def test_on_its_last_day_a_recording_is_kept_and_on_the_next_it_goes(folder):
    one = recorded(folder, 60)
    keep(one, date(2026, 11, 20))
    assert recordings.retain(NOW).deleted == 0
    assert recordings.retain(NOW + timedelta(days=1)).deleted == 1
    assert status(one) == "deleted"
    assert not (folder / one.path).exists()


def test_every_deletion_is_in_the_audit_chain_with_its_fingerprint(folder):
    one = recorded(folder, 60)
    recordings.check(NOW)
    one.refresh_from_db()
    keep(one, date(2026, 1, 1))
    recordings.retain(NOW)
    entry = AuditEntry.objects.get(verb="telephony.recording.deleted")
    assert (entry.on_id, entry.purpose, entry.detail["sha256"]) == (str(one.pk), "retention", one.sha256)


def test_what_is_under_legal_hold_stays_however_old(folder):
    one = recorded(folder, 60)
    keep(one, date(2020, 1, 1))
    RecordingHold.objects.create(path=one.path, reason="投诉", placed_by="9003", placed_at=NOW)
    tally = recordings.retain(NOW)
    assert (tally.deleted, tally.held) == (0, 1)
    assert (folder / one.path).exists()


def test_a_file_that_cannot_be_removed_is_not_called_deleted(folder, monkeypatch):
    from pathlib import Path

    one = recorded(folder, 60)
    keep(one, date(2020, 1, 1))

    def refuse(self, missing_ok=False):
        raise PermissionError(self)

    monkeypatch.setattr(Path, "unlink", refuse)
    with pytest.raises(PermissionError):
        recordings.retain(NOW)
    assert status(one) == "complete"
    assert not AuditEntry.objects.filter(verb="telephony.recording.deleted").exists()


def test_directions_are_kept_as_long_as_the_rules_of_their_day_say(folder, handbook):
    handbook("keep.internal", 10, date(2026, 11, 21))
    before, after = retention.rules_on(date(2026, 11, 20)), retention.rules_on(date(2026, 11, 21))
    assert before.keep_until(date(2026, 11, 20), "internal") == date(2027, 2, 18)
    assert after.keep_until(date(2026, 11, 21), "internal") == date(2026, 12, 1)


def test_outbound_proof_may_not_be_kept_shorter_than_thirty_days(handbook):
    handbook("keep.outbound", 29, date(2026, 1, 1))
    with pytest.raises(ImproperlyConfigured):
        retention.rules_on(date(2026, 11, 20))
    assert retention.rules_on(date(2025, 12, 31)).keep["outbound"] == 365


def test_a_direction_nobody_knows_is_kept_longest():
    rules = retention.rules_on(date(2026, 11, 20))
    assert rules.keep_until(date(2026, 11, 20), "?") == date(2027, 11, 20)


def test_the_command_prints_what_became_of_the_rows(folder, time_machine):
    time_machine.move_to(NOW, tick=False)
    recorded(folder, 60)
    recorded(folder, 10)
    out = io.StringIO()
    call_command("recordings", "check", "--json", stdout=out)
    counts = json.loads(out.getvalue())
    assert (counts["complete"], counts["short"]) == (1, 1)


def test_an_imported_call_misses_no_recording(folder):
    make.call(uid="lab-import/00ff")
    recordings.check(NOW)
    assert not Recording.objects.exists()


def test_folders_in_which_nothing_was_added_for_a_week_are_looked_at_only_when_asked(folder):
    import os

    old(make.tone(folder / "2026-11-01" / "stray.wav", 3))
    long_ago = (NOW - timedelta(days=9)).timestamp()
    os.utime(folder / "2026-11-01" / "stray.wav", (long_ago, long_ago))
    os.utime(folder / "2026-11-01", (long_ago, long_ago))
    assert recordings.check(NOW).orphan == 0
    assert recordings.check(NOW, since=NOW - timedelta(days=30)).orphan == 1
