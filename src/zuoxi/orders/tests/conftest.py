# SPDX-License-Identifier: Apache-2.0
import pytest

from zuoxi.orders.tests.world import World


@pytest.fixture
def world(db, settings, tmp_path):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.HOME = tmp_path
    return World()
