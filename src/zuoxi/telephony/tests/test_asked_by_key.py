# SPDX-License-Identifier: Apache-2.0
"""A caller is asked by key after the call: the dial plan, the facts, the call's rows, its page, and the counts."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from zuoxi.policy.selectors import site_handbook
from zuoxi.telephony.asked_by_key import answers_of, keyed_between
from zuoxi.telephony.asterisk.config import Queue as PlannedQueue
from zuoxi.telephony.asterisk.config import Survey, SurveyQuestion, UnsafeValue, includes
from zuoxi.telephony.asterisk.site import survey_of as asked_in
from zuoxi.telephony.call_search import SURVEYED
from zuoxi.telephony.handbook import SURVEYS, survey_of
from zuoxi.telephony.models import Call, Queue, Switch
from zuoxi.telephony.page_models import SurveyWording
from zuoxi.telephony.settings_forms import QueueForm
from zuoxi.telephony.survey_wordings import note_wordings
from zuoxi.telephony.tests import factories as make
from zuoxi.telephony.tests.test_folds import ANSWERED, call
from zuoxi.telephony.tests.test_switch_config import context, plan

FIVE = SurveyQuestion("zuoxi/survey", (("5", 5, "satisfied"), ("1", 1, "dissatisfied")))
TWO = Survey((FIVE, SurveyQuestion("zuoxi/survey-second", (("1", 1, ""), ("2", 2, "")))), 6)

ENDED = """
    +60   leg.left @1001 channel=a bridge=b
    +60   agent.completed @1001 queue=sales talk=52 ended_by=agent
    +60.2 survey.asked @1001 questions={many} queue=sales
    {answers}
    +75   call.ended channel=c
