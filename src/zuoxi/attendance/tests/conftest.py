# SPDX-License-Identifier: Apache-2.0
import pytest

from zuoxi.attendance.tests.world import World


@pytest.fixture(autouse=True)
def quick_hashing(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def world(db):
    return World()
