# SPDX-License-Identifier: Apache-2.0
import json
import re
import subprocess
import sys

import pytest
from django.core.management import call_command
from django.urls import reverse

from zuoxi.policy import selectors
from zuoxi.policy.clauses import Clause, Title, clause_book
from zuoxi.policy.selectors import ClauseState, Status
from zuoxi.web import marks

CLAUSE = Clause("ATT-002", Title("迟到分档", "Steps of lateness"))


def state(rules=(), screens=(), stores=(), tests=()):
    return ClauseState(CLAUSE, tuple(rules), tuple(screens), tuple(stores), tuple(tests)).status


def test_the_book_holds_every_clause_once_with_both_titles():
    book = clause_book()
    assert len(book.clauses) == 512
    assert len(book.domains) == 21
    for clause in book.clauses.values():
        assert 2 <= len(clause.title.zh) <= 14
        assert 4 <= len(clause.title.en) <= 60
        assert re.search("[\u4e00-\u9fff]", clause.title.zh)
        assert not re.search("[\u4e00-\u9fff]", clause.title.en)


def test_the_numbers_of_a_domain_run_without_gaps():
    numbers: dict[str, list[int]] = {}
    for clause in clause_book().clauses.values():
        numbers.setdefault(clause.domain, []).append(int(clause.id[-3:]))
    assert all(found == list(range(1, len(found) + 1)) for found in numbers.values())


def test_two_clauses_have_two_titles():
    titles = [clause.title for clause in clause_book().clauses.values()]
    assert len({title.zh for title in titles}) == len(titles)
    assert len({title.en.casefold() for title in titles}) == len(titles)


def test_a_rule_alone_enforces_nothing_until_a_test_names_the_clause():
    assert state(rules=["a.rule"]) == Status.PLANNED
    assert state(rules=["a.rule"], tests=["t"]) == Status.ENFORCED
    assert state(tests=["t"]) == Status.PLANNED


def test_shown_is_more_than_kept_and_kept_more_than_planned():
    assert state(screens=["a.page"], stores=["a.table"]) == Status.SHOWN
    assert state(stores=["a.table"]) == Status.RECORDED
    assert state() == Status.PLANNED


def test_a_domain_of_which_the_file_says_nothing_is_refused(tmp_path):
    file = tmp_path / "clauses.yaml"
    file.write_text("domains: {A: [甲, A]}\nclauses: {B-001: [乙, B]}", encoding="utf-8")
    with pytest.raises(ValueError, match="B"):
        clause_book(file)


@pytest.mark.parametrize("word", ["", "ATT2", "att-002", "ATT-02", "ATTEND-002"])
def test_a_mark_without_a_clause_id_is_a_mistake_of_the_programmer(word):
    with pytest.raises(ValueError, match="no clause id"):
        marks.enforces(word)(test_two_clauses_have_two_titles)


def test_the_modules_in_which_clauses_are_named_make_every_mark():
    selectors.import_everything()
    named = selectors.marking_modules()
    known = {one for one in sys.modules if one.startswith("zuoxi.")}
    places = {mark.place for mark in marks.marks() if ".tests." not in mark.place and ":" not in mark.place}
    makers = {max((one for one in known if place.startswith(f"{one}.")), key=len) for place in places}
    assert makers
    assert not makers - set(named)


def test_the_map_of_the_clauses_loads_no_solver():
    asked = (
        "import sys, django; django.setup(); from zuoxi.policy.selectors import clause_map; clause_map();"
        "print(sorted({'numba', 'ortools', 'zuoxi.policy.rulebook'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["['zuoxi.policy.rulebook']"]


def test_nobody_marks_a_clause_that_does_not_exist():
    assert selectors.unknown_clauses() == set()


@pytest.mark.clause("ORG-023")
def test_the_command_prints_one_object_per_clause_computed_from_the_code(capsys):
    call_command("clauses", "--json")
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["id"] for row in rows] == list(clause_book().clauses)
    assert all(set(row) == {"id", "domain", "status", "rules", "screens", "tests"} for row in rows)
    signed = next(row for row in rows if row["id"] == "ORG-023")
    assert signed["status"] == "enforced"
    assert "zuoxi.people.rules.early_effect" in signed["rules"]
    assert "constraint:assignment_not_before_signature" in signed["rules"]
    assert any(test.endswith("::test_an_unsigned_transfer_changes_nothing") for test in signed["tests"])


def test_the_table_adds_up(capsys):
    call_command("clauses")
    lines = [line.split() for line in capsys.readouterr().out.splitlines()[1:]]
    assert sum(int(line[-1]) for line in lines) == 512
    assert all(sum(map(int, line[1:-1])) == int(line[-1]) for line in lines)


def _triggers():
    """Names of the guards that stand in this database."""
    from django.db import connection

    asked = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }
    with connection.cursor() as cursor:
        cursor.execute(asked[connection.vendor])
        return {name for (name,) in cursor.fetchall()}


def test_a_marked_constraint_is_one_that_the_database_has(db):
    from django.apps import apps

    tables = apps.get_models()
    known = {constraint.name for model in tables for constraint in model._meta.constraints} | _triggers()
    known |= {f"{one._meta.db_table}.{field.name}" for one in tables for field in one._meta.fields if field.unique}
    marked = {mark.place.partition(":")[2] for mark in marks.marks() if mark.place.startswith("constraint:")}
    assert marked - known == set()


@pytest.fixture
def reader(db, client):
    from datetime import date

    from zuoxi.people import services
    from zuoxi.people.models import Position

    services.load_positions()
    place = services.Placement(Position.objects.get(code="QAS"))
    staff = services.hire("qas", "品", [place], date(2026, 1, 1))
    client.force_login(services.create_user_for(staff, must_change=False))
    return client


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_from_the_counts_one_gets_to_a_clause_and_what_carries_it(reader, language):
    head = {"accept-language": language}
    assert (
        reverse("policy:domain", args=["ORG"]) in reader.get(reverse("policy:clauses"), headers=head).content.decode()
    )
    assert "ORG-023" in reader.get(reverse("policy:domain", args=["ORG"]), headers=head).content.decode()
    page = reader.get(reverse("policy:clause", args=["ORG-023"]), headers=head).content.decode()
    assert "zuoxi.people.rules.early_effect" in page
    assert reader.get("/clauses/ORG-999/", headers=head).status_code == 404
    assert reader.get("/clauses/NO/", headers=head).status_code == 404


def test_a_status_narrows_the_list(reader):
    planned = next(one for one in selectors.clause_map().values() if one.status is Status.PLANNED).clause
    carried = [
        one.clause.id
        for one in selectors.clause_map().values()
        if one.status is not Status.PLANNED and one.clause.domain == planned.domain
    ]
    page = reader.get(reverse("policy:domain", args=[planned.domain]) + "?status=planned").content.decode()
    assert reverse("policy:clause", args=[planned.id]) in page
    assert not [code for code in carried if reverse("policy:clause", args=[code]) in page]
