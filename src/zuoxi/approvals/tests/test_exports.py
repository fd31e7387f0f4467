# SPDX-License-Identifier: Apache-2.0
"""Whoever releases exports hears that one waits; whoever asked hears what was decided."""

import pytest

from zuoxi.approvals.models import Notice
from zuoxi.vault import releasing
from zuoxi.vault.releasing import Doer, File

FILE = File("Figures", "figures.csv", "text/csv", b"1,2\n", "for the monthly meeting")


def told(code):
    return list(Notice.objects.filter(staff__code=code).values_list("text_en", flat=True))


@pytest.fixture
def held(world):
    return releasing.hold(FILE, Doer(world.t1.code, world.t1.name), world.now)


@pytest.mark.clause("SEC-002")
def test_everybody_who_releases_hears_of_an_export_by_its_title(held, world):
    said = [f"{world.t1.name} prepared “Figures”: look at it and release it"]
    assert told("om") == told("sm") == told("dir") == said
    assert told("t1") == told("tsrs") == []


@pytest.mark.clause("SEC-002")
def test_a_manager_who_asked_himself_is_not_asked_to_look(world):
    releasing.hold(FILE, Doer(world.om.code, world.om.name), world.now)
    assert told("om") == []
    assert told("sm")


@pytest.mark.clause("SEC-002")
def test_whoever_asked_hears_that_it_is_released(held, world):
    releasing.decide(held.pk, Doer(world.om.code, world.om.name), world.now, release=True)
    assert told("t1") == ["“Figures” has been released; fetch it"]


@pytest.mark.clause("SEC-002")
def test_whoever_asked_hears_why_it_is_turned_down(held, world):
    releasing.decide(held.pk, Doer(world.om.code, world.om.name), world.now, release=False, reason="too much")
    assert told("t1") == ["“Figures” was turned down: too much"]
