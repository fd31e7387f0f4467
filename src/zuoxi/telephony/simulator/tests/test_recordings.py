# SPDX-License-Identifier: Apache-2.0
"""Recordings of calls that nobody made: two channels, speech-like, the same for the same call, quick to make."""

import time
import wave
from datetime import date

import numpy as np
import pytest

from zuoxi.telephony.simulator.audio import RATE, conversation, write_recording
from zuoxi.telephony.simulator.centre import demo_centre
from zuoxi.telephony.simulator.day import MICRO, calls_of_half_hour, day_start
from zuoxi.telephony.simulator.engine import Engine
from zuoxi.telephony.simulator.happenings import Everyone
from zuoxi.telephony.simulator.history import Facts
from zuoxi.telephony.simulator.recordings import Recorder

CENTRE = demo_centre(7, calls=400)
DAY = date(2026, 11, 3)


def test_a_recording_is_a_two_channel_wave_file_of_the_asked_length(tmp_path):
    path = tmp_path / "2026-11-03" / "a.wav"
    size = write_recording(path, "a", 12.5)
    with wave.open(str(path)) as file:
        assert (file.getnchannels(), file.getframerate(), file.getsampwidth()) == (2, RATE, 2)
        assert file.getnframes() == int(12.5 * RATE)
    assert path.stat().st_size == size
    assert not list(tmp_path.rglob("*.part"))


def test_the_same_call_sounds_the_same_and_another_one_different():
    assert np.array_equal(conversation("a", 5), conversation("a", 5))
    assert not np.array_equal(conversation("a", 5), conversation("b", 5))


def test_caller_and_agent_take_turns_on_their_own_channels():
    sound = conversation("turns", 60).astype(float)
    loud = np.sqrt((sound.reshape(-1, RATE // 10, 2) ** 2).mean(axis=1)) > 200
    caller, agent = loud[:, 0], loud[:, 1]
    assert 0.2 < caller.mean() < 0.8 and 0.2 < agent.mean() < 0.8
    assert (caller & agent).mean() < 0.2
    assert agent[:20].any() and not caller[:8].any(), "the agent greets first"


def test_speech_has_its_power_in_the_telephone_band():
    spectrum = np.abs(np.fft.rfft(conversation("band", 30)[:, 1].astype(float))) ** 2
    hertz = np.fft.rfftfreq(30 * RATE, 1 / RATE)
    assert spectrum[(hertz > 90) & (hertz < 3400)].sum() / spectrum.sum() > 0.9


def test_a_minute_takes_less_than_thirty_milliseconds_to_make():
    conversation("warm", 60)
    best = min(_timed(f"call {i}") for i in range(9))
    assert best < 0.030


def _timed(call):
    began = time.perf_counter()
    conversation(call, 60)
    return time.perf_counter() - began


@pytest.fixture
def morning(tmp_path):
    facts, recorder = Facts("sim-1"), Recorder(tmp_path)
    Engine(CENTRE, DAY, Everyone([facts, recorder])).run(day_start(DAY) + 5 * 3600 * MICRO)
    recorder.close()
    return facts.told, recorder, tmp_path


def test_every_recording_that_stopped_lies_where_the_switch_said(morning):
    told, recorder, root = morning
    stopped = [fact.data["path"] for fact in told if fact.kind == "recording.stopped"]
    there = {str(path.relative_to(root)) for path in root.rglob("*.wav")}
    assert there <= set(stopped) and len(there) == recorder.written
    assert 0 <= len(stopped) - len(there) <= 3, "a few are missing on purpose"


def test_what_lies_there_is_as_long_as_the_conversation(morning):
    told, _, root = morning
    began = {fact.data["path"]: fact.at for fact in told if fact.kind == "recording.started"}
    short = 0
    for fact in told:
        if fact.kind == "recording.stopped" and (path := root / fact.data["path"]).exists():
            with wave.open(str(path)) as file:
                said = (fact.at - began[fact.data["path"]]).total_seconds()
                short += abs(file.getnframes() / RATE - said) > 0.1
    assert short <= 2


def test_about_one_recording_in_two_hundred_is_spoilt_on_purpose():
    centre = demo_centre(7)
    days = [date(2026, 11, day) for day in range(3, 10)]
    plans = [plan for day in days for half in range(48) for plan in calls_of_half_hour(centre, day, half)]
    assert 0.002 < sum(plan.spoilt != "" for plan in plans) / len(plans) < 0.009


def test_the_oldest_files_go_when_the_disk_budget_is_spent(tmp_path):
    facts, recorder = Facts("sim-1"), Recorder(tmp_path, budget=20_000_000)
    Engine(CENTRE, DAY, Everyone([facts, recorder])).run(day_start(DAY) + 5 * 3600 * MICRO)
    recorder.close()
    assert sum(path.stat().st_size for path in tmp_path.rglob("*.wav")) <= 20_000_000
    assert recorder.written > len(list(tmp_path.rglob("*.wav")))


def test_a_switch_that_ends_does_not_wait_for_recordings_for_long(tmp_path):
    recorder = Recorder(tmp_path)
    Engine(CENTRE, DAY, recorder).run(day_start(DAY) + 8 * 3600 * MICRO)
    recorder.close(within=0.0)
    assert recorder.skipped > 0
    assert recorder.written == len(list(tmp_path.rglob("*.wav")))
