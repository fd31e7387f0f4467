# SPDX-License-Identifier: Apache-2.0
"""Figures, their rows, the daily report and background work in a real Chromium."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from zuoxi.jobs import services as jobs
from zuoxi.jobs.running import run_all
from zuoxi.reporting import periods, selectors, services
from zuoxi.telephony.tests import factories as make


@pytest.fixture
def yesterday(transactional_db, tmp_path, settings):
    """Twelve answered and three lost calls of yesterday in one queue."""
    settings.HOME = tmp_path
    make.queue("sales")
    make.person("1001", "TSR", make.team(), name="王芳")
    day = periods.local_day(timezone.now(), selectors.site_zone()) - timedelta(days=1)
    nine = periods.day_start(day, selectors.site_zone()) + timedelta(hours=9)
    for number in range(12):
        make.call(nine + timedelta(minutes=10 * number))
    for number in range(3):
        make.call(nine + timedelta(minutes=20 * number), outcome="abandoned", wait_seconds=30)
    make.state("1001", "ready", nine, 240)
    return day


def test_a_number_opens_its_rows_and_a_reading_is_remembered(yesterday, sign_in_as, accessible, troubles):
    page = sign_in_as("DIR")
    page.goto("/figures/by/queue/?when=yesterday")
    accessible(page)
    cell = page.locator('a[href*="/figures/rows/answered/"]').first
    expect(cell).to_have_text("12")
    cell.click()
    expect(page.locator("#rows tbody tr")).to_have_count(12)
    expect(page.locator("#rows tbody")).not_to_contain_text(re.compile(r"1[3-9]\d{9}"))
    accessible(page)
    page.goto("/figures/by/queue/?when=yesterday")
    page.locator(".zx-filters-more > summary").click()
    page.select_option("#reading-connect_rate", "offered_net")
    page.wait_for_url(re.compile("reading.connect_rate=offered_net"))
    page.goto("/figures/by/queue/?when=yesterday")
    expect(page.locator("#reading-connect_rate")).to_have_value("offered_net")
    assert not [one for one in troubles if "Content Security Policy" in one]


def test_the_overview_says_what_missed_its_target(yesterday, sign_in_as, accessible, shot):
    page = sign_in_as("DIR")
    page.goto("/overview/")
    expect(page.locator(".zx-stats").first).to_contain_text("80.0%")
    expect(page.locator("canvas").first).to_be_visible()
    accessible(page)
    shot(page, "overview", sizes=("1440", "390"))


def test_the_manager_mends_and_sends_the_daily_report(yesterday, sign_in_as, accessible):
    from zuoxi.people.models import Staff

    make.person("9901", "DIR", name="岳总")
    Staff.objects.filter(code="9901").update(mobile="13800000000")
    services.compose_daily(yesterday, timezone.now())
    page = sign_in_as("OM")
    page.goto(f"/reports/daily/{yesterday.isoformat()}/")
    accessible(page)
    page.fill("[name=text_zh]", "昨日一切正常")
    page.click("button[name=send]")
    expect(page.get_by_text("岳总")).to_be_visible()
    run_all()
    page.reload()
    expect(page.locator("main")).to_contain_text("console-")


def test_work_that_runs_shows_how_far_it_is_and_can_be_stopped(transactional_db, sign_in_as, accessible):
    page = sign_in_as("IT")
    job = jobs.enqueue("jobs.rest", seconds=1)
    page.goto(f"/jobs/{job.pk}/")
    accessible(page)
    page.click("[data-progress-cancel]")
    page.click("dialog[open] button[value=yes]")
    expect(page.locator("main")).to_contain_text("已取消")
    page.goto("/jobs/")
    accessible(page)
