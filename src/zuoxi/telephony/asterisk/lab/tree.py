# SPDX-License-Identifier: Apache-2.0
"""The folder the switch lives in: a Debian tree built once per machine, then cheaply copied for each lab."""

import contextlib
import fcntl
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

_SUITE = "sid"  # Debian stable carries no Asterisk
_PACKAGES = "asterisk,asterisk-modules"
_MIRROR = "http://deb.debian.org/debian"
_SHARED = ("usr", "boot", "opt", "srv", "media")  # never written by the switch: hard links will do


def cache() -> Path:
    """``ZUOXI_CACHE`` or ``~/.cache/zuoxi``."""
    return Path(os.environ.get("ZUOXI_CACHE") or Path.home() / ".cache" / "zuoxi")


def template() -> Path:
    """The pristine tree; built at the first call (about a minute, 500 MB, needs root and a Debian mirror)."""
    tree = cache() / f"asterisk-{_SUITE}"
    with _one_at_a_time(cache() / "asterisk.lock"):
        if not (tree / "usr/sbin/asterisk").exists():
            _build(tree)
    return tree


def copy(source: Path, target: Path) -> None:
    """A tree of one's own at ``target``; program files are hard links where the file system allows."""
    partial = target.with_name(target.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    for entry in sorted(source.iterdir()):
        linked = entry.name in _SHARED and entry.is_dir() and not entry.is_symlink()
        if not (linked and _run("cp", "-al", str(entry), str(partial)).returncode == 0):
            _must("cp", "-a", str(entry), str(partial))
    partial.replace(target)


def installed_modules(tree: Path) -> frozenset[str]:
    return frozenset(file.stem for file in module_folder(tree).glob("*.so"))


def module_folder(tree: Path) -> Path:
    found = sorted(tree.glob("usr/lib/*/asterisk/modules"))
    if not found:
        raise RuntimeError(f"no Asterisk modules under {tree}")
    return found[0]


def _build(tree: Path) -> None:
    if shutil.which("debootstrap") is None:
        _say("installing debootstrap")
        _must("apt-get", "update", "-q")
        _must("apt-get", "install", "-y", "-q", "--no-install-recommends", "debootstrap")
    _say(f"building {tree} (once; about a minute)")
    partial = tree.with_name(tree.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.parent.mkdir(parents=True, exist_ok=True)
    _must("debootstrap", "--variant=minbase", f"--include={_PACKAGES}", _SUITE, str(partial), _mirror())
    for archive in (partial / "var/cache/apt/archives").glob("*.deb"):
        archive.unlink()
    partial.replace(tree)


def _mirror() -> str:
    """The Debian mirror that this machine's own package manager uses."""
    apt = Path("/etc/apt")
    for file in [apt / "sources.list", *sorted((apt / "sources.list.d").glob("*"))]:
        text = file.read_text(errors="replace") if file.is_file() else ""
        text = re.sub(r"^\s*#.*$", "", text, flags=re.MULTILINE)
        for url in re.findall(r"https?://\S+", text):
            if re.search(r"/debian/?$", url):
                return str(url)
    return _MIRROR


@contextlib.contextmanager
def _one_at_a_time(lock: Path) -> Iterator[None]:
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603


def _must(*command: str) -> None:
    done = _run(*command)
    if done.returncode:
        tail = (done.stdout + done.stderr).strip()[-1500:]
        raise RuntimeError(f"{' '.join(command[:3])} … ended with {done.returncode}:\n{tail}")


def _say(text: str) -> None:
    sys.stderr.write(f"asterisk lab: {text}\n")
