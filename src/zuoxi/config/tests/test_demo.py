# SPDX-License-Identifier: Apache-2.0
"""The demo centre stands up from nothing, is whole, and standing up again changes nothing."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command

from zuoxi.config.demo import cast, month, proof, seed
from zuoxi.config.management.commands import demo
from zuoxi.events.models import Event
from zuoxi.people.models import Staff, User
from zuoxi.telephony.models import Call, Extension, Queue, QueueMembership, Recording, Switch
from zuoxi.telephony.simulator.centre import ZONE
from zuoxi.telephony.verify import verify
from zuoxi.web.roles import Role

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)


@pytest.fixture
def centre(db, settings, tmp_path):
    settings.HOME = settings.RECORDINGS = tmp_path
    password = seed.demo_password(tmp_path)
    seed.seed_people(NOON.date(), password)
    seed.seed_switch(15038)
    return password


def test_everybody_has_a_post_a_seat_and_a_sign_in(centre):
    assert Staff.objects.count() == cast.SEATS + len(cast.TEAMS) + len(cast.OFFICE)
    assert Extension.objects.count() == cast.SEATS
    assert Queue.objects.count() == 4
    assert User.objects.filter(is_active=True).count() == Staff.objects.count()
    shown = {role for role, _, _ in seed.sign_ins()}
    assert shown == {role.value for role in Role}
    for _, code, _ in seed.sign_ins():
        user = authenticate(None, username=code, password=centre)
        assert user is not None
        assert user.roles


def test_setting_up_twice_changes_nothing(centre, tmp_path):
    before = (Staff.objects.count(), QueueMembership.objects.count(), User.objects.count())
    seed.seed_people(NOON.date(), seed.demo_password(tmp_path))
    seed.seed_switch(15038)
    assert (Staff.objects.count(), QueueMembership.objects.count(), User.objects.count()) == before


def test_a_folder_that_was_moved_is_the_demo_where_it_stands_now(centre, settings, tmp_path):
    settings.HOME = settings.RECORDINGS = tmp_path / "elsewhere"
    switch = seed.seed_switch(15039)
    assert {switch.recordings_path, Switch.objects.get().recordings_path} == {str(tmp_path / "elsewhere")}
    assert switch.queue_log_path == str(tmp_path / "elsewhere/switch/queue_log")


def test_the_two_demos_do_not_share_a_home(centre):
    with pytest.raises(CommandError, match="the other demo"):
        call_command("demo", "--asterisk", "--no-serve", stderr=StringIO())


@pytest.mark.slow
def test_a_day_of_history_follows_from_its_ledger_and_is_not_made_twice(centre):
    told = []
    made = month.make_month(7, seed.SWITCH, NOON, 1, lambda done, total: told.append((done, total)))
    assert made == Event.objects.count() > 10_000
    assert told == [(1, 2), (2, 2)]
    assert Call.objects.filter(offered_at__gt=NOON).count() == 0
    assert Recording.objects.filter(status="expected", stopped_at__isnull=False).count() <= month.KEPT_FILES
    verdict = verify()
    assert verdict.sound, verdict.samples[:3]
    assert month.make_month(7, seed.SWITCH, NOON, 1, lambda done, total: None) == 0


def test_the_simulators_day_begins_at_four_in_the_morning():
    assert month.simulated_day(datetime(2026, 11, 19, 19, 59, tzinfo=UTC)).isoformat() == "2026-11-19"
    assert month.simulated_day(datetime(2026, 11, 19, 20, 1, tzinfo=UTC)).isoformat() == "2026-11-20"


def test_days_that_are_known_are_not_made_again(db):
    assert len(month.days_to_make(NOON, 30)) == 31
    assert month.days_to_make(NOON, 30)[-1] == NOON.date()
    assert month.days_to_make(NOON + timedelta(days=1), 0) == [NOON.date() + timedelta(days=1)]


def test_the_note_for_scripts_names_the_address_and_every_role(centre, tmp_path):
    path = seed.write_note(tmp_path, "http://127.0.0.1:8000/", centre)
    note = json.loads(path.read_text())
    assert path.stat().st_mode & 0o777 == 0o600
    assert len(note["sign_ins"]) == len(Role)


def test_the_ledger_command_says_sound_of_an_empty_centre(db, capsys):
    call_command("ledger", "verify", json=True)
    assert json.loads(capsys.readouterr().out)["sound"] is True


def at(*clock: int) -> datetime:
    return datetime(2026, 11, 23, *clock, tzinfo=ZONE)


def test_a_home_that_stands_is_not_gone_through_again_until_something_is_different(centre, tmp_path, settings):
    day = date(2026, 11, 23)
    made = proof.proof_of(day, at(9), 7, 30)
    assert not proof.stands(tmp_path, "simulator", made)
    proof.note_down(tmp_path, made)
    assert proof.stands(tmp_path, "simulator", made)
    assert proof.stands(tmp_path, "simulator", proof.proof_of(day, at(23), 7, 30))
    assert not proof.stands(tmp_path, "asterisk", made)
    for other in (
        proof.proof_of(date(2026, 11, 24), at(9), 7, 30),
        proof.proof_of(day, at(3, 59), 7, 30),
        proof.proof_of(day, at(9), 8, 30),
        proof.proof_of(day, at(9), 7, 31),
    ):
        assert not proof.stands(tmp_path, "simulator", other)
    settings.PACK = "chengdu"
    assert not proof.stands(tmp_path, "simulator", proof.proof_of(day, at(9), 7, 30))


def test_a_note_beside_another_database_proves_nothing(centre, tmp_path):
    made = proof.proof_of(date(2026, 11, 23), at(9), 7, 30)
    proof.note_down(tmp_path, made)
    (tmp_path / proof.NOTE).write_text(f"{made} 1\n")
    assert not proof.stands(tmp_path, "simulator", made)
    (tmp_path / proof.NOTE).write_bytes(b"\xff\xfe")
    assert not proof.stands(tmp_path, "simulator", made)
    proof.note_down(tmp_path, made)
    Switch.objects.update(kind="asterisk")
    assert not proof.stands(tmp_path, "simulator", made)


def test_a_home_made_of_another_handbook_is_gone_through_again(tmp_path, settings):
    settings.HANDBOOKS = tmp_path
    (tmp_path / "site").mkdir()
    file = tmp_path / "site" / "positions.yaml"
    file.write_text("positions: []\n")
    made = proof.proof_of(date(2026, 11, 23), at(9))
    assert made == proof.proof_of(date(2026, 11, 23), at(9))
    file.write_text("positions: [TSR]\n")
    assert made != proof.proof_of(date(2026, 11, 23), at(9))


def test_who_is_stopped_amid_furnishing_leaves_no_older_note_behind(centre, tmp_path, settings, monkeypatch):
    settings.HOME, settings.RECORDINGS = tmp_path, tmp_path / "recordings"
    made = proof.proof_of(date(2026, 11, 23), at(9), 7, 30)
    proof.note_down(tmp_path, made)
    monkeypatch.setattr("zuoxi.config.demo.furnish.furnish_all", _stopped)
    monkeypatch.setattr("zuoxi.config.demo.month.make_month", lambda *_: 0)
    with pytest.raises(KeyboardInterrupt):
        call_command("demo", no_serve=True, seed=8)
    assert not proof.stands(tmp_path, "simulator", made)


def _stopped(*_):
    raise KeyboardInterrupt


@pytest.mark.parametrize("stands", [True, False])
def test_only_a_home_that_does_not_stand_waits_for_every_page_to_be_checked(
    centre, tmp_path, settings, monkeypatch, stands
):
    settings.HOME, settings.RECORDINGS = tmp_path, tmp_path / "recordings"
    checked = []
    monkeypatch.setattr(demo.Command, "check", lambda *_, **__: checked.append(True))
    monkeypatch.setattr("zuoxi.config.demo.proof.stands", lambda *_: stands)
    monkeypatch.setattr("zuoxi.config.demo.furnish.furnish_all", lambda *_: None)
    monkeypatch.setattr("zuoxi.config.demo.month.make_month", lambda *_: 0)
    demo.Command(stderr=StringIO(), stdout=StringIO()).run_from_argv(["zuoxi", "demo", "--no-serve"])
    assert checked == ([] if stands else [True])


def test_a_home_that_stands_has_its_switch_where_it_was_moved_to(centre, settings, tmp_path):
    settings.HOME, settings.RECORDINGS = tmp_path, tmp_path / "recordings"
    seed.move_switch(15077)
    switch = Switch.objects.get()
    assert (switch.port, switch.recordings_path) == (15077, str(tmp_path / "recordings"))
    assert switch.queue_log_path.startswith(str(tmp_path))
