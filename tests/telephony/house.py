# SPDX-License-Identifier: Apache-2.0
"""Zuoxi as an operator runs it: a database in a folder, the listener as a process, answers by the command line."""

from __future__ import annotations

import atexit
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from zuoxi.telephony.asterisk.lab import network

ROOT = Path(__file__).resolve().parents[2]


@cache
def _new_installation() -> Path:
    """A folder with empty tables, made once in a run and copied for every house."""
    folder = Path(tempfile.mkdtemp(prefix="zuoxi-house-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    env = os.environ | {"ZUOXI_HOME": str(folder), "PYTHONPATH": f"{ROOT / 'src'}"}
    env.pop("ZUOXI_DATABASE_URL", None)
    subprocess.run([sys.executable, "-m", "zuoxi.config.cli", "migrate", "-v", "0"], env=env, cwd=folder, check=True)
    return folder


class House:
    """One installation beside one lab."""

    def __init__(
        self, namespace: str, folder: Path, database: str = "", settings: Mapping[str, str] | None = None
    ) -> None:
        self.namespace = namespace
        self.folder = folder
        self.began = datetime.now(UTC)
        self.port = 0
        self._pages: subprocess.Popen[bytes] | None = None
        self._listener: subprocess.Popen[bytes] | None = None
        self._dialler: subprocess.Popen[bytes] | None = None
        self._env = os.environ | {
            "ZUOXI_HOME": str(folder / "var"),
            "ZUOXI_LAB": namespace,
            "ZUOXI_LOG_LEVEL": "INFO",
            "PYTHONPATH": f"{ROOT / 'src'}",
            "PYTHONUNBUFFERED": "1",
            **(settings or {}),
        }
        if database:
            self._env["ZUOXI_DATABASE_URL"] = database
            self.zuoxi("migrate", "-v", "0")
        else:
            shutil.copytree(_new_installation(), folder / "var", dirs_exist_ok=True)

    def zuoxi(self, *words: str) -> str:
        done = subprocess.run(
            self._words(*words), env=self._env, cwd=self.folder, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, (
            f"zuoxi {' '.join(words)} → {done.returncode}\n{done.stdout}\n{done.stderr[-3000:]}"
        )
        return done.stdout

    def python(self, text: str) -> Any:
        """Run some lines inside the installation (`now`, `json` and the models are there); what it printed, read."""
        head = "import json, django; django.setup()\nfrom django.utils import timezone\nnow = timezone.now()\n"
        env = self._env | {"DJANGO_SETTINGS_MODULE": "zuoxi.config.settings"}
        words = [sys.executable, "-c", head + text]
        done = subprocess.run(words, env=env, cwd=self.folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-3000:]
        return json.loads(done.stdout) if done.stdout.strip() else None

    def dial(self) -> None:
        """The dialler, as a process."""
        with (self.folder / "dialler.log").open("ab") as log:
            self._dialler = subprocess.Popen(
                self._words("dialler"), env=self._env, cwd=self.folder, stdout=log, stderr=log
            )

    def listen(self, switch: str = "lab") -> None:
        with (self.folder / "listener.log").open("ab") as log:
            self._listener = subprocess.Popen(
                [*network.inside(self.namespace), *self._words("listen", "--switch", switch)],
                env=self._env,
                cwd=self.folder,
                stdout=log,
                stderr=log,
            )
        self.until(lambda: "switch: connected" in self.log())

    def serve(self) -> None:
        """Pages, on a free port of this machine."""
        with closing(socket.socket()) as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        with (self.folder / "web.log").open("ab") as log:
            self._pages = subprocess.Popen(
                self._words("web", "--port", str(self.port)), env=self._env, cwd=self.folder, stdout=log, stderr=log
            )
        self.until(self._answers, 60)

    def _answers(self) -> bool:
        try:
            with closing(socket.create_connection(("127.0.0.1", self.port), timeout=1)):
                return True
        except OSError:
            return False

    def stop(self, sign: signal.Signals = signal.SIGTERM) -> int:
        assert self._listener is not None
        self._listener.send_signal(sign)
        code = self._listener.wait(60)
        self._listener = None
        return code

    def close(self) -> None:
        for process in (self._dialler, self._listener, self._pages):
            if process is not None:
                process.kill()
                process.wait()

    def log(self) -> str:
        return (self.folder / "listener.log").read_text(errors="replace")

    def calls(self) -> list[dict[str, Any]]:
        """Every call since this house was built."""
        text = self.zuoxi("calls", "--from", self.began.isoformat(), "--to", "2199-01-01T00:00:00+00:00", "--json")
        return [json.loads(line) for line in text.splitlines()]

    def until(self, ready: Any, seconds: float = 90) -> Any:
        edge = time.monotonic() + seconds
        while time.monotonic() < edge:
            assert self._listener is None or self._listener.poll() is None, self.log()[-3000:]
            if found := ready():
                return found
            time.sleep(0.3)
        raise TimeoutError(self.log()[-3000:])

    @staticmethod
    def _words(*words: str) -> list[str]:
        return [sys.executable, "-m", "zuoxi.config.cli", *words]
