# SPDX-License-Identifier: Apache-2.0
"""What the analyst takes out waits for a second person; counts of tries are shared by all processes."""

from datetime import UTC, datetime

import pytest
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.urls import reverse

from zuoxi.vault import releasing
from zuoxi.vault.models import AuditEntry, HeldExport, SharedCount
from zuoxi.vault.releasing import Doer, File, NotReleased, must_be_reviewed
from zuoxi.vault.shared_cache import SharedCounts

NOW = datetime(2026, 11, 20, 4, tzinfo=UTC)
ANALYST, MANAGER, OTHER = Doer("6001", "Analyst"), Doer("8003", "Manager"), Doer("8001", "Other")
FILE = File("Figures", "figures.csv", "text/csv", "一,二\n".encode(), "for the monthly meeting")


@pytest.fixture
def held(db, settings, tmp_path):
    settings.HOME = tmp_path
    return releasing.hold(FILE, ANALYST, NOW)


@pytest.mark.once
@pytest.mark.clause("SEC-002")
@pytest.mark.parametrize(
    ("roles", "reviewed"),
    [(["DA"], True), (["DA", "TSR"], True), (["DA", "OM"], False), (["SM"], False), (["DIR"], False), (["TSR"], False)],
)
def test_only_who_exports_as_the_analyst_alone_is_reviewed(roles, reviewed):
    assert must_be_reviewed(roles) is reviewed


@pytest.mark.clause("SEC-002")
def test_the_analyst_has_the_file_only_after_the_second_look(held):
    with pytest.raises(NotReleased):
        releasing.fetch(held.pk, ANALYST, NOW, reviewer=False)
    assert releasing.fetch(held.pk, MANAGER, NOW, reviewer=True)[1] == FILE.content
    releasing.decide(held.pk, MANAGER, NOW, release=True)
    assert releasing.fetch(held.pk, ANALYST, NOW, reviewer=False)[1] == FILE.content
    assert HeldExport.objects.get().fetched_at == NOW
    verbs = list(AuditEntry.objects.order_by("id").values_list("verb", flat=True))
    assert verbs == ["vault.export.held", "vault.export.looked", "vault.export.released", "vault.export.fetched"]


@pytest.mark.clause("SEC-002")
def test_nobody_releases_his_own_whatever_posts_he_holds(held):
    with pytest.raises(NotReleased):
        releasing.decide(held.pk, ANALYST, NOW, release=True)
    with pytest.raises(NotReleased):
        releasing.fetch(held.pk, ANALYST, NOW, reviewer=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        HeldExport.objects.update(decided_by="6001")


@pytest.mark.clause("SEC-002")
def test_the_second_of_two_managers_is_told_who_was_faster(held):
    releasing.decide(held.pk, MANAGER, NOW, release=False, reason="numbers of customers in it")
    with pytest.raises(NotReleased, match="Manager"):
        releasing.decide(held.pk, OTHER, NOW, release=True)
    with pytest.raises(NotReleased):
        releasing.fetch(held.pk, ANALYST, NOW, reviewer=False)


def test_turning_down_needs_a_reason_and_changes_nothing_without(held):
    with pytest.raises(NotReleased):
        releasing.decide(held.pk, MANAGER, NOW, release=False, reason=" ")
    assert HeldExport.objects.get().state == "waiting"


def test_the_file_on_disk_is_sealed_and_says_so_when_it_is_gone(held, tmp_path):
    (path,) = (tmp_path / "exports").glob("*.sealed")
    assert FILE.content not in path.read_bytes()
    path.unlink()
    with pytest.raises(NotReleased, match="7"):
        releasing.fetch(held.pk, MANAGER, NOW, reviewer=True)


@pytest.mark.clause("SEC-002")
def test_the_pages_of_a_held_export(held, member, client):
    analyst, manager, stranger = member("DA"), member("SM"), member("DA")
    HeldExport.objects.update(asked_by=analyst.get_username())
    client.force_login(stranger)
    assert client.get(reverse("vault:export_file", args=[held.pk])).status_code == 404
    assert "figures.csv" not in client.get(reverse("vault:exports")).content.decode()
    client.force_login(analyst)
    assert client.get(reverse("vault:export_file", args=[held.pk])).status_code == 302
    assert client.post(reverse("vault:decide_export", args=[held.pk]), {"release": "1"}).status_code == 403
    client.force_login(manager)
    assert client.get(reverse("vault:export_file", args=[held.pk])).content == FILE.content
    assert client.post(reverse("vault:decide_export", args=[held.pk]), {"release": "1"}).status_code == 302
    client.force_login(analyst)
    page = client.get(reverse("vault:exports")).content.decode()
    assert "已放行" in page
    assert client.get(reverse("vault:export_file", args=[held.pk])).content == FILE.content


@pytest.mark.django_db
def test_counts_of_tries_lie_in_the_database_and_everything_else_in_the_process():
    one, other = SharedCounts("one", {}), SharedCounts("other", {})
    assert one.add("allauth:rl:login:1", [1.0], 60)
    assert not other.add("allauth:rl:login:1", [2.0], 60)
    other.set("allauth:rl:login:1", [1.0, 2.0], 60)
    assert one.get("allauth:rl:login:1") == [1.0, 2.0]
    one.add("survey-page:10.0.0.1:1200", 0, 70)
    assert other.incr("survey-page:10.0.0.1:1200") == 1
    one.set("people.seen.3", True)
    assert other.get("people.seen.3") is None
    assert SharedCount.objects.count() == 2
    assert other.delete("allauth:rl:login:1")
    assert one.get("allauth:rl:login:1") is None
    cache.clear()
    assert SharedCount.objects.count() == 1


def test_a_list_of_many_exports_costs_as_many_queries_as_one(held, member, client, django_assert_max_num_queries):
    for number in range(30):
        releasing.hold(FILE, Doer(f"7{number:03}", "x"), NOW)
    client.force_login(member("SM"))
    with django_assert_max_num_queries(12):
        client.get(reverse("vault:exports"))
