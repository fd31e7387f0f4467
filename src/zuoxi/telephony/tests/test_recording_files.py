# SPDX-License-Identifier: Apache-2.0
import os
import shutil
import struct
import subprocess
import sys
import time
import wave
from array import array
from pathlib import Path

import pytest

from zuoxi.telephony.asterisk.audio import Broken, finish, finish_folder, measure, music, prompts, repair
from zuoxi.telephony.asterisk.audio.finishing import SWITCH_COMMAND
from zuoxi.telephony.asterisk.audio.wav import header

ROOT = Path(__file__).resolve().parents[4]


def raw_file(path, frames=16000, agent=1000, caller=-2000):
    """As the switch writes it on the agent's channel: the agent first."""
    path.write_bytes(array("h", [agent, caller] * frames).tobytes())
    return path


def sides(path):
    with wave.open(str(path)) as file:
        samples = array("h", file.readframes(file.getnframes()))
        return file.getnchannels(), set(samples[0::2]), set(samples[1::2])


def test_a_finished_recording_has_the_caller_left_and_the_agent_right(tmp_path):
    done = finish(raw_file(tmp_path / "a.raw"))
    assert sides(done.path) == (2, {-2000}, {1000})
    assert done.seconds == 2.0
    assert not (tmp_path / "a.raw").exists()


@pytest.mark.skipif(shutil.which("perl") is None, reason="the switch's own finishing command needs perl")
@pytest.mark.parametrize("frames", [1, 7999, 300_001])
def test_the_switchs_own_command_writes_the_same_bytes(tmp_path, frames):
    command = tmp_path / "finish-recording"
    command.write_text(SWITCH_COMMAND)
    first, second = raw_file(tmp_path / "x.raw", frames), raw_file(tmp_path / "y.raw", frames)
    subprocess.run(["perl", command, first], check=True)
    finish(second)
    assert (tmp_path / "x.wav").read_bytes() == (tmp_path / "y.wav").read_bytes()
    assert not first.exists()


@pytest.mark.skipif(shutil.which("perl") is None, reason="the switch's own finishing command needs perl")
def test_the_switchs_command_touches_nothing_that_is_no_raw_recording(tmp_path):
    command, other = tmp_path / "finish-recording", tmp_path / "keep.txt"
    command.write_text(SWITCH_COMMAND)
    other.write_text("keep")
    assert subprocess.run(["perl", command, other], check=False).returncode == 2
    assert other.read_text() == "keep"


def test_a_raw_file_cut_in_the_middle_of_a_frame_loses_only_that_frame(tmp_path):
    raw = raw_file(tmp_path / "a.raw", frames=8000)
    raw.write_bytes(raw.read_bytes()[:-1])
    assert finish(raw).seconds == pytest.approx(7999 / 8000)
    assert measure(tmp_path / "a.wav").sound


def test_what_a_killed_switch_left_is_finished_once_it_is_quiet_and_empty_files_go(tmp_path):
    old, empty, growing = (raw_file(tmp_path / name) for name in ("old.raw", "empty.raw", "growing.raw"))
    empty.write_bytes(b"")
    for file in (old, empty):
        os.utime(file, (1, 1))
    assert [done.path.name for done in finish_folder(tmp_path)] == ["old.wav"]
    assert growing.exists()
    assert not empty.exists()


def test_a_recording_that_the_switch_still_has_open_is_left_alone_however_silent_it_is(tmp_path):
    raw = raw_file(tmp_path / "silent.raw")
    os.utime(raw, (time.time() - 3600,) * 2)
    with raw.open("ab"):
        assert list(finish_folder(tmp_path)) == []
    os.utime(raw, (time.time() - 3600,) * 2)
    assert [done.path.name for done in finish_folder(tmp_path)] == ["silent.wav"]


def test_a_header_that_was_never_closed_is_mended_and_the_audio_kept(tmp_path):
    file = tmp_path / "broken.wav"
    audio = array("h", range(1000)).tobytes()
    file.write_bytes(header(0, channels=1) + audio)
    assert not measure(file).sound
    mended = repair(file)
    assert mended.sound
    assert mended.seconds == 1000 / 8000
    with wave.open(str(file)) as read:
        assert read.readframes(2000) == audio


def test_repairing_a_sound_file_changes_nothing(tmp_path):
    file = tmp_path / "good.wav"
    file.write_bytes(music(5))
    before = file.read_bytes()
    repair(file)
    assert file.read_bytes() == before


def test_length_is_counted_from_the_bytes_not_from_what_the_header_promises(tmp_path):
    file = tmp_path / "lying.wav"
    file.write_bytes(header(80_000, channels=2) + bytes(4 * 8000))
    assert measure(file).seconds == 1.0
    assert not measure(file).sound


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"RIFF",
        b"x" * 100,
        header(0, 1)[:36] + b"none" + bytes(100),
        header(0, 1).replace(struct.pack("<H", 1), struct.pack("<H", 7), 1) + bytes(10),
    ],
)
def test_what_is_no_pcm_sound_is_called_broken(tmp_path, data):
    file = tmp_path / "x.wav"
    file.write_bytes(data)
    with pytest.raises(Broken):
        measure(file)


def test_prompts_are_ours_short_and_the_same_every_time(tmp_path):
    first = prompts()
    assert first == prompts()
    assert {"greeting", "closed", "menu", "survey", "voicemail", "callback"} <= set(first)
    for name, data in first.items():
        (tmp_path / name).write_bytes(data)
        assert 0 < measure(tmp_path / name).seconds < 2


def test_the_watch_makes_a_recording_whole_when_its_writer_is_done_and_ends_when_told(tmp_path):
    words = [sys.executable, "-m", "zuoxi.telephony.asterisk.audio", "watch", str(tmp_path)]
    with subprocess.Popen(words, env=os.environ | {"PYTHONPATH": str(ROOT / "src")}) as watch:
        try:
            raw = tmp_path / "2026-11-22" / "call.raw"
            raw.parent.mkdir()
            with raw.open("wb") as file:
                file.write(array("h", [1, 2] * 8000).tobytes())
                file.flush()
                time.sleep(2.5)
                assert raw.exists()
            edge = time.monotonic() + 20
            while not raw.with_suffix(".wav").exists() and time.monotonic() < edge:
                time.sleep(0.1)
        finally:
            watch.terminate()
    assert sides(raw.with_suffix(".wav")) == (2, {2}, {1})
    assert watch.returncode == 0
