# SPDX-License-Identifier: Apache-2.0
"""Finding, hearing and taking out recordings, through the door."""

import json
import time

import pytest

from zuoxi.telephony import recording_files
from zuoxi.telephony.models import Recording
from zuoxi.telephony.page_models import RecordingHold, RecordingPlay
from zuoxi.telephony.tests import factories as make
from zuoxi.telephony.views.streaming import Unsatisfiable, asked_range
from zuoxi.vault import services as vault
from zuoxi.vault.encryption import seal_file
from zuoxi.vault.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path, settings):
    settings.RECORDINGS = tmp_path / "recordings"
    settings.HOME = tmp_path
    settings.RECORDINGS.mkdir()
    return settings.RECORDINGS


@pytest.fixture
def quality(client):
    user = make.user("9003", "QAS")
    client.force_login(user)
    return user


def recorded(folder, seconds=2.0, channels=2, **fields):
    call = make.call(**fields)
    one = make.recording(call, status="complete", seconds=seconds)
    make.tone(folder / one.path, seconds, channels)
    return one


def body(response):
    return b"".join(response.streaming_content)


def plays():
    return AuditEntry.objects.filter(verb="telephony.recording.played")


def ticket(client, recording):
    return client.get(f"/recordings/{recording.pk}/").context["ticket"]


def test_the_whole_sound_comes_back_byte_for_byte(client, quality, folder):
    one = recorded(folder)
    answer = client.get(f"/recordings/{one.pk}/audio/")
    assert answer.status_code == 200
    assert answer["Accept-Ranges"] == "bytes"
    assert body(answer) == (folder / one.path).read_bytes()


@pytest.mark.parametrize(
    ("asked", "begin", "end"),
    [("bytes=0-0", 0, 1), ("bytes=100-199", 100, 200), ("bytes=63000-", 63000, 64044), ("bytes=-44", 64000, 64044)],
)
def test_a_range_brings_exactly_its_bytes(client, quality, folder, asked, begin, end):
    one = recorded(folder)
    answer = client.get(f"/recordings/{one.pk}/audio/", headers={"Range": asked})
    assert answer.status_code == 206
    assert answer["Content-Range"] == f"bytes {begin}-{end - 1}/64044"
    assert int(answer["Content-Length"]) == end - begin
    assert body(answer) == (folder / one.path).read_bytes()[begin:end]


def test_a_range_beyond_the_end_is_refused_and_not_taken_for_listening(client, quality, folder):
    one = recorded(folder)
    answer = client.get(f"/recordings/{one.pk}/audio/", headers={"Range": "bytes=64044-"})
    assert answer.status_code == 416
    assert answer["Content-Range"] == "bytes */64044"
    assert not plays().exists()


@pytest.mark.parametrize("nonsense", ["", "bytes=-", "bytes=5-2", "items=0-5", "bytes=0-1,3-4", "bytes=a-b"])
def test_a_range_without_sense_means_the_whole_file(nonsense):
    assert asked_range(nonsense, 100) is None


@pytest.mark.parametrize("outside", ["bytes=100-", "bytes=100-200", "bytes=-0"])
def test_a_range_outside_the_file_cannot_be_satisfied(outside):
    with pytest.raises(Unsatisfiable):
        asked_range(outside, 100)


@pytest.mark.clause("CALL-002", "SEC-009")
def test_listening_is_written_once_however_many_pieces_the_player_asks_for(client, quality, folder):
    one = recorded(folder)
    shown = ticket(client, one)
    assert not plays().exists()
    for start in (0, 1000, 2000):
        body(client.get(f"/recordings/{one.pk}/audio/?ticket={shown}", headers={"Range": f"bytes={start}-"}))
    entry = plays().get()
    assert (entry.who, entry.on_id) == ("9003", str(one.pk))
    body(client.get(f"/recordings/{one.pk}/audio/?ticket={ticket(client, one)}"))
    assert plays().count() == 2


def test_the_listening_is_in_the_chain_before_the_first_byte_is_read(client, quality, folder, monkeypatch):
    one = recorded(folder)
    seen = []
    read = recording_files.Audio.read
    monkeypatch.setattr(recording_files.Audio, "read", lambda *args: seen.append(plays().count()) or read(*args))
    body(client.get(f"/recordings/{one.pk}/audio/"))
    assert seen == [1]


def test_no_byte_flows_when_the_listening_cannot_be_written_down(client, quality, folder, monkeypatch):
    one = recorded(folder)

    def broken(*args, **kwargs):
        raise RuntimeError("the chain cannot be written")

    monkeypatch.setattr(vault, "record", broken)
    with pytest.raises(RuntimeError):
        client.get(f"/recordings/{one.pk}/audio/")
    assert not RecordingPlay.objects.exists()


