# SPDX-License-Identifier: Apache-2.0
"""`zuoxi switch` as a process: one line of JSON, a switch that answers, a clean end."""

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.fixture
def process(tmp_path):
    environment = {**os.environ, "ZUOXI_HOME": str(tmp_path), "ZUOXI_AMI_SECRET": "quiet-water"}
    words = ["switch", "--seconds", "60", "--logs", str(tmp_path / "logs"), "--start", "2026-11-03T10:00"]
    started = subprocess.Popen(
        [sys.executable, "-m", "zuoxi.config.cli", *words], env=environment, stdout=subprocess.PIPE, text=True
    )
    yield started
    started.kill()
    started.wait()
    started.stdout.close()


def test_it_says_where_it_listens_answers_there_and_ends_cleanly_when_told_to(process):
    told = json.loads(process.stdout.readline())
    host, port = told["ami"].split(":")
    with socket.create_connection((host, int(port)), timeout=10) as link:
        link.sendall(b"Action: Login\r\nUsername: zuoxi\r\nSecret: quiet-water\r\n\r\n")
        heard = b""
        while b"FullyBooted" not in heard:
            heard += link.recv(4096)
    assert heard.startswith(b"Asterisk Call Manager/")
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
    lines = Path(told["queue_log"]).read_text(encoding="utf-8")
    assert lines.startswith(f"{told['boot']}|NONE|NONE|NONE|QUEUESTART|\n") and lines.endswith("\n")
