# SPDX-License-Identifier: Apache-2.0
import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test import Client, RequestFactory

from zuoxi.web import errors
from zuoxi.web.middleware import DenyByDefault


@pytest.fixture
def request_of():
    def make(path="/x/", **headers):
        return RequestFactory().get(path, headers=headers)

    return make


@pytest.mark.parametrize(
    ("status", "page"),
    [
        (400, lambda request: errors.bad_request(request, ValueError())),
        (403, lambda request: errors.forbidden(request, PermissionDenied("nobody.knows"))),
        (403, errors.csrf),
        (404, lambda request: errors.not_found(request, Http404())),
        (500, errors.broken),
    ],
)
def test_an_error_says_what_happened_what_was_kept_and_what_to_do(request_of, status, page):
    answer = page(request_of())
    told = answer.content.decode()
    assert answer.status_code == status
    for words in ("发生了什么", "保留了什么", "怎么处理"):
        assert words in told or "What " in told


def test_a_refusal_names_the_right_that_is_missing(request_of):
    told = errors.forbidden(request_of(), PermissionDenied("web.gallery.view")).content.decode()
    assert str(errors.registry.by_code["web.gallery.view"].label) in told


def test_whoever_asked_for_data_gets_data(request_of):
    answer = errors.not_found(request_of("/api/v1/x"), Http404())
    assert answer["Content-Type"] == "application/problem+json"
    assert errors.broken(request_of(Accept="application/json")).status_code == 500


def test_an_error_page_that_fails_itself_still_answers(request_of, monkeypatch):
    def fail(*_args, **_kwargs):
        raise RuntimeError

    monkeypatch.setattr(errors, "render", fail)
    answer = errors.broken(request_of())
    assert (answer.status_code, answer.content) == (500, b"500")


@pytest.mark.django_db
def test_a_stale_form_is_told_in_our_own_words():
    answer = Client(enforce_csrf_checks=True).post("/i18n/setlang/", {"language": "en"})
    assert answer.status_code == 403
    assert "zx-error" in answer.content.decode()


def through_the_door(request):
    view = lambda _request: None  # noqa: E731
    view.zuoxi_access = "public"
    assert DenyByDefault(lambda _request: None).process_view(request, view, (), {}) is None
    return request.GET


@pytest.mark.parametrize("day", ["0001-01-01", "0001-01", "9999-12-31", "9999-12-31T23:59:59-14:00", "1899-12-31"])
def test_a_day_at_the_end_of_the_calendar_is_as_none_before_it_falls_off(rf, day):
    asked = through_the_door(rf.get("/", {"from": day, "kind": "x"}))
    assert (asked["from"], asked["kind"]) == ("", "x")


@pytest.mark.parametrize("text", ["1900-01-01", "2999-12", "0001-01-01 客户", "13800138000"])
def test_other_words_and_days_go_through_as_they_are(rf, text):
    assert through_the_door(rf.get("/", {"q": text, "from": text})).getlist("from") == [text]
