# SPDX-License-Identifier: Apache-2.0
"""What a task says is read in the language of whoever looks."""

import pytest
from django.utils import timezone, translation

from zuoxi.jobs.models import Job
from zuoxi.jobs.selectors import progress_of
from zuoxi.jobs.words import heard, told


def test_a_sentence_is_read_in_the_readers_language_with_its_words():
    kept = told("about %(what)s", what=told("Failed"))
    with translation.override("zh-hans"):
        assert heard(kept) == "about 失败"
    with translation.override("en"):
        assert heard(kept) == "about Failed"


@pytest.mark.once
@pytest.mark.parametrize(
    "text", ["", "plain", '{"say": 3', '{"say": "%(missing)s"}', '{"say": null}', '{"other": "x"}']
)
def test_what_is_no_such_sentence_stands_as_it_is(text):
    assert heard(text) == text


@pytest.mark.django_db
def test_a_job_tells_each_reader_how_far_it_is_and_why_it_failed():
    now = timezone.now()
    job = Job(task="jobs.rest", state="failed", run_at=now, created_at=now, error=told("Cancelled"))
    with translation.override("zh-hans"):
        assert progress_of(job)["message"] == "已取消"
    with translation.override("en"):
        assert progress_of(job)["message"] == "Cancelled"
    job.message = told("Running")
    with translation.override("en"):
        assert progress_of(job)["message"] == "Running"