def test_a_ticket_of_somebody_else_or_for_something_else_hides_nothing(client, quality, folder):
    one, other = recorded(folder), recorded(folder)
    foreign = ticket(client, other)
    for shown in (foreign, "forged", foreign[:-1] + "x"):
        body(client.get(f"/recordings/{one.pk}/audio/?ticket={shown}"))
        body(client.get(f"/recordings/{one.pk}/audio/?ticket={shown}"))
    assert plays().filter(on_id=str(one.pk)).count() == 6


def test_asking_only_for_the_length_is_not_listening(client, quality, folder):
    one = recorded(folder)
    answer = client.head(f"/recordings/{one.pk}/audio/")
    assert (answer.status_code, answer["Content-Length"]) == (200, "64044")
    assert not plays().exists()


@pytest.mark.clause("SEC-013")
def test_a_leader_hears_his_own_team_only(client, folder):
    ours = make.team("t1")
    make.person("1001", "TSR", ours)
    make.person("1002", "TSR", make.team("t2"))
    client.force_login(make.user("2001", "TSRL", ours))
    mine, other = recorded(folder, agent="1001"), recorded(folder, agent="1002")
    assert client.get(f"/recordings/{mine.pk}/audio/").status_code == 200
    for part in ("", "audio/", "peaks/"):
        assert client.get(f"/recordings/{other.pk}/{part}").status_code == 404, part


def test_an_agent_has_no_door_to_recordings_not_even_his_own(client, folder):
    client.force_login(make.user("1001", "TSR", make.team()))
    one = recorded(folder, agent="1001")
    for part in ("", "audio/", "peaks/"):
        assert client.get(f"/recordings/{one.pk}/{part}").status_code == 403, part


@pytest.mark.parametrize(
    "name",
    ["../secret.wav", "/etc/passwd", "2026/../../secret.wav", "..\\secret.wav", "", ".", "link.wav"],
)
def test_no_name_leads_out_of_the_recordings_folder(client, quality, folder, name):
    make.tone(folder.parent / "secret.wav", 1)
    (folder / "link.wav").symlink_to(folder.parent / "secret.wav")
    one = make.recording(make.call(), path="x", status="complete")
    Recording.objects.filter(pk=one.pk).update(path=name)
    assert client.get(f"/recordings/{one.pk}/audio/").status_code == 404
    assert not plays().exists()


def test_a_name_with_a_nought_byte_is_no_file(folder):
    assert recording_files.locate("a\x00b", [folder]) is None


@pytest.mark.parametrize(
    ("first", "last"), [(0, 43), (0, 9999), (70_000, 131_500), (65_536, 65_537), (190_000, 192_043)]
)
def test_an_encrypted_recording_plays_like_an_open_one(client, quality, folder, first, last):
    one = recorded(folder, seconds=6)
    path = folder / one.path
    plain = path.read_bytes()
    seal_file(path, path)
    assert path.read_bytes()[:4] != b"RIFF"
    answer = client.get(f"/recordings/{one.pk}/audio/", headers={"Range": f"bytes={first}-{last}"})
    assert body(answer) == plain[first : last + 1]
    assert answer["Content-Range"].endswith(f"/{len(plain)}")


def test_a_recording_whose_header_was_never_finished_plays_all_the_same(client, quality, folder):
    one = recorded(folder)
    whole = (folder / one.path).read_bytes()
    make.break_header(folder / one.path)
    assert body(client.get(f"/recordings/{one.pk}/audio/")) == whole


def test_a_file_that_is_no_sound_is_not_handed_out(client, quality, folder):
    one = recorded(folder)
    (folder / one.path).write_bytes(b"#!/bin/sh\n" * 100)
    assert client.get(f"/recordings/{one.pk}/audio/").status_code == 404


def test_ten_minutes_become_twelve_thousand_peaks_quickly(folder):
    path = make.tone(folder / "ten.wav", 600, 2)
    began = time.perf_counter()
    drawn = recording_files.peaks_of(recording_files.open_audio(path))
    assert time.perf_counter() - began < 1.0
    assert [len(one) for one in drawn["peaks"]] == [12_000, 12_000]
    assert drawn["seconds"] == 600
    assert max(drawn["peaks"][0]) == pytest.approx(12000 / 32768, abs=0.01)
    assert max(drawn["peaks"][1]) == 0


def test_peaks_are_kept_until_the_file_changes(client, quality, folder):
    one = recorded(folder)
    first = json.loads(client.get(f"/recordings/{one.pk}/peaks/").content)
    assert len(list((folder.parent / "peaks").glob("*/*.json"))) == 1
    make.tone(folder / one.path, 3.0, 2)
    second = json.loads(client.get(f"/recordings/{one.pk}/peaks/").content)
    assert (first["seconds"], second["seconds"]) == (2.0, 3.0)
    assert not plays().exists()


