# SPDX-License-Identifier: Apache-2.0
"""Customers found by their names, in the full text and before they are in it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from zuoxi.customers import importing, indexing, services
from zuoxi.customers.finding import named_ids, searched
from zuoxi.customers.models import Customer, CustomerImport
from zuoxi.people.models import User
from zuoxi.search.models import Entry

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def people(*names, tags=(), at=NOW - timedelta(hours=1)):
    return [services.save_customer(None, name=name, tags=list(tags), note="", by=None, now=at) for name in names]


def names(words):
    return sorted(searched(words, Customer.objects.all()).values_list("name", flat=True))


@pytest.mark.parametrize("indexed", [False, True])
def test_a_part_of_a_name_or_a_tag_finds_whether_it_is_in_the_full_text_or_not(indexed):
    people("王小美", "李小美丽", "云州物业公司")
    people("赵六", tags=["老客户"])
    if indexed:
        assert indexing.catch_up(NOW) == 4
    assert names("小美") == ["李小美丽", "王小美"]
    assert names("物业") == ["云州物业公司"]
    assert names("客户") == ["赵六"]
    assert names("王") == ["王小美"]
    assert names("美") == ["李小美丽", "王小美"]
    assert names("孙") == []


def test_the_sound_and_the_first_letters_of_a_name_find_it():
    people("王小美", "李四")
    indexing.catch_up(NOW)
    assert names("wangxiaomei") == names("wangx") == names("WXM") == ["王小美"]


def test_who_came_last_is_found_before_his_turn_and_his_turn_comes():
    people("王小美")
    indexing.catch_up(NOW)
    people("王小丽", at=NOW)
    assert indexing.catch_up(NOW) == 0
    assert names("王小") == ["王小丽", "王小美"]
    assert indexing.catch_up(NOW + timedelta(minutes=3)) == 1
    assert names("王小") == ["王小丽", "王小美"]


def test_a_changed_name_is_found_and_the_old_one_is_not():
    (one,) = people("王小美")
    indexing.catch_up(NOW)
    services.change_customer(one, {"name": "王大美"}, by=None, now=NOW)
    assert (names("小美"), names("大美")) == ([], ["王大美"])
    assert Entry.objects.filter(kind=indexing.KIND).count() == 1


def test_a_name_that_very_many_have_is_asked_of_each_row(monkeypatch):
    monkeypatch.setattr(indexing, "MOST_FOUND", 2)
    people("王一", "王二", "王三")
    indexing.catch_up(NOW)
    assert names("王") == ["王一", "王三", "王二"]


def test_signs_that_are_no_words_find_no_more_than_they_did():
    people("王小美")
    indexing.catch_up(NOW)
    assert names("!!") == []
    assert named_ids("小美", 5) == (Customer.objects.get().pk,)


def test_a_list_that_came_in_is_found_at_once():
    people("王小美")
    indexing.catch_up(NOW)
    user = User.objects.create(username="boss")
    table = importing.open_table("姓名,电话\n王小丽,13800138000\n".encode(), {})
    batch = CustomerImport.objects.create(name="x", token="x", by=user, at=NOW, total=1)
    importing.take(batch, table, NOW, lambda _done, _total: None, None)
    assert names("王小") == ["王小丽", "王小美"]


def test_a_long_list_is_made_piece_by_piece_and_not_when_it_was_begun():
    """The full text passes over nobody whose id is seen late, because it waits for those made a moment ago."""
    user = User.objects.create(username="boss")
    table = importing.open_table("姓名,电话\n王小丽,13800138000\n".encode(), {})
    begun = timezone.now() - timedelta(hours=1)
    batch = CustomerImport.objects.create(name="x", token="x", by=user, at=begun, total=1)
    importing.take(batch, table, begun, lambda _done, _total: None, None)
    assert indexing.catch_up(timezone.now()) == 0


def test_a_name_heard_and_written_with_other_characters_is_found_by_its_sound():
    people("王小美", "王晓梅", "李四", tags=["老客户"])
    indexing.catch_up(NOW)
    assert names("汪小美") == ["王小美", "王晓梅"]
    assert names("王小美") == ["王小美"]
    assert names("李寺") == ["李四"] and names("李六") == []


def test_letters_and_sounds_that_very_many_share_find_the_newest_and_all_of_the_rows_one_sees(monkeypatch):
    monkeypatch.setattr(indexing, "MOST_FOUND", 2)
    people("王小美", "王晓梅", "吴晓明", "李四")
    indexing.catch_up(NOW)
    assert names("wxm") == ["吴晓明", "王晓梅"]
    assert names("汪小美") == ["王小美", "王晓梅"]
    mine = Customer.objects.filter(name="王小美")
    assert [one.name for one in searched("wxm", mine)] == ["王小美"]
