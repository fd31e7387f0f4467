# SPDX-License-Identifier: Apache-2.0
"""Every door of the house is tried by a person of every position, by a stranger, and by who has left.

`who_may.csv` is the table of it for a reader; `WHO_MAY=write pytest tests/test_who_may.py` writes it anew.
"""

import csv
import io
import os
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.signals import request_finished
from django.db import close_old_connections, transaction
from django.test import Client
from django.utils import timezone

from tests.who_may_world import NO_POST, PEOPLE, SELF_GUARDED, STRANGER, address, operations, pages, samples, settle
from zuoxi.people.models import User
from zuoxi.web.access import registry
from zuoxi.web.roles import Role

TABLE = Path(__file__).with_name("who_may.csv")


def expected(mark, who):
    """Whether the door should open, from what it says of itself alone."""
    if mark == "public":
        return True
    if mark is None or who == STRANGER:
        return False
    if mark == "signed_in":
        return True
    return who in {str(role) for role in registry.by_code[mark].roles}


def table():
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["address", "method", "mark", STRANGER, NO_POST, *Role])
    for door in sorted(pages() + operations(), key=lambda one: (one.route, one.method)):
        if door.mark == SELF_GUARDED:
            opens = ["self"] * (2 + len(Role))
        else:
            opens = ["●" if expected(door.mark, who) else "" for who in (STRANGER, NO_POST, *Role)]
        writer.writerow([f"/{door.route}", door.method if not door.name else "", door.mark or "—", *opens])
    return out.getvalue()


def test_the_table_that_people_read_is_the_one_that_the_code_computes():
    if os.environ.get("WHO_MAY") == "write":
        TABLE.write_text(table(), encoding="utf-8")
    assert TABLE.read_text(encoding="utf-8") == table()


def test_every_door_says_who_may_open_it():
    silent = [door.route for door in pages() + operations() if door.mark is None]
    assert silent == []


def test_every_mark_is_a_right_that_somebody_registered():
    marks = {door.mark for door in pages() + operations()} - {"public", "signed_in", SELF_GUARDED, None}
    assert marks - set(registry.by_code) == set()


def test_every_right_opens_a_door_or_is_asked_for_in_the_code():
    from tests.architecture.house import SOURCE, modules

    marks = {door.mark for door in pages() + operations()}
    texts = {path: path.read_text(encoding="utf-8") for path in modules()}
    idle = [
        code
        for code in registry.by_code
        if code not in marks
        and not any(f'"{code}"' in text for path, text in texts.items() if path.name != "access.py")
        and not _constant_used(code, texts, SOURCE)
    ]
    assert idle == []


def _constant_used(code, texts, source):
    """Whether the constant that `access.py` keeps the right in is imported somewhere."""
    package = code.split(".")[0]
    text = texts.get(source / package / "access.py", "")
    names = [line.split(" = ")[0] for line in text.split("\n") if " = capability(" in line]
    values = [line for line in text.split("\n") if f'"{code}"' in line]
    return bool(values) and any(f"{name}.code" in one for name in names for one in texts.values())


@pytest.fixture
def world(db, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()
    return settle()


def _answer(client, path, method):
    """Status and target of one request whose effects are taken back."""
    with transaction.atomic():
        before = transaction.savepoint()
        answer = client.generic(method, path)
        if answer.status_code == 405 and method == "GET":
            answer = client.post(path)
        request_finished.disconnect(close_old_connections)  # as Django's own client does: we stand in a transaction
        answer.close()
        request_finished.connect(close_old_connections)
        transaction.savepoint_rollback(before)
    return answer.status_code, answer.headers.get("Location", "")


def _wrong(door, who, status, target):
    """None, or what the door did against its mark."""
    to_login = status == 302 and "/accounts/login/" in target
    refused = status in (401, 403) or to_login
    if status >= 500:
        return f"{status}"
    if door.mark == SELF_GUARDED:
        return None
    if expected(door.mark, who):
        return f"refused ({status} {target})" if refused else None
    if refused or status == 405:
        return None
    return f"opened ({status} {target})"


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.clause("SEC-009", "SEC-013")
def test_each_door_opens_to_whom_it_says_and_to_nobody_else(world, who):
    client = Client(raise_request_exception=False)
    if who != STRANGER:
        client.force_login(User.objects.get(username=who), "django.contrib.auth.backends.ModelBackend")
    known = samples(world)
    found = {}
    for door in pages() + operations():
        if door.name in ("account_logout", "set_language"):
            continue
        status, target = _answer(client, address(door, known), door.method)
        wrong = _wrong(door, who, status, target)
        if wrong:
            found[f"{door.method} /{door.route}"] = wrong
    assert found == {}


def _status(client, path, method, token):
    """Status of one call of a program, whose effects are taken back.

    One client makes all calls, for each new one walks through every static file; it keeps no cookie between them.
    """
    client.cookies.clear()
    with transaction.atomic():
        before = transaction.savepoint()
        answer = client.generic(method, path, headers={"Authorization": f"Bearer {token}"})
        transaction.savepoint_rollback(before)
    return answer.status_code


def _token(owner, code, held):
    from zuoxi.gateway import services
    from zuoxi.gateway.models import Application

    now = timezone.now()
    program = Application.objects.create(
        code=code, name=code, owner=owner, scopes=sorted(held), per_minute=10_000, created_at=now
    )
    return services.issue(program.pk, days=1, by="", now=now)[1]


@pytest.mark.parametrize("who", ["DIR", "IT", "TSR"])
def test_each_operation_opens_to_the_token_whose_scope_it_names_and_to_no_other(world, who):
    from zuoxi.config.api import operations as called
    from zuoxi.gateway.doors import scopes

    client, known, wrong = Client(raise_request_exception=False), samples(world), {}
    owner, every = User.objects.get(username=who).staff_member, set(scopes())
    # Of each scope a token that holds it alone, and one that holds all the others: no operation may open to that.
    alone = {scope: _token(owner, f"t-{place}", {scope}) for place, scope in enumerate(sorted(every))}
    others = {scope: _token(owner, f"o-{place}", every - {scope}) for place, scope in enumerate(["", *sorted(every)])}
    bare = _token(owner, "bare", set())
    named = {
        (f"api/v1{path}", method): getattr(one.view_func, "zuoxi_scope", "")
        for path, one in called()
        for method in one.methods
    }
    for door in operations():
        wanted = named[door.route, door.method]
        asked = {"no scope": (bare, False), "all others": (others[wanted], False)}
        if wanted:
            asked["its own"] = alone[wanted], expected(door.mark, who)
        for words, (token, opens) in asked.items():
            status = _status(client, address(door, known), door.method, token)
            if (status in (401, 403)) == opens or status >= 500:
                wrong[f"{door.method} /{door.route} with {words}"] = status
    assert wrong == {}


def test_no_token_opens_a_page(world):
    token = _token(User.objects.get(username="DIR").staff_member, "bare", set())
    client, known, headers = Client(raise_request_exception=False), samples(world), {"Authorization": f"Bearer {token}"}
    opened = set()
    for one in pages():
        if one.mark in ("public", SELF_GUARDED):
            continue
        client.cookies.clear()
        if client.get(address(one, known), headers=headers).status_code not in (302, 401, 403, 405):
            opened.add(one.route)
    assert opened == set()