def test_taking_a_recording_out_needs_the_right_and_a_purpose(client, folder, quality):
    one = recorded(folder)
    assert client.post(f"/recordings/{one.pk}/download/", {"purpose": " "}).status_code == 422
    assert client.get(f"/recordings/{one.pk}/download/").status_code == 405
    answer = client.post(f"/recordings/{one.pk}/download/", {"purpose": "投诉调查 2026-11"})
    assert answer["Content-Disposition"].startswith("attachment")
    assert len(body(answer)) == 64044
    entry = AuditEntry.objects.get(verb="telephony.recording.downloaded")
    assert entry.purpose == "投诉调查 2026-11"
    client.force_login(make.user("9004", "QA"))
    assert client.post(f"/recordings/{one.pk}/download/", {"purpose": "投诉调查"}).status_code == 403


def test_a_hold_is_placed_and_lifted_with_reasons_that_stay_in_the_chain(client, quality, folder):
    one = recorded(folder)
    client.post(f"/recordings/{one.pk}/hold/", {"do": "place", "reason": "客户投诉，调查中"})
    assert RecordingHold.objects.get().path == one.path
    client.post(f"/recordings/{one.pk}/hold/", {"do": "lift", "reason": "调查结束"})
    assert not RecordingHold.objects.exists()
    verbs = AuditEntry.objects.order_by("id").values_list("verb", "purpose")
    assert list(verbs) == [
        ("telephony.recording.held", "客户投诉，调查中"),
        ("telephony.recording.released", "调查结束"),
    ]


def found(client, **asked):
    return {line.id for line in client.get("/recordings/", {"when": "all", **asked}).context["lines"]}


def test_recordings_are_found_by_agent_queue_length_state_score_and_number(client, quality, folder):
    make.queue("sales")
    make.queue("care")
    plain = make.recording(make.call(), status="complete", seconds=60)
    agent = make.recording(make.call(agent="1007"), status="complete", seconds=61)
    care = make.recording(make.call(queue="care"), status="complete", seconds=62)
    long = make.recording(make.call(), status="complete", seconds=900)
    missing = make.recording(make.call(), status="missing")
    praised = make.recording(make.call(survey_score=5), status="complete", seconds=63)
    his = make.recording(make.call(caller="13812345678"), status="complete", seconds=64)
    everything = {one.pk for one in (plain, agent, care, long, missing, praised, his)}
    assert found(client) == everything
    assert found(client, agent="1007") == {agent.pk}
    assert found(client, queue="care") == {care.pk}
    assert found(client, long_from="900") == {long.pk}
    assert found(client, status="missing") == {missing.pk}
    assert found(client, score_from="5") == {praised.pk}
    assert found(client, number="13812345678") == {his.pk}
    assert found(client, number="1381234") == set()


@pytest.mark.clause("CALL-001")
def test_what_is_wrong_with_recordings_is_counted_and_opens_its_rows(client, quality, folder):
    for status in ("complete", "short", "missing", "missing", "orphan"):
        make.recording(make.call(), status=status)
    page = client.get("/recordings/?when=all")
    counts = page.context["counts"]
    assert (counts["missing"], counts["short"], counts["orphan"]) == (2, 1, 1)
    drilled = client.get(f"/recordings/{page.context['links']['missing']}")
    assert [line.status for line in drilled.context["lines"]] == ["missing", "missing"]


@pytest.mark.parametrize("count", [1, 50])
def test_the_search_asks_at_most_fourteen_queries_however_many_rows(
    client, quality, folder, django_assert_max_num_queries, count
):
    for n in range(count):
        make.recording(make.call(agent=f"10{n:02d}"), status="complete", seconds=60 + n)
    with django_assert_max_num_queries(14):
        assert len(client.get("/recordings/?when=all").context["lines"]) == count


def test_a_missing_recording_has_a_page_that_says_why(client, quality, folder):
    one = make.recording(make.call(), status="missing")
    page = client.get(f"/recordings/{one.pk}/").content.decode()
    assert "无录音可查" in page


@pytest.mark.parametrize("sort", ["length", "-length", "at", "-at", "nonsense"])
def test_recordings_page_by_length_without_loss_even_where_it_is_not_known(client, quality, folder, sort):
    made = {
        make.recording(make.call(), status="complete", seconds=None if n % 5 == 0 else n % 4 + 0.25).pk
        for n in range(60)
    }
    first = client.get("/recordings/", {"when": "all", "sort": sort})
    second = client.get(f"/recordings/{first.context['pager']['next']}")
    one, other = ({line.id for line in page.context["lines"]} for page in (first, second))
    assert one | other == made
    assert not one & other


@pytest.mark.clause("CALL-001")
def test_the_share_that_is_whole_counts_what_was_checked_and_is_unknown_when_nothing_was(client, quality, folder):
    assert client.get("/recordings/?when=all").context["share"] is None
    for status in ("complete", "complete", "repaired", "short", "missing", "expected", "orphan", "deleted"):
        make.recording(make.call(), status=status)
    page = client.get("/recordings/?when=all")
    assert page.context["share"] == pytest.approx(3 / 5)
    assert "60.0%" in page.content.decode()
