# SPDX-License-Identifier: Apache-2.0
"""The parts of pages, as HTML."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from zuoxi.web.assets import icon_svg
from zuoxi.web.states import STATE_LABELS

SOURCE = Path(__file__).resolve().parents[2]
ICONS = SOURCE.parents[1] / "frontend" / "src" / "icons.json"


def draw(text: str, **values: object) -> str:
    return Template(text).render(Context({"request": RequestFactory().get("/"), **values}))


def test_what_people_typed_is_never_markup():
    evil = '"><script>alert(1)</script>'
    for tag in ("{% badge x %}", "{% state_badge 'ready' x %}", "{% stat x x x note=x %}", "{% person x x x %}"):
        assert "<script" not in draw(tag, x=evil)
    assert "<script" not in draw("{% empty x x x x %}{% alert 'bad' x x %}", x=evil)
    assert "<script>" not in draw('{% chart "c" x label="l" %}', x={"kind": "line", "x": [evil], "series": []})


def test_a_figure_opens_its_rows_and_an_unknown_one_is_a_dash():
    assert draw('{% stat "Waiting" 0 "/rows/" %}').startswith('<a class="zx-stat" href="/rows/"')
    assert ">0<" in draw('{% stat "Waiting" 0 "/rows/" %}')
    assert ">—<" in draw('{% stat "Waiting" none %}', none=None)


def test_every_state_has_a_word_and_an_icon():
    for state in STATE_LABELS:
        drawn = draw("{% state_badge state %}", state=state)
        assert f"#state-{state}" in drawn
        assert str(STATE_LABELS[state]) in drawn


def test_a_counter_says_since_when_for_machines_and_people():
    since = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
    now = datetime(2026, 11, 22, 2, 5, 9, tzinfo=UTC)
    drawn = draw("{% since at 600 1800 %}", at=since, server_now=now)
    assert 'data-since="2026-11-22T01:00:00+00:00" data-warn-after="600" data-alarm-after="1800">1:05:09' in drawn
    assert draw("{% since at %}", at=None) == '<span class="zx-since">—</span>'


def test_a_chart_brings_its_figures_as_a_table():
    data = {"kind": "bar", "x": ["08:00"], "unit": "percent", "series": [{"name": "SL", "data": [None]}]}
    drawn = draw('{% chart "c" data label="SL by hour" %}', data=data)
    assert '<th scope="row">08:00</th><td class="num">—</td>' in drawn
    assert '<script id="c-data" type="application/json">' in drawn


def test_a_chip_shows_the_given_name_in_chinese_and_initials_otherwise():
    assert ">芳<" in draw("{% person '王芳' %}")
    assert ">AC<" in draw("{% person 'Alice Chen' %}")


def test_a_why_stands_with_whatever_is_known():
    with translation.override("en"):
        drawn = draw("{% why finding %}", finding={"clauses": [{"id": "ATT-012", "title": "Lateness"}]})
    assert "ATT-012" in drawn
    assert "Facts" not in drawn


def templates() -> list[Path]:
    return sorted(SOURCE.glob("*/templates/**/*.html"))


@pytest.mark.parametrize("path", templates(), ids=lambda path: str(path.relative_to(SOURCE)))
def test_no_template_needs_what_the_content_policy_refuses(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"<[^>]*\sstyle=", text)
    assert not re.search(r"<style|<script(?![^>]*(src=|application/json))", text)
    assert not re.search(r"<[^>]*\son[a-z]+=", text)


ITEM = re.compile(r'NavItem\([^)]*?"[\w.]*",\s*(?:icon=)?"([\w-]+)",\s*(?:order=)?\d')


def icons_named() -> set[str]:
    pages = {name for path in templates() for name in re.findall(r'{% icon "([\w-]+)"[ %]', path.read_text("utf-8"))}
    menus = {name for path in SOURCE.glob("*/menu.py") for name in ITEM.findall(path.read_text("utf-8"))}
    return pages | menus


def test_every_icon_that_a_page_names_is_in_the_sprite():
    assert icons_named() - set(json.loads(ICONS.read_text("utf-8"))) == set()


def test_an_icon_is_decoration_unless_it_has_a_label():
    assert 'aria-hidden="true"' in icon_svg("phone")
    assert 'role="img" aria-label="Call"' in icon_svg("phone", label="Call")
