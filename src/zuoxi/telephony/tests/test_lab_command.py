# SPDX-License-Identifier: Apache-2.0
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from zuoxi.telephony.asterisk import lab
from zuoxi.telephony.asterisk.lab import Laboratory, LabState, laboratory

ROOT = Path(__file__).resolve().parents[4]


def test_the_lab_comes_up_without_django_or_any_installed_package():
    code = "import sys; sys.path.insert(0, 'src'); import zuoxi.telephony.asterisk.lab; print('django' in sys.modules)"
    words = [sys.executable, "-I", "-S", "-c", code]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "False", done.stderr


def test_who_is_not_root_is_told_why_and_nothing_happens(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(laboratory.os, "geteuid", lambda: 1000)
    assert lab.main(["up", "--dir", str(tmp_path / "lab")]) == 2
    assert "root" in capsys.readouterr().err
    assert not (tmp_path / "lab").exists()


def test_the_status_of_a_lab_that_never_ran_is_not_running(capsys, tmp_path):
    assert lab.main(["status", "--dir", str(tmp_path)]) == 3
    assert json.loads(capsys.readouterr().out) == {"running": False}


def test_a_pid_that_now_belongs_to_another_process_is_not_taken_for_the_switch(tmp_path):
    state = LabState(os.getpid(), "zuoxi-x", str(tmp_path), ["1001"], [], {"ami": "x", "system": "zx"})
    (tmp_path / "state.json").write_text(json.dumps(vars(state)))
    one = Laboratory("zuoxi-x", tmp_path)
    assert one.state() == state
    assert not one.running(state)
    assert one.stop() is False


def test_a_torn_state_file_counts_as_none(tmp_path):
    (tmp_path / "state.json").write_text('{"pid": 1')
    assert Laboratory("zuoxi-x", tmp_path).state() is None


def test_the_printed_line_has_all_that_callers_and_listeners_need():
    words = {"1001": "p", "ami": "s", "system": "zx1"}
    line = LabState(7, "zuoxi-lab", "/x", ["1001"], [], words).line()
    assert line["numbers"]["queue"] == "8000"
    assert (line["sip"], line["ami"], line["agent_contact"]) == (
        "127.0.0.1:5060",
        "127.0.0.1:5038",
        "127.0.0.3:5070",
    )
    assert line["queue_log"].startswith("/x/")
    assert line["passwords"] == {"1001": "p"}


def test_nothing_is_known_of_a_lab_that_was_not_started(monkeypatch, tmp_path):
    monkeypatch.setenv("ZUOXI_CACHE", str(tmp_path))
    assert lab.reach("zuoxi-none") is None


@pytest.mark.parametrize("name", ["", "../x", "A", "a b", "-x", "x" * 40])
def test_a_namespace_must_have_a_plain_name(name):
    with pytest.raises(ValueError):
        laboratory.network.create(name)
