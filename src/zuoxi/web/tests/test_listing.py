# SPDX-License-Identifier: Apache-2.0
import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.db.models import Max
from django.template import Context, Template
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from zuoxi.web.listing import page_number, page_of, page_of_rows, sort_of

SORTS = {"at": "started_at", "wait": "wait_seconds"}


def ask(query: str):
    return RequestFactory().get(f"/list/{query}")


@pytest.mark.parametrize(("page", "number"), [("", 1), ("3", 3), ("0", 1), ("-1", 1), ("x", 1), ("9" * 20, 1)])
def test_nonsense_asks_for_the_first_page(page, number):
    assert page_number(ask(f"?page={page}")) == number


def test_only_permitted_columns_sort():
    assert sort_of(ask("?sort=-wait"), SORTS, "-at") == ("wait_seconds", True)
    assert sort_of(ask("?sort=password"), SORTS, "-at") == ("started_at", True)
    assert sort_of(ask(""), SORTS, "at") == ("started_at", False)


def test_the_last_page_knows_that_it_is_the_last():
    page = page_of_rows(ask("?page=3"), list(range(101)), 50)
    assert (page.first, page.last, page.has_next, page.has_previous) == (101, 101, False, True)
    assert page_of_rows(ask(""), [], 50).first == 0


def test_the_pager_keeps_the_filters():
    request = ask("?queue=sales&page=1")
    context = Context({"request": request, "page": page_of_rows(request, list(range(60)), 50)})
    drawn = Template("{% pager page %}").render(context)
    assert 'href="?page=2&amp;queue=sales"' in drawn
    assert 'rel="prev"' not in drawn


def test_a_header_sorts_up_then_down_and_goes_back_to_the_first_page():
    template = Template('{% sort_header "wait" "Waited" num=True default="-at" %}')
    assert 'href="?sort=-wait"' in template.render(Context({"request": ask("?page=4")}))
    up = template.render(Context({"request": ask("?sort=-wait&queue=1")}))
    assert 'aria-sort="descending"' in up
    assert "sort=wait" in up


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("column", "told"),
    [("username", False), ("pk", False), ("last_login", True), ("newest", True), ("groups__name", True)],
)
def test_only_what_may_be_unknown_is_put_last_for_an_index_knows_no_such_order(column, told):
    asked = get_user_model().objects.annotate(newest=Max("last_login"))
    with CaptureQueriesContext(connection) as questions:
        page_of(ask(""), asked, {"x": column}, "-x")
    assert ("NULLS LAST" in questions.captured_queries[0]["sql"]) is told
