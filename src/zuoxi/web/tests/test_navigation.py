# SPDX-License-Identifier: Apache-2.0
from types import SimpleNamespace

import pytest
from django.test import RequestFactory

from zuoxi.web import navigation
from zuoxi.web.navigation import Face, Hit, NavItem, SearchProvider, Slot, register


@pytest.fixture(autouse=True)
def registry(monkeypatch):
    monkeypatch.setattr(navigation, "_registry", navigation._Registry())
    urls = {"board": "/floor/", "agent": "/floor/agents/", "desk": "/desk/"}
    monkeypatch.setattr(navigation, "_url", urls.get)


def request(path="/", *rights):
    one = RequestFactory().get(path)
    one.user = SimpleNamespace(is_authenticated=True, may=lambda capability: capability in rights)
    return one


def test_nobody_sees_a_door_he_cannot_open():
    register(NavItem(Face.FLOOR, "Board", "board", "floor.view"))
    register(NavItem(Face.DESK, "Desk", "desk", "desk.use"))
    assert [one.face for one in navigation.sections_for(request("/", "desk.use"))] == [Face.DESK]


def test_strangers_see_nothing():
    register(NavItem(Face.ME, "Me", "desk"))
    one = request("/")
    one.user = SimpleNamespace(is_authenticated=False)
    assert navigation.sections_for(one) == []
    assert navigation.home_for(one) is None


def test_a_door_whose_page_is_not_built_does_not_stand():
    register(NavItem(Face.FLOOR, "Board", "not_built"))
    assert navigation.items_for(request()) == []


def test_the_longest_address_is_the_current_one():
    register(NavItem(Face.FLOOR, "Board", "board"))
    register(NavItem(Face.FLOOR, "Agents", "agent"))
    [section] = navigation.sections_for(request("/floor/agents/1001/"))
    assert [one.item.label for one in section.items if one.current] == ["Agents"]


def test_a_drawer_is_open_around_the_current_page_and_closed_elsewhere():
    register(NavItem(Face.FLOOR, "Board", "board", group=navigation.Group.DISCIPLINE))
    register(NavItem(Face.FLOOR, "Agents", "agent", group=navigation.Group.DISCIPLINE))
    register(NavItem(Face.DESK, "Desk", "desk"))
    assert [drawer.open for one in navigation.sections_for(request("/floor/")) for drawer in one.drawers] == [True]
    assert [drawer.open for one in navigation.sections_for(request("/desk/")) for drawer in one.drawers] == [False]


def test_a_drawer_of_one_door_is_that_door():
    register(NavItem(Face.FLOOR, "Board", "board", group=navigation.Group.DISCIPLINE))
    [section] = navigation.sections_for(request("/"))
    assert (len(section.items), section.drawers) == (1, ())


def test_the_first_screen_is_the_lowest_home_that_one_may_open():
    register(NavItem(Face.DESK, "Desk", "desk", "desk.use", home=10))
    register(NavItem(Face.FLOOR, "Board", "board", "floor.view", home=20))
    assert navigation.home_for(request("/", "desk.use", "floor.view")) == "/desk/"
    assert navigation.home_for(request("/", "floor.view")) == "/floor/"


def test_slots_and_searches_are_guarded_too():
    register(Slot("state", "x.html", "desk.use"))
    register(SearchProvider("Calls", "calls.view", lambda request, words: [Hit(words, "/")]))
    assert navigation.slots_for(request(), "state") == []
    assert navigation.search(request(), "a") == []
    assert len(navigation.slots_for(request("/", "desk.use"), "state")) == 1
    [(_provider, hits)] = navigation.search(request("/", "calls.view"), "a")
    assert hits == [Hit("a", "/")]


def test_the_same_entry_twice_stands_once():
    for _ in range(2):
        register(NavItem(Face.DESK, "Desk", "desk"))
    assert len(navigation.items_for(request())) == 1


def test_a_door_that_stands_open_to_everybody_is_nobodys_first_screen():
    register(NavItem(Face.ME, "What I owe", "desk"))
    register(NavItem(Face.FLOOR, "Board", "board", "floor.view"))
    assert navigation.home_for(request("/")) is None
    assert navigation.home_for(request("/", "floor.view")) == "/floor/"
