# SPDX-License-Identifier: Apache-2.0
"""Every door of the navigation, opened by those it is open to, with the demo centre's people and a day of its calls."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

# The fewest roles that between them may open everything.
ROLES = ("OM", "TSRL", "CSR", "QA", "IT", "DA", "FIN")
PHONE_WIDTH = 390
DESK_WIDTH = 1366
# What a page cannot help: a telephone that has no switch in a test.
EXCUSED = ("WebSocket connection to", "net::ERR_CONNECTION_REFUSED", "softphone", "/gallery/none/")


@pytest.fixture
def centre(transactional_db: None, tmp_path, settings) -> None:
    from django.utils import timezone

    from zuoxi.config.demo import month, seed

    settings.RECORDINGS = tmp_path
    seed.seed_people(timezone.localdate(), "only for tests, never kept")
    seed.seed_switch(15038)
    month.make_month(7, seed.SWITCH, timezone.now(), 1, lambda _done, _total: None)


def person(role: str):
    from zuoxi.people.models import User

    return next(user for user in User.objects.order_by("pk") if role in user.roles)


def doors(page: Page) -> list[str]:
    page.goto("/")
    return page.locator("#nav li a").evaluate_all("links => links.map((one) => one.getAttribute('href'))")


def too_wide(page: Page, width: int) -> int:
    page.set_viewport_size({"width": width, "height": 844})
    page.wait_for_timeout(150)
    return page.evaluate("document.documentElement.scrollWidth - window.innerWidth")


def faults_of(page: Page, url: str, accessible) -> Iterator[str]:
    answer = page.goto(url)
    if answer is None or answer.status != 200:
        yield f"{url}: answers {answer and answer.status}"
        return
    page.wait_for_timeout(400)
    if page.locator("[data-failed]:not(.zx-phone)").count():
        yield f"{url}: an island failed"
    if page.locator("h1").count() != 1:
        yield f"{url}: has {page.locator('h1').count()} first headings"
    for width in (PHONE_WIDTH, DESK_WIDTH):
        if (over := too_wide(page, width)) > 0:
            yield f"{url}: {over} px too wide at {width}"
    try:
        accessible(page)
    except AssertionError as found:
        yield f"{url}: {found}"


@pytest.mark.slow
def test_every_page_opens_fits_and_shuts_nobody_out(centre, sign_in_as, accessible, troubles):
    faults: list[str] = []
    seen: set[str] = set()
    for role in ROLES:
        page = sign_in_as(user=person(role))
        for url in doors(page):
            if url in seen:
                continue
            seen.add(url)
            faults += [f"{role} {fault}" for fault in faults_of(page, url, accessible)]
        page.close()
    faults += [one for one in troubles if not any(word in one for word in EXCUSED)]
    assert not faults, "\n".join(faults)
    assert len(seen) > 8
