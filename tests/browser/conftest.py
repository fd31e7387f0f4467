# SPDX-License-Identifier: Apache-2.0
"""The real program in a thread, a real Chromium before it.

@pytest.mark.browser
def test_…(sign_in_as, shot, accessible):
    page = sign_in_as("TSRL")             # a page of a person in that position
    page.goto("/floor/")
    accessible(page)                        # axe finds nothing serious
    shot(page, "floor")                     # build/screenshots/floor-….png in three sizes and two languages
"""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.db import connections
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from tests.browser import chromium
from tests.browser.cable import Cable

ROOT = Path(__file__).resolve().parents[2]
SCREENSHOTS = ROOT / "build" / "screenshots"
SIZES = {"1440": (1440, 900), "1366": (1366, 768), "390": (390, 844)}
LANGUAGES = ("zh-hans", "en")

# The server's thread reads files and uploads while the test runs; when their handles are collected is its affair.
NOT_OURS = (
    "unclosed:ResourceWarning",
    "Unclosed file:ResourceWarning",
    "Exception ignored:pytest.PytestUnraisableExceptionWarning",
    "StreamingHttpResponse must consume:Warning",
)

# A busy machine is slow, not wrong.
expect.set_options(timeout=15_000)

# Playwright's own loop runs in the thread of the test, so Django takes an ordinary query there for one in async code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            for pattern in NOT_OURS:
                item.add_marker(pytest.mark.filterwarnings(f"ignore:{pattern}"))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The server's thread reads the same file as the test; a database in memory would be one connection's own."""
    default = settings.DATABASES["default"]
    if default["ENGINE"].endswith("sqlite3"):
        default.setdefault("TEST", {})["NAME"] = str(tmp_path_factory.mktemp("db") / "browser.sqlite3")


class Server(uvicorn.Server):
    """A server that a thread can run: signals stay with the main thread."""

    def install_signal_handlers(self) -> None:
        pass


@pytest.fixture(scope="session")
def origin(django_db_setup: None) -> Iterator[str]:
    """Address of the running program."""
    from zuoxi.config.asgi import application
    from zuoxi.web.assets import sprite_url

    assert sprite_url(), "the front end is not built: cd frontend && npm ci && npm run build"
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    config = uvicorn.Config(application, "127.0.0.1", port, log_level="warning", ws="none", lifespan="off")
    config.timeout_graceful_shutdown = 1
    server = Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(5)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    found = chromium.find()
    with sync_playwright() as playwright:
        one = playwright.chromium.launch(
            executable_path=found.path,
            env={**os.environ, **found.env},
            args=[
                "--no-sandbox",
                "--use-fake-ui-for-media-stream",
                "--use-fake-device-for-media-stream",
                "--autoplay-policy=no-user-gesture-required",
                "--font-render-hinting=none",
            ],
        )
        yield one
        one.close()


@pytest.fixture
def troubles() -> list[str]:
    """What the browser's console complained of; looked at after each test."""
    return []


@pytest.fixture
def context(browser: Browser, origin: str, transactional_db: None, troubles: list[str]) -> Iterator[BrowserContext]:
    made = browser.new_context(
        viewport={"width": 1440, "height": 900}, locale="zh-CN", timezone_id="Asia/Shanghai", base_url=origin
    )
    made.set_default_timeout(15_000)
    made.set_default_navigation_timeout(60_000)

    def hear(message: Any) -> None:
        if message.type == "error" and "favicon" not in message.text:
            troubles.append(f"{message.text} {message.location.get('url', '')}")

    made.on("console", hear)
    made.on("weberror", lambda error: troubles.append(str(error.error)))
    yield made
    made.close()
    connections.close_all()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


@pytest.fixture
def member(transactional_db: None) -> Callable[..., Any]:
    """member("TSRL", name="王芳", code="1001") → a user who holds that position today."""

    def make(role: str, name: str = "王芳", code: str = "") -> Any:
        from datetime import date

        from zuoxi.people.models import Assignment, Position, Staff, User

        code = code or f"9{User.objects.count() + 1:03}"
        position, _made = Position.objects.get_or_create(code=role, defaults={"name_zh": role, "name_en": role})
        user = User.objects.create_user(username=code, password="correct horse battery", first_name=name)
        staff = Staff.objects.create(code=code, name=name, user=user)
        Assignment.objects.create(staff=staff, position=position, from_on=date(2024, 1, 1))
        return user

    return make


@pytest.fixture
def sign_in_as(context: BrowserContext, origin: str, member: Callable[..., Any]) -> Callable[..., Page]:
    """sign_in_as("CSR") → a page of such a person; sign_in_as(user=…) for one who exists."""

    def enter(role: str = "", *, user: Any = None, **told: str) -> Page:
        from django.test import Client

        person = user or member(role, **told)
        client = Client()
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        session = client.cookies[settings.SESSION_COOKIE_NAME]
        context.add_cookies([{"name": session.key, "value": session.value, "url": origin}])
        return context.new_page()

    return enter


@pytest.fixture
def cable(origin: str) -> Iterator[Cable]:
    """The program behind a cable that can be pulled: go to cable.url + path."""
    one = Cable(origin)
    yield one
    one.close()


@pytest.fixture
def accessible() -> Callable[[Page], None]:
    """Fail on anything that axe calls serious or critical."""

    def look(page: Page) -> None:
        found = Axe().run(page).response["violations"]
        bad = [one for one in found if one["impact"] in ("serious", "critical")]
        told = [f"{one['id']}: {one['help']}\n    {node['html'][:160]}" for one in bad for node in one["nodes"][:4]]
        assert not bad, "\n".join(told)

    return look


@pytest.fixture
def shot(origin: str) -> Callable[..., list[Path]]:
    """Pictures of the page in three sizes and two languages, for people to look at."""

    def take(page: Page, name: str, *, full: bool = False, sizes: tuple[str, ...] = tuple(SIZES)) -> list[Path]:
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        taken = []
        for language in LANGUAGES:
            page.context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": origin}])
            page.reload()
            for size in sizes:
                width, height = SIZES[size]
                page.set_viewport_size({"width": width, "height": height})
                page.wait_for_timeout(400)
                path = SCREENSHOTS / f"{name}-{size}-{language[:2]}.png"
                page.screenshot(path=path, full_page=full)
                taken.append(path)
        page.context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": "zh-hans", "url": origin}])
        return taken

    return take
