# SPDX-License-Identifier: Apache-2.0
"""A figure that the site changes: checked, decided once, in force from its day on, never in a closed month."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import translation

from zuoxi.policy import amending, closing, replaying, replays, site, vocabulary
from zuoxi.policy.amending import Decided, Person, Proposal, Unfit
from zuoxi.policy.clauses import Title
from zuoxi.policy.evaluate import evaluate
from zuoxi.policy.models import Amendment, HandbookVersion, ReplayChange
from zuoxi.policy.replays import Changed
from zuoxi.policy.selectors import site_handbook
from zuoxi.policy.vocabulary import units

pytestmark = pytest.mark.django_db
FIGURE = "attendance.late.half_day_absence_after_minutes"
NOW = datetime(2026, 3, 10, 4, tzinfo=UTC)
APRIL = date(2026, 4, 1)
AUTHOR, DIRECTOR = Person("s1", "\u4e3b"), Person("d1", "\u603b")


def proposal(**changed):
    return Proposal(**({"figure": FIGURE, "value": "20", "since": APRIL, "reason": "\u96ea"} | changed))


@pytest.fixture
def proposed():
    return amending.propose(proposal(), AUTHOR, NOW)


@pytest.fixture
def closed(monkeypatch):
    monkeypatch.setattr(closing, "_providers", {"test": lambda: date(2026, 3, 31)})


def unfit(**changed):
    with pytest.raises(Unfit) as wrong:
        amending.propose(proposal(**changed), AUTHOR, NOW)
    return wrong.value.field


def test_a_proposal_alone_changes_nothing(proposed):
    assert site_handbook().on(APRIL).number(FIGURE) == 15
    assert proposed.state == "proposed"


def test_an_approved_one_holds_from_its_day_on_and_not_the_day_before(proposed):
    amending.approve(proposed.pk, DIRECTOR, NOW)
    book = site_handbook()
    assert [book.on(day).number(FIGURE) for day in (date(2026, 3, 31), APRIL)] == [15, 20]


@pytest.mark.parametrize("between", [",", "\uff0c", "\u3001", "\u2192", " -> ", ";", "\uff1b", "\n"])
def test_a_list_may_be_written_with_any_comma_that_people_use(between):
    unit = units()["roles"]
    assert amending.written(unit, between.join(["AGENT", "TEAM_LEADER"])) == ["AGENT", "TEAM_LEADER"]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("figure", ["attendance.ledger.sources", "amendment.approvers", "approvals.stand_in.CSRS"])
def test_a_list_as_the_page_shows_it_can_be_written_back(figure, language):
    book = site_handbook()
    held = list(book.on(APRIL).words(figure))
    turned = [*held[1:], held[0]] if len(held) > 1 else held
    with translation.override(language):
        shown = amending.value_text(figure, turned)
        made = amending.propose(proposal(figure=figure, value=shown), AUTHOR, NOW) if turned != held else None
    assert made is None or made.value == turned


@pytest.mark.parametrize("said", ["TSR主管, IT专员", "tsr主管, it专员", "tsrs, it", "sales SUPERVISOR, IT officer"])
def test_a_post_may_be_given_by_its_name_or_code_in_capitals_or_without(said):
    assert amending.written(units()["posts"], said) == ["TSRS", "IT"]


def test_a_post_may_be_given_by_what_the_trade_calls_it(monkeypatch):
    monkeypatch.setattr(vocabulary, "_trade_names", [lambda: {"IT": Title("信息科", "Computer office")}])
    shown = vocabulary.figure_said("posts", "IT,TSRS")[0]
    assert amending.written(units()["posts"], shown) == ["IT", "TSRS"]


def test_a_trial_ends_and_the_figure_is_what_it_was():
    made = amending.propose(proposal(until=date(2026, 5, 1)), AUTHOR, NOW)
    amending.approve(made.pk, DIRECTOR, NOW)
    book = site_handbook()
    assert [book.on(day).number(FIGURE) for day in (date(2026, 4, 30), date(2026, 5, 1))] == [20, 15]


def test_the_rules_of_the_site_judge_by_it_and_those_of_the_pack_do_not(proposed):
    amending.approve(proposed.pk, DIRECTOR, NOW)
    facts = {"rostered_start": "2026-04-02T08:00:00", "signed_in_at": "2026-04-02T08:18:00", "excused": False}
    assert evaluate("attendance.arrival", site_handbook(), facts).outcome == "late"
    assert evaluate("attendance.arrival", "tv_shopping", facts).outcome == "absent_half_day"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"figure": "no.figure"}, "figure"),
        ({"value": "many"}, "value"),
        ({"value": "NaN"}, "value"),
        ({"value": "-1"}, "value"),
        ({"value": ""}, "value"),
        ({"value": "15"}, "value"),
        ({"value": "15.0"}, "value"),
        ({"reason": "  "}, "reason"),
        ({"until": APRIL}, "until"),
    ],
)
def test_what_cannot_be_is_refused_by_its_field(changed, field):
    assert unfit(**changed) == field
    assert not Amendment.objects.exists()


def test_a_closed_month_is_not_touched_and_the_remedy_is_said(closed):
    with pytest.raises(Unfit) as wrong:
        amending.propose(proposal(since=date(2026, 3, 31)), AUTHOR, NOW)
    assert wrong.value.field == "since"
    assert "2026-04-01" in wrong.value.message
    assert amending.propose(proposal(), AUTHOR, NOW).since == APRIL


def test_a_month_that_closes_before_the_decision_stops_it(proposed, monkeypatch):
    monkeypatch.setattr(closing, "_providers", {"test": lambda: date(2026, 4, 30)})
    with pytest.raises(Unfit):
        amending.approve(proposed.pk, DIRECTOR, NOW)
    proposed.refresh_from_db()
    assert proposed.state == "proposed"


def test_the_second_to_decide_is_told_what_happened(proposed):
    amending.close(proposed.pk, DIRECTOR, NOW)
    with pytest.raises(Decided) as told:
        amending.approve(proposed.pk, DIRECTOR, NOW)
    assert told.value.amendment.state == "refused"
    assert not HandbookVersion.objects.exists()


def test_two_values_for_one_day_cannot_both_hold(proposed):
    other = amending.propose(proposal(value="25"), AUTHOR, NOW)
    amending.approve(proposed.pk, DIRECTOR, NOW)
    with pytest.raises(Unfit) as wrong:
        amending.approve(other.pk, DIRECTOR, NOW)
    assert wrong.value.field == "since"
    other.refresh_from_db()
    assert other.state == "proposed"


def test_the_database_too_refuses_a_trial_that_ends_before_it_begins(proposed):
    with pytest.raises((IntegrityError, ValidationError)):
        Amendment.objects.filter(pk=proposed.pk).update(until=APRIL)


def test_another_process_sees_the_approval_by_the_version(proposed):
    site_handbook()
    Amendment.objects.filter(pk=proposed.pk).update(state="approved", decided_at=NOW)
    HandbookVersion.objects.create(pk=1, number=7)
    site._known.looked = float("-inf")
    assert site_handbook().on(APRIL).number(FIGURE) == 20


def test_the_handbook_costs_one_query_and_then_none(django_assert_num_queries):
    site.forget()
    with django_assert_num_queries(1):
        site_handbook()
        site_handbook()


def test_a_test_on_a_slow_machine_counts_no_second_look(monkeypatch, django_assert_num_queries):
    site_handbook()
    monkeypatch.setattr(site, "monotonic", lambda: site._known.looked + 60)
    with django_assert_num_queries(0):
        site_handbook()


def test_a_proposal_is_handed_in_and_keeps_its_request(monkeypatch):
    monkeypatch.setattr(amending, "_submitter", [lambda amendment, user, now: f"R-{amendment.pk}-{user}"])
    made = amending.propose(proposal(), AUTHOR, NOW, user=3)
    assert made.request == f"R-{made.pk}-3"


MARCH = date(2026, 3, 1)


@pytest.fixture
def judged_again(monkeypatch):
    """One person of two teams each, late by 18 minutes on the third of March."""
    facts = {"rostered_start": "2026-03-03T08:00:00", "signed_in_at": "2026-03-03T08:18:00", "excused": False}

    def again(before, after, month, progress):
        for number, team in enumerate(("A", "B")):
            progress(number, 2, team)
            was, now = (evaluate("attendance.arrival", book, facts) for book in (before, after))
            if was.outcome != now.outcome:
                yield Changed(number, f"p{number}", "\u7532", team, date(2026, 3, 3), was, now, Decimal("35.5"))

    kept = {"trial": replays.Replay("trial", "Trial", again, lambda: [MARCH])}
    monkeypatch.setattr(replays, "_replays", kept)


def test_a_closed_month_is_judged_again_under_the_proposal(proposed, judged_again):
    run = replaying.ask(proposed, MARCH, AUTHOR, NOW)
    seen = []
    summary = replaying.work(run, lambda: NOW, lambda *told: seen.append(told))
    assert summary["all"] == {"changes": 2, "people": 2, "money": "71.00", "ways": {"absent_half_day>late": 2}}
    assert summary["teams"]["A"]["people"] == 1
    assert len(seen) == 2
    first = ReplayChange.objects.order_by("pk").first()
    assert (first.before["outcome"], first.after["outcome"]) == ("absent_half_day", "late")
    assert site_handbook().on(date(2026, 3, 3)).number(FIGURE) == 15


def test_a_replay_that_is_begun_again_counts_once(proposed, judged_again):
    run = replaying.ask(proposed, MARCH, AUTHOR, NOW)
    for _turn in range(2):
        replaying.work(run, lambda: NOW, lambda *told: None)
    assert ReplayChange.objects.count() == 2


def test_a_month_that_nobody_can_judge_again_is_refused(proposed, judged_again):
    with pytest.raises(replaying.NoSuchMonth):
        replaying.ask(proposed, date(2026, 2, 1), AUTHOR, NOW)
