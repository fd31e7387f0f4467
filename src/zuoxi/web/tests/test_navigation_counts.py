# SPDX-License-Identifier: Apache-2.0
"""What waits behind the doors is asked for after the page stands."""

import pytest
from django.urls import reverse

from zuoxi.web import navigation
from zuoxi.web.navigation import Face, NavItem

pytestmark = pytest.mark.django_db


@pytest.fixture
def doors(monkeypatch):
    items = [
        NavItem(Face.MANAGE, "Full", "home", count=lambda request: 7),
        NavItem(Face.MANAGE, "Empty", "search", count=lambda request: 0),
        NavItem(Face.MANAGE, "Closed", "gallery", "nobody.may", count=lambda request: 9),
    ]
    monkeypatch.setattr(navigation._registry, "items", items)


def test_only_doors_that_are_open_and_have_something_are_counted(doors, client, django_user_model):
    client.force_login(django_user_model.objects.create_user("9009"))
    assert client.get(reverse("counts")).json() == {"home": 7}


def test_a_stranger_is_told_nothing(doors, client):
    assert client.get(reverse("counts"), headers={"Accept": "application/json"}).status_code == 401
