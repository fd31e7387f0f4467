# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.test import Client

from zuoxi.floor import keeper
from zuoxi.floor.tests.centre import SpeakingSwitch, small_centre, user


@pytest.fixture(autouse=True)
def _a_keeper_of_its_own() -> Iterator[None]:
    keeper.begin_anew()
    yield
    keeper.begin_anew()


@pytest.fixture
def switch(db: None) -> SpeakingSwitch:
    return small_centre()


@pytest.fixture
def as_(db: None) -> Callable[[str], Client]:
    """as_("2001") → a client signed in as that staff number."""

    def enter(code: str) -> Client:
        client = Client()
        client.force_login(user(code), backend="django.contrib.auth.backends.ModelBackend")
        return client

    return enter
