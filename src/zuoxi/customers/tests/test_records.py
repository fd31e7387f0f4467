# SPDX-License-Identifier: Apache-2.0
"""What is kept of a customer, who changed it, and two records that are one person."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from zuoxi.customers import moments, selectors, services
from zuoxi.customers.models import Address, Consent, ContactNumber, Customer, DoNotCall, FieldChange, Merge
from zuoxi.telephony.tests import factories as make
from zuoxi.vault.models import AuditEntry

pytestmark = pytest.mark.django_db
Refused = services.Refused


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def clerk():
    return make.user("1001", "TSR").staff_member


def made(name="王女士", number="13800138000", now=None, **more):
    at = now or timezone.now()
    values = {"tags": [], "note": "", **more}
    return services.save_customer(None, name=name, by=None, now=at, number=number, **values)


@pytest.mark.clause("CUS-002")
def test_each_changed_field_leaves_a_line_with_its_business(clerk, now):
    wang = made(grade="ordinary")
    call = services.Business("call", "77")
    services.change_customer(wang, {"name": "王梅", "grade": "vip", "note": ""}, by=clerk, now=now, business=call)
    lines = {line.field: (line.old, line.new, line.reference_kind, line.reference) for line in wang.changes.all()}
    assert lines == {"name": ("王女士", "王梅", "call", "77"), "grade": ("ordinary", "vip", "call", "77")}
    assert FieldChange.objects.filter(reference_kind="").count() == 0


@pytest.mark.clause("CUS-002")
def test_a_change_without_business_waits_to_be_looked_at_once(clerk, now):
    wang = made()
    services.change_customer(wang, {"note": "怕吵"}, by=clerk, now=now)
    line = wang.changes.get()
    assert line.reference_kind == "" and line.seen_at is None
    assert services.look_at_change(line.pk, verdict="核实无误", by=clerk, now=now) is True
    assert services.look_at_change(line.pk, verdict="再看", by=clerk, now=now) is False
    line.refresh_from_db()
    assert line.verdict == "核实无误"


def test_nothing_changed_writes_nothing(clerk, now):
    wang = made()
    entries = AuditEntry.objects.count()
    services.change_customer(wang, {"name": "王女士"}, by=clerk, now=now)
    assert not wang.changes.exists() and AuditEntry.objects.count() == entries


def test_an_identity_document_is_sealed_and_its_changes_are_masked(clerk, now):
    wang = made()
    services.change_customer(wang, {"identity": "370202199001011234"}, by=clerk, now=now)
    wang.refresh_from_db()
    assert wang.identity == "370202199001011234" and wang.changes.get().new == "3****************4"
    with transaction.atomic():
        raw = Customer.objects.raw("SELECT id, identity AS sealed FROM customers_customer WHERE id = %s", [wang.pk])[0]
    assert b"370202" not in bytes(raw.sealed)


def test_a_field_that_there_is_not_is_refused(clerk, now):
    with pytest.raises(Refused, match="shoe"):
        services.change_customer(made(), {"shoe": "44"}, by=clerk, now=now)


def test_two_people_behind_one_switchboard_are_told_apart_by_extension():
    first, second = made("甲", "0532-88888888转801"), made("乙", "0532-88888888转802")
    assert first.pk != second.pk and selectors.found_by("053288888888") == first
    with pytest.raises(Refused):
        made("丙", "0532 8888 8888 ext 802")


def test_the_database_refuses_a_second_owner_of_a_number():
    made()
    with pytest.raises(IntegrityError), transaction.atomic():
        ContactNumber.objects.create(customer=made("李", "13900000000"), number="13800138000")


@pytest.mark.clause("CUS-001")
def test_a_withheld_caller_is_written_down_and_merged_when_it_turns_out_who_it_was(clerk, now):
    unknown = services.write_down_unknown(call="55", by=clerk, now=now)
    assert unknown.unknown and not unknown.numbers.exists() and str(unknown.pk) in str(unknown)
    wang = made()
    services.merge_customers(wang.pk, unknown.pk, chosen={}, by=clerk, now=now)
    assert selectors.standing(unknown.pk) == wang
    assert selectors.identities_of(unknown.pk) == (wang.pk, unknown.pk) == selectors.identities_of(wang.pk)


def test_ensure_customer_finds_or_makes_one(clerk, now):
    made_now = services.ensure_customer("138 0013 8000", by=clerk, now=now)
    assert services.ensure_customer("+8613800138000", "王", by=clerk, now=now) == made_now and made_now.unknown
    with pytest.raises(Refused):
        services.ensure_customer("1.38E+10", by=clerk, now=now)


class TestMerging:
    @pytest.fixture
    def two(self, clerk):
        kept = made("王梅", "13800138000", grade="vip", tags=["老客户"], note="上午勿扰")
        gone = made("王女士", "13900139000", source="order", tags=["北京", "老客户"], note="有狗", identity="X1234567")
        Customer.objects.filter(pk=gone.pk).update(birthday=date(1990, 1, 2))
        return kept, Customer.objects.get(pk=gone.pk)

    @pytest.mark.clause("CUS-016")
    def test_one_customer_has_what_both_had(self, two, clerk, now):
        kept, gone = two
        services.merge_customers(kept.pk, gone.pk, chosen={"name": "gone", "note": "both"}, by=clerk, now=now)
        kept.refresh_from_db()
        assert (kept.name, kept.grade, kept.source, kept.birthday) == ("王女士", "vip", "order", date(1990, 1, 2))
        assert kept.tags == ["老客户", "北京"] and kept.note == "上午勿扰\n有狗" and kept.identity == "X1234567"
        assert selectors.found_by("13900139000") == selectors.found_by("13800138000") == kept

    @pytest.mark.clause("CUS-016")
    def test_undone_it_is_exactly_as_before(self, two, clerk, now):
        kept, gone = two
        third = made("王", "13700137000")
        services.merge_customers(gone.pk, third.pk, chosen={}, by=clerk, now=now)
        was = {one.pk: one for one in Customer.objects.all()}
        numbers = dict(ContactNumber.objects.values_list("number", "customer"))
        merge = services.merge_customers(kept.pk, gone.pk, chosen={"name": "gone"}, by=clerk, now=now)
        assert selectors.standing(third.pk) == kept
        services.undo_merge(merge.pk, by=clerk, now=now)
        fields = [one.attname for one in Customer._meta.concrete_fields]
        for one in Customer.objects.all():
            assert [getattr(one, name) for name in fields] == [getattr(was[one.pk], name) for name in fields]
        assert dict(ContactNumber.objects.values_list("number", "customer")) == numbers
        with pytest.raises(Refused):
            services.undo_merge(merge.pk, by=clerk, now=now)

    def test_what_was_changed_after_the_merge_stays_when_it_is_undone(self, two, clerk, now):
        kept, gone = two
        merge = services.merge_customers(kept.pk, gone.pk, chosen={"name": "gone"}, by=clerk, now=now)
        later = now + timedelta(minutes=5)
        services.change_customer(kept, {"grade": "care"}, by=clerk, now=later)
        services.undo_merge(merge.pk, by=clerk, now=later)
        kept.refresh_from_db()
        assert (kept.grade, kept.name, kept.identity) == ("care", "王梅", None)

    def test_a_second_merge_of_the_same_is_refused(self, two, clerk, now):
        kept, gone = two
        services.merge_customers(kept.pk, gone.pk, chosen={}, by=clerk, now=now)
        with pytest.raises(Refused):
            services.merge_customers(kept.pk, gone.pk, chosen={}, by=clerk, now=now)
        with pytest.raises(Refused):
            services.merge_customers(kept.pk, kept.pk, chosen={}, by=clerk, now=now)
        assert Merge.objects.count() == 1

    def test_an_older_merge_is_not_undone_below_a_newer_one(self, two, clerk, now):
        kept, gone = two
        first = services.merge_customers(kept.pk, gone.pk, chosen={}, by=clerk, now=now)
        services.merge_customers(kept.pk, made("王", "13700137000").pk, chosen={}, by=clerk, now=now)
        with pytest.raises(Refused):
            services.undo_merge(first.pk, by=clerk, now=now)

    def test_a_merged_record_is_not_changed_any_more(self, two, clerk, now):
        kept, gone = two
        services.merge_customers(kept.pk, gone.pk, chosen={}, by=clerk, now=now)
        with pytest.raises(Refused):
            services.change_customer(gone, {"name": "x"}, by=clerk, now=now)

    def test_packages_above_are_told(self, two, clerk, now):
        told = []
        moments.MERGED.listen(told.append)
        try:
            services.merge_customers(two[0].pk, two[1].pk, chosen={}, by=clerk, now=now)
        finally:
            moments.MERGED.leave(told.append)
        assert [(one.customer_id, one.kept_id) for one in told] == [(two[1].pk, two[0].pk)]


class TestWhomWeMayCall:
    def test_offers_need_a_consent_and_service_does_not(self, clerk, now):
        wang = made()
        assert selectors.may_call("13800138000", now).outcome == "allowed"
        assert selectors.may_call("13800138000", now, purpose="offers").outcome == "no_consent"
        assert selectors.may_call("13700000000", now, purpose="offers").outcome == "no_consent"
        services.say_consent(wang, "call", given=True, proof_kind="recording", proof="call 7", by=clerk, now=now)
        assert selectors.may_call("+86 13800138000", now, purpose="offers").outcome == "allowed"
        services.say_consent(wang, "call", given=False, proof_kind="text", proof="不再打", by=clerk, now=now)
        found = selectors.may_call("13800138000", now, purpose="offers")
        assert found.outcome == "no_consent" and "撤回" in found.why.zh

    def test_a_consent_without_proof_is_refused(self, clerk, now):
        with pytest.raises(Refused):
            services.say_consent(made(), "call", given=True, proof_kind="text", proof=" ", by=clerk, now=now)
        assert not Consent.objects.exists()

    def test_a_consent_given_before_a_merge_counts_after_it(self, clerk, now):
        kept, gone = made(), made("王", "13900139000")
        services.say_consent(gone, "call", given=True, proof_kind="recording", proof="call 7", by=clerk, now=now)
        services.merge_customers(kept.pk, gone.pk, chosen={}, by=clerk, now=now)
        assert selectors.may_call("13800138000", now, purpose="offers").outcome == "allowed"

    @pytest.mark.parametrize(
        ("scope", "service", "offers", "survey"),
        [
            ("everything", "do_not_call", "do_not_call", "do_not_call"),
            ("offers", "allowed", "do_not_call", "allowed"),
            ("surveys", "allowed", "no_consent", "do_not_call"),
        ],
    )
    def test_a_wish_not_to_be_called_reaches_as_far_as_it_says(self, clerk, now, scope, service, offers, survey):
        services.bar_number("138 0013 8000", scope=scope, reason="本人要求", source="customer", by=clerk, now=now)
        asked = {name: selectors.may_call("13800138000", now, purpose=name).outcome for name in ("service", "offers")}
        assert asked == {"service": service, "offers": offers}
        assert selectors.may_call("13800138000", now, purpose="survey").outcome == survey

    def test_its_time_ends_on_the_moment(self, clerk, now):
        until = now + timedelta(days=30)
        services.bar_number(
            "13800138000", scope="everything", reason="忙", source="customer", by=clerk, now=now, until=until
        )
        just_before = until - timedelta(seconds=1)
        assert selectors.may_call("13800138000", just_before).outcome == "do_not_call"
        assert selectors.may_call("13800138000", until).outcome == "allowed"

    def test_a_later_wish_lengthens_the_entry_and_an_earlier_end_never_shortens_it(self, clerk, now):
        said = {"scope": "offers", "reason": "忙", "source": "customer", "by": clerk, "now": now}
        week, month = now + timedelta(days=7), now + timedelta(days=30)
        services.bar_number("13800138000", until=week, **said)
        assert services.bar_number("13800138000", until=month, **said).until == month
        assert services.bar_number("13800138000", until=week, **said).until == month
        assert services.bar_number("13800138000", **said).until is None
        assert services.bar_number("13800138000", until=week, **said).until is None
        assert selectors.may_call("13800138000", month, purpose="offers").outcome == "do_not_call"

    def test_lifted_it_may_be_called_again_and_only_once(self, clerk, now):
        entry = services.bar_number("13800138000", scope="offers", reason="忙", source="customer", by=clerk, now=now)
        again = services.bar_number("13800138000", scope="offers", reason="忙", source="ours", by=clerk, now=now)
        assert again == entry and DoNotCall.objects.count() == 1
        services.lift_bar(entry.pk, why="本人要求恢复", by=clerk, now=now)
        with pytest.raises(Refused):
            services.lift_bar(entry.pk, why="再次", by=clerk, now=now)
        assert selectors.may_call("13800138000", now).outcome == "allowed"


def test_the_same_address_is_kept_once_however_it_is_written(clerk, now):
    wang = made()
    first = {"city": "青岛市", "community": "海信花园小区", "building": "3号楼", "unit": "2单元", "room": "501室"}
    services.add_address(wang, first, by=clerk, now=now)
    services.add_address(wang, {"city": "青岛市", "line": "海信花园 3-2-501"}, by=clerk, now=now)
    assert Address.objects.count() == 1 and Address.objects.get().preferred
    with pytest.raises(Refused):
        services.add_address(wang, {"line": " "}, by=clerk, now=now)