"""


def rated(*answers: str, many: int = 1):
    return call(ANSWERED + ENDED.format(many=many, answers="\n".join(answers)))


def dialplan(survey: Survey | None) -> str:
    return includes(plan(queues=(PlannedQueue("sales", survey=survey), PlannedQueue("support"))))[
        "zuoxi_extensions.conf"
    ]


@pytest.mark.once
def test_only_the_queue_that_asks_has_questions_and_every_queue_has_a_way_back():
    text = dialplan(TWO)
    assert "Read(ZX_KEY,zuoxi/survey,1,,1,6)" in context(text, "zuoxi-survey-sales")
    assert context(text, "zuoxi-survey-support").split() == ["exten", "=>", "s,1,Return()"]
    assert "Gosub(zuoxi-survey-${ZX_QUEUE},s,1(${MEMBERNAME}))" in context(text, "zuoxi-in-8000")


@pytest.mark.once
def test_every_key_of_the_telephone_has_its_step_and_a_wrong_one_says_nothing():
    text = context(dialplan(TWO), "zuoxi-survey-sales")
    for number in (1, 2):
        assert set(re.findall(rf"exten => key{number}-(\d?),1", text)) == {"", *"0123456789"}
    wrong = re.search(r"exten => key1-7,1,(.*)", text)
    assert wrong is not None and wrong[1] == "Goto(ask2,1)"
    assert text.count("UserEvent(ZuoxiSurvey") == 4
    assert "Score: 5,Means: satisfied" in text
    assert text.count("UserEvent(ZuoxiAsked,Questions: 2,Queue: sales") == 1


@pytest.mark.once
@pytest.mark.parametrize(
    "keys",
    [(), (("5", 5, ""), ("5", 4, "")), (("*", 1, ""),), (("1", 1, "fine\n"),), (("1", 101, ""),), (("12", 1, ""),)],
)
def test_a_key_that_no_telephone_has_or_that_stands_twice_is_refused(keys):
    with pytest.raises(UnsafeValue):
        SurveyQuestion("zuoxi/survey", keys)


@pytest.mark.once
def test_the_answer_is_kept_with_what_it_means_and_lengthens_neither_talk_nor_wait():
    row, without = rated("+64 survey.answered @1001 score=4 question=1 means=satisfied"), rated()
    assert (row.survey_asked, row.survey_score, row.survey_means, row.survey_answers) == (1, 4, "satisfied", "1:4")
    assert (row.wait_seconds, row.talk_seconds, row.ended_by) == (without.wait_seconds, without.talk_seconds, "agent")
    assert row.legs == without.legs and row.legs[0].to_at is not None
    assert (row.legs[0].to_at - row.legs[0].from_at).total_seconds() == 53


@pytest.mark.once
def test_a_caller_who_presses_nothing_was_asked_and_gave_no_mark():
    row = rated()
    assert (row.survey_asked, row.survey_score, row.survey_means, row.survey_answers) == (1, None, "", "")


@pytest.mark.once
def test_the_second_question_alone_answered_is_no_mark_for_the_call():
    row = rated("+68 survey.answered @1001 score=2 question=2", many=2)
    assert (row.survey_asked, row.survey_score, row.survey_answers) == (2, None, "2:2")


@pytest.mark.once
def test_who_answered_was_asked_even_where_the_asking_was_not_heard():
    row = call(ANSWERED + "+64 survey.answered @1001 score=5")
    assert (row.survey_asked, row.survey_score) == (1, 5)


@pytest.mark.once
def test_a_call_that_nobody_was_asked_about_says_so():
    assert call(ANSWERED).survey_asked is None


@pytest.mark.once
def test_every_survey_of_the_handbook_can_be_asked_by_the_switch_and_says_what_satisfies():
    known = site_handbook().entries(SURVEYS)
    assert {"one_question", "two_questions", "three_keys"} <= known.keys()
    for name, body in known.items():
        assert asked_in(Queue(code="sales", surveyed=True, survey=name)) is not None
        means = {key.means for key in body.questions[0].keys}
        assert means == {"satisfied", "fairly_satisfied", "dissatisfied"}, name


@pytest.mark.once
def test_a_survey_that_the_handbook_has_no_longer_falls_back_to_its_first():
    assert survey_of(site_handbook(), "gone") == survey_of(site_handbook(), "")


@pytest.mark.django_db
def test_the_queues_form_takes_a_survey_of_the_handbook_and_no_other():
    switch = Switch.objects.create(name="main")
    said = {
        "code": "care", "name_zh": "客服", "name_en": "Care", "switch": switch.pk, "strategy": "rrmemory",
        "ring_seconds": 15, "wrap_seconds": 30, "target_seconds": 20, "target_percent": 80, "short_abandon_seconds": 5,
        "max_wait_seconds": 300, "max_callers": 0, "priority": 0, "surveyed": "on", "survey": "two_questions",
    }  # fmt: skip
    assert QueueForm(said).is_valid(), QueueForm(said).errors
    assert "survey" in QueueForm({**said, "survey": "invented"}).errors


@pytest.mark.django_db
@pytest.mark.clause("FUP-006")
def test_asked_answered_and_satisfied_are_counted_apart_and_no_answer_is_never_a_zero():
    begun = make.call(survey_asked=1, survey_score=5, survey_means="satisfied").offered_at
    make.call(survey_asked=1, survey_score=3, survey_means="fairly_satisfied")
    make.call(survey_asked=1, survey_score=1, survey_means="dissatisfied")
    make.call(survey_asked=1)
    make.call()
    span = begun - timedelta(days=2), begun + timedelta(days=2)
    found = keyed_between(*span)
    assert (found.asked, found.answered, found.satisfied, found.fairly_satisfied, found.dissatisfied) == (4, 3, 1, 1, 1)
    assert (found.mean, found.response) == (3.0, 0.75)
    counts = {name: Call.objects.filter(which).count() for name, which in SURVEYED.items()}
    assert counts == {
        "asked": 4, "answered": 3, "silent": 1, "satisfied": 1, "fairly_satisfied": 1, "dissatisfied": 1, "content": 2,
    }  # fmt: skip
    assert keyed_between(span[1], span[1] + timedelta(days=1)).response is None


@pytest.mark.django_db
def test_the_call_says_each_question_with_its_answer():
    one = make.call(survey_asked=2, survey_score=4, survey_means="satisfied", survey_answers="1:4")
    queue = Queue(code="sales", survey="two_questions")
    first, second = answers_of(one, queue)
    assert (first.said, first.points) == ("满意", 4)
    assert (second.said, second.points) == ("", None)
    assert answers_of(make.call(), queue) == []


@pytest.mark.django_db
def test_an_answer_keeps_the_words_it_was_asked_in_however_the_survey_asks_afterwards():
    queue = make.queue("sales", surveyed=True, survey="one_question")
    one = make.call(survey_asked=1, survey_score=5, survey_means="satisfied", survey_answers="1:5")
    (before,) = answers_of(one, queue)
    assert note_wordings(one.offered_at - timedelta(days=3)) == 1
    assert note_wordings(one.offered_at - timedelta(days=2)) == 0
    kept = SurveyWording.objects.get()
    other = [{"ask": ["还会再来吗？", "Will you come again?"], "keys": {"5": ["一定", "Surely"]}}]
    SurveyWording.objects.create(queue="sales", since=one.ended_at + timedelta(seconds=1), questions=other)
    assert answers_of(one, queue) == [before]
    later = make.call(
        one.offered_at + timedelta(days=1), survey_asked=1, survey_score=5, survey_answers="1:5", queue="sales"
    )
    assert [(was.ask, was.said) for was in answers_of(later, queue)] == [("还会再来吗？", "一定")]
    with translation.override("en"):
        assert answers_of(later, queue)[0].said == "Surely"
    SurveyWording.objects.filter(pk=kept.pk).update(queue="other")
    assert answers_of(one, queue)[0].said == "一定", "before the first that is known, the first"


@pytest.mark.django_db
def test_the_call_page_and_the_list_show_what_was_answered():
    one = make.call(survey_asked=1, survey_score=2, survey_means="dissatisfied", survey_answers="1:2")
    silent = make.call(survey_asked=1)
    client = Client()
    client.force_login(make.user("9001", "DIR"))
    assert "不满意" in client.get(reverse("telephony:call", args=[one.pk])).content.decode()
    assert "未作答" in client.get(reverse("telephony:call", args=[silent.pk])).content.decode()
    page = client.get(reverse("telephony:calls"), {"survey": "content", "when": "all"}).content.decode()
    assert reverse("telephony:call", args=[one.pk]) not in page
    page = client.get(reverse("telephony:calls"), {"survey": "dissatisfied", "when": "all"}).content.decode()
    assert reverse("telephony:call", args=[one.pk]) in page
    assert reverse("telephony:call", args=[silent.pk]) not in page
