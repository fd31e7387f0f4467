# SPDX-License-Identifier: Apache-2.0
"""One lab: its folder, its configuration, its switch process."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ..audio import built_in_sounds, finishing, music, prompts
from ..config import Addresses, whole_switch
from . import centre, network, tree

_LOGS = "var/log/asterisk"
_SPOOL = "var/spool/asterisk/zuoxi"
_EVERYWHERE = "0.0.0.0"  # noqa: S104 - of the namespace, which only this machine reaches
_BOOT_SECONDS = 60
_STOP_SECONDS = 5


class NotPossible(RuntimeError):
    """The lab cannot run here; the text says what is missing."""


@dataclass(frozen=True)
class LabState:
    """What ``state.json`` holds: how to reach a running lab."""

    pid: int
    namespace: str
    directory: str
    agents: list[str]
    browser_agents: list[str]
    passwords: dict[str, str]
    address: str = "127.0.0.1"  # where a browser on this machine reaches the web socket

    def line(self) -> dict[str, Any]:
        """The line that ``./dev asterisk up`` prints."""
        home = Path(self.directory) / "tree"
        return {
            "pid": self.pid,
            "namespace": self.namespace,
            "sip": "127.0.0.1:5060",
            "ami": "127.0.0.1:5038",
            "numbers": centre.NUMBERS,
            "agents": self.agents,
            "agent_contact": centre.AGENT_CONTACT,
            "queue_log": str(home / _LOGS / "queue_log"),
            "recordings": str(home / _SPOOL / "recordings"),
            "cel": str(home / _LOGS / "cel-custom" / "Master.csv"),
            "ami_user": "zuoxi",
            "ami_secret": self.passwords["ami"],
            "websocket": f"ws://{self.address}:8088/ws",
            "browser_agents": self.browser_agents,
            "system_name": self.passwords["system"],
            "passwords": {code: word for code, word in self.passwords.items() if code.isdigit()},
        }


class Laboratory:
    """The lab in ``directory`` (default: a folder per namespace in the cache)."""

    def __init__(self, namespace: str = "zuoxi-lab", directory: Path | None = None) -> None:
        self.namespace = namespace
        self.directory = (directory or tree.cache() / "labs" / namespace).resolve()
        self.tree = self.directory / "tree"

    def up(self, agents: int = 40, browser: tuple[str, ...] = ("1901", "1902"), fresh: bool = False) -> LabState:
        """A running switch; an unchanged one that runs already is left alone. ``fresh``: forget logs and recordings."""
        _possible()
        desk = centre.agent_codes(agents)
        now = self.state()
        if now and self.running(now) and not fresh and (now.agents, now.browser_agents) == (desk, list(browser)):
            return now
        self.stop()
        self._prepare(fresh)
        passwords = self._passwords([*desk, *browser])
        self._configure(desk, list(browser), passwords)
        network.create(self.namespace)
        address = network.link(self.namespace) or "127.0.0.1"
        state = LabState(self._start(), self.namespace, str(self.directory), desk, list(browser), passwords, address)
        self._write("state.json", json.dumps(asdict(state)))
        self._wait_until_booted(state.pid)
        self._watch_recordings()
        _publish(state)
        return state

    def down(self, purge: bool = False) -> bool:
        """Stop the switch and remove its network; True when one was running."""
        _possible()
        was_running = self.stop()
        network.remove(self.namespace)
        _notice(self.namespace).unlink(missing_ok=True)
        if purge:
            shutil.rmtree(self.directory, ignore_errors=True)
        return was_running

    def stop(self, sign: signal.Signals = signal.SIGTERM) -> bool:
        state = self.state()
        self._stop_watching()
        if state is None or not self.running(state):
            return False
        os.kill(state.pid, sign)
        edge = time.monotonic() + _STOP_SECONDS
        while self.running(state):
            if time.monotonic() > edge:
                os.kill(state.pid, signal.SIGKILL)
            time.sleep(0.05)
        return True

    def state(self) -> LabState | None:
        try:
            return LabState(**json.loads((self.directory / "state.json").read_text()))
        except (OSError, ValueError, TypeError):
            return None

    def running(self, state: LabState) -> bool:
        """Whether ``state.pid`` is alive and lives in our tree: a pid that another process got later is not ours."""
        try:
            root = Path(f"/proc/{state.pid}/root").readlink()
            life = Path(f"/proc/{state.pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return False
        return root == self.tree and life not in "ZX"

    def command(self, text: str) -> str:
        """Output of one console command of the switch."""
        done = subprocess.run(  # noqa: S603
            ["chroot", str(self.tree), "asterisk", "-rx", text],  # noqa: S607
            capture_output=True,
            text=True,
            check=False,
        )
        return done.stdout + done.stderr

    def _prepare(self, fresh: bool) -> None:
        if fresh:
            shutil.rmtree(self.directory, ignore_errors=True)
        self.directory.mkdir(parents=True, exist_ok=True)
        if not (self.tree / "usr/sbin/asterisk").exists():
            shutil.rmtree(self.tree, ignore_errors=True)
            tree.copy(tree.template(), self.tree)

    def _passwords(self, codes: list[str]) -> dict[str, str]:
        """Kept from one start to the next, so that phones and listeners need not be told again."""
        try:
            kept: dict[str, str] = json.loads((self.directory / "passwords.json").read_text())
        except (OSError, ValueError):
            kept = {}
        words = centre.new_secrets(codes) | kept
        self._write("passwords.json", json.dumps(words))
        return {code: words[code] for code in [*codes, "ami", "system"]}

    def _configure(self, desk: list[str], browser: list[str], passwords: dict[str, str]) -> None:
        folder = self.tree / "etc/asterisk"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        library = "/" + str(tree.module_folder(self.tree).relative_to(self.tree))
        files = whole_switch(
            centre.plan(desk, browser, passwords),
            Addresses(modules_folder=library, web_host=_EVERYWHERE),
            tree.installed_modules(self.tree),
        )
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8")
        # without its own name in hosts the switch asks the (absent) name server twice per call
        (self.tree / "etc/hosts").write_text(f"127.0.0.1 localhost {socket.gethostname()}\n")
        self._sounds()
        self._own()

    def _sounds(self) -> None:
        sounds = self.tree / "usr/share/asterisk/sounds/zuoxi"
        held = self.tree / "usr/share/asterisk/moh/zuoxi"
        finisher = self.tree / "usr/local/lib/zuoxi/finish-recording"
        for folder in (sounds, held, finisher.parent):
            folder.mkdir(parents=True, exist_ok=True)
        for name, data in prompts().items():
            (sounds / f"{name}.wav").write_bytes(data)
        for name, data in built_in_sounds().items():
            (sounds.parent / f"{name}.wav").write_bytes(data)
        (held / "waiting.wav").write_bytes(music())
        finisher.write_text(finishing.SWITCH_COMMAND)
        finisher.chmod(0o755)

    def _own(self) -> None:
        """The switch runs as its own user; everything it writes belongs to that user."""
        uid, gid = _account(self.tree)
        for name in (
            _LOGS,
            f"{_LOGS}/cel-custom",
            f"{_LOGS}/cdr-csv",
            f"{_SPOOL}/recordings",
            f"{_SPOOL}/messages",
            "var/lib/asterisk/keys",
        ):
            (self.tree / name).mkdir(parents=True, exist_ok=True)
        for top in ("etc/asterisk", "var/log/asterisk", "var/spool/asterisk", "var/lib/asterisk", "run/asterisk"):
            home = self.tree / top
            home.mkdir(parents=True, exist_ok=True)
            for path in (home, *home.rglob("*")):
                os.chown(path, uid, gid, follow_symlinks=False)

    def _start(self) -> int:
        (self.tree / "run/asterisk/asterisk.ctl").unlink(missing_ok=True)
        words = [*network.inside(self.namespace), "chroot", str(self.tree), "/usr/sbin/asterisk"]
        words += ["-C", "/etc/asterisk/asterisk.conf", "-f", "-n", "-U", "asterisk", "-G", "asterisk"]
        return _orphan(self.directory / "asterisk.out", words)

    def _watch_recordings(self) -> None:
        """A process beside the switch makes each recording whole when it ends."""
        source = Path(__file__).resolve().parents[4]
        words = ["env", f"PYTHONPATH={source}", sys.executable, "-m", "zuoxi.telephony.asterisk.audio", "watch"]
        pid = _orphan(self.directory / "recordings.out", [*words, str(self.tree / _SPOOL / "recordings")])
        self._write("watcher", str(pid))

    def _stop_watching(self) -> None:
        try:
            pid = int((self.directory / "watcher").read_text())
            words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except (OSError, ValueError):
            return
        if str(self.tree / _SPOOL / "recordings").encode() in words:
            os.kill(pid, signal.SIGTERM)

    def _wait_until_booted(self, pid: int) -> None:
        edge = time.monotonic() + _BOOT_SECONDS
        while time.monotonic() < edge:
            if "fully booted" in self.command("core waitfullybooted"):
                return
            if not Path(f"/proc/{pid}").exists():
                break
            time.sleep(0.1)
        tail = (self.directory / "asterisk.out").read_text(errors="replace")[-1500:]
        raise RuntimeError(f"Asterisk did not come up:\n{tail}")

    def _write(self, name: str, text: str) -> None:
        path = self.directory / name
        path.touch(mode=0o600)
        path.write_text(text)


def reach(namespace: str = "") -> dict[str, Any] | None:
    """How to reach the lab that was started last in ``namespace`` (default: ``ZUOXI_LAB`` or zuoxi-lab).

    The line that ``./dev asterisk up`` printed, wherever its folder is; None when none was started or it was put down.
    """
    try:
        found = json.loads(_notice(namespace or os.environ.get("ZUOXI_LAB", "zuoxi-lab")).read_text())
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _notice(namespace: str) -> Path:
    return tree.cache() / "labs" / f"{namespace}.json"


def _publish(state: LabState) -> None:
    notice = _notice(state.namespace)
    notice.parent.mkdir(parents=True, exist_ok=True)
    notice.touch(mode=0o600)
    notice.write_text(json.dumps(state.line()))


def _orphan(out: Path, words: list[str]) -> int:
    """Start a process that is nobody's child, so whoever started it may go or stay; its pid."""
    started = subprocess.run(  # noqa: S603
        ["sh", "-c", '"$@" >>"$0" 2>&1 </dev/null & echo $!', str(out), *words],  # noqa: S607
        capture_output=True,
        text=True,
        check=True,
        start_new_session=True,
        cwd="/",
    )
    return int(started.stdout)


def _possible() -> None:
    if os.geteuid() != 0:
        raise NotPossible("the Asterisk lab needs root: it makes a network namespace and changes its root folder")
    if missing := [name for name in ("ip", "chroot", "cp") if shutil.which(name) is None]:
        raise NotPossible(f"missing on this machine: {', '.join(missing)}")


def _account(home: Path) -> tuple[int, int]:
    for line in (home / "etc/passwd").read_text().splitlines():
        name, _, uid, gid, *_rest = line.split(":")
        if name == "asterisk":
            return int(uid), int(gid)
    raise RuntimeError("the tree has no user asterisk")
