# SPDX-License-Identifier: Apache-2.0
"""The calendar of one's telephone: a secret address, RFC 5545."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zuoxi.workforce import services
from zuoxi.workforce.feeds import escaped, folded
from zuoxi.workforce.models import CalendarFeed

NOW = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.mark.django_db
def test_the_address_gives_the_shifts_until_it_is_revoked_and_to_nobody_without_it(centre, client):
    centre.write("1001", d3="L", d4="R")
    centre.publish()
    token = services.make_feed(centre.staff["1001"], centre.now)
    answer = client.get(f"/calendar/{token}.ics")
    text = answer.content.decode()
    assert answer.headers["Content-Type"].startswith("text/calendar")
    assert text.count("BEGIN:VEVENT") == 1
    assert f"DTSTART;TZID=Asia/Shanghai:{centre.day(3):%Y%m%d}T160000" in text
    assert f"DTEND;TZID=Asia/Shanghai:{centre.day(4):%Y%m%d}T003000" in text
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert token not in str(CalendarFeed.objects.values().get())
    again = services.make_feed(centre.staff["1001"], centre.now)
    assert client.get(f"/calendar/{token}.ics").status_code == 404
    assert services.revoke_feed(centre.staff["1001"], centre.now)
    assert client.get(f"/calendar/{again}.ics").status_code == 404
    assert not services.revoke_feed(centre.staff["1001"], centre.now)


@pytest.mark.django_db
def test_whoever_left_has_no_calendar_any_more(centre, client):
    token = services.make_feed(centre.staff["1001"], centre.now)
    type(centre.staff["1001"]).objects.filter(code="1001").update(status="left")
    assert client.get(f"/calendar/{token}.ics").status_code == 404


@pytest.mark.once
@given(st.text(alphabet=st.characters(blacklist_categories=["Cs", "Cc"]), max_size=300))
def test_folded_lines_are_short_and_unfold_to_what_they_were(text):
    parts = list(folded(text))
    assert all(len(part.encode()) <= 75 for part in parts)
    assert parts[0] + "".join(part[1:] for part in parts[1:]) == text


@pytest.mark.once
def test_commas_semicolons_and_line_ends_are_escaped():
    assert escaped("a,b;c\\d\ne") == r"a\,b\;c\\d\ne"
    assert not re.search(r"(?<!\\)[,;]", escaped("早班, 08:00; 座席"))
