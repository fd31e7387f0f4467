# SPDX-License-Identifier: Apache-2.0
"""A real Asterisk and real SIP callers. Needs root, sipp, and debootstrap or a tree built before; else skipped."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.telephony.ami import Manager
from tests.telephony.sipp import Field, tone_file

from zuoxi.telephony.asterisk.lab import Laboratory, LabState, tree

NAMESPACE = os.environ.get("ZUOXI_TEST_NAMESPACE", "zuoxi-tests")


def missing() -> str:
    """Why real calls cannot be made here; "" when they can."""
    if os.geteuid() != 0:
        return "needs root: a real Asterisk gets a network namespace of its own"
    if shutil.which("sipp") is None:
        return "needs sipp (Debian: apt-get install sip-tester)"
    built = (tree.cache() / "asterisk-sid/usr/sbin/asterisk").exists()
    if not built and shutil.which("debootstrap") is None and shutil.which("apt-get") is None:
        return "needs debootstrap to build the switch's tree"
    return ""


@pytest.fixture(scope="session")
def laboratory() -> Iterator[Laboratory]:
    if reason := missing():
        pytest.skip(reason)
    lab = Laboratory(NAMESPACE)
    lab.up(agents=40, fresh=True)
    yield lab
    lab.down(purge=True)


@pytest.fixture
def lab(laboratory: Laboratory) -> LabState:
    """The switch, running, with nobody signed in and no call up."""
    state = laboratory.up(agents=40)
    laboratory.command("channel request hangup all")
    for queue in ("sales", "support", "small", "patient", "rated"):
        for line in laboratory.command(f"queue show {queue}").splitlines():
            if "PJSIP/" in line:
                code = line.split("PJSIP/")[1][:4]
                laboratory.command(f"queue remove member PJSIP/{code} from {queue}")
    return state


@pytest.fixture
def field(lab: LabState, tmp_path: Path) -> Iterator[Field]:
    people = Field(lab.namespace, tmp_path)
    yield people
    people.close()


@pytest.fixture
def everybody_hangs_up(laboratory: Laboratory, lab: LabState) -> Callable[[], None]:
    """The end of every call: a test ends it when it has seen enough, not when a caller's patience is over."""
    return lambda: laboratory.command("channel request hangup all") and None


@pytest.fixture
def manager(lab: LabState) -> Iterator[Manager]:
    one = Manager(lab.namespace, lab.passwords["ami"], listen=True)
    yield one
    one.close()


@pytest.fixture
def tone(tmp_path: Path) -> Path:
    return tone_file(tmp_path / "tone.ulaw")


@pytest.fixture
def sign_in(manager: Manager):
    def signed_in(*agents: str, queue: str = "sales") -> None:
        for agent in agents:
            done = manager.ask("QueueAdd", Queue=queue, Interface=f"PJSIP/{agent}", MemberName=agent)
            assert done["Response"] == "Success", done

    return signed_in
