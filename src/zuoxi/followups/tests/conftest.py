# SPDX-License-Identifier: Apache-2.0
import pytest
import time_machine

from zuoxi.followups.tests.making import NOW, house
from zuoxi.policy.site import forget


@pytest.fixture
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def shop(db, settings, clock):
    yield house("tv_shopping", settings)
    forget()


@pytest.fixture
def heating(db, settings, clock):
    yield house("heating", settings)
    forget()


@pytest.fixture
def hospital(db, settings, clock):
    yield house("hospital", settings)
    forget()
