# SPDX-License-Identifier: Apache-2.0
import pytest
from django.db import connection, transaction

from zuoxi.vault import services
from zuoxi.vault.models import AuditEntry, Sealed

pytestmark = pytest.mark.django_db


def three_rows():
    for number in range(3):
        services.record("test.done", who="1001", on=("thing", number), purpose="审计", n=number)


def raw(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def test_an_empty_chain_is_whole():
    status = services.verify()
    assert (status.whole, status.rows, status.head) == (True, 0, "")


@pytest.mark.clause("SEC-009")
def test_a_chain_that_nobody_touched_is_whole_and_numbered_without_gaps():
    three_rows()
    assert services.verify().whole
    assert list(AuditEntry.objects.order_by("id").values_list("id", flat=True)) == [1, 2, 3]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE vault_auditentry SET who = '1002' WHERE id = 2",
        "UPDATE vault_auditentry SET purpose = '' WHERE id = 2",
        "UPDATE vault_auditentry SET detail = '{\"n\": 9}' WHERE id = 2",
        "DELETE FROM vault_auditentry WHERE id = 2",
    ],
)
def test_a_row_changed_or_taken_out_behind_our_back_is_found_at_its_number(change):
    three_rows()
    raw(change)
    status = services.verify()
    assert status.broken_at == 2


def test_a_row_moved_to_another_number_is_found():
    three_rows()
    raw("DELETE FROM vault_auditentry WHERE id = 1")
    raw("UPDATE vault_auditentry SET id = 1 WHERE id = 3")
    assert services.verify().broken_at == 1


def test_taking_off_the_end_changes_the_head_that_was_noted():
    three_rows()
    noted = services.verify().head
    raw("DELETE FROM vault_auditentry WHERE id = 3")
    assert services.verify().head != noted


def test_the_orm_refuses_to_change_or_delete():
    three_rows()
    row = AuditEntry.objects.get(id=2)
    row.who = "1002"
    for attempt in (
        row.save,
        row.delete,
        AuditEntry.objects.all().delete,
        lambda: AuditEntry.objects.update(who="x"),
    ):
        with pytest.raises(Sealed):
            attempt()
    assert services.verify().whole


def test_what_is_rolled_back_leaves_no_row():
    services.record("test.kept")
    with pytest.raises(RuntimeError), transaction.atomic():
        services.record("test.lost")
        raise RuntimeError
    assert list(AuditEntry.objects.values_list("verb", flat=True)) == ["test.kept"]
    assert services.verify().whole


def test_a_key_that_is_gone_is_told_and_not_taken_for_forgery():
    three_rows()
    raw("UPDATE vault_auditentry SET key_id = 'lost' WHERE id = 2")
    assert services.verify().why == "unknown key"


@pytest.mark.django_db(transaction=True)
def test_two_writers_at_once_make_one_chain():
    if connection.vendor == "sqlite":
        pytest.skip("one writer at a time is what SQLite itself keeps")
    from concurrent.futures import ThreadPoolExecutor

    def write(number):
        try:
            for _ in range(10):
                services.record("test.done", n=number)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    status = services.verify()
    assert (status.whole, status.rows) == (True, 40)


def test_the_nightly_look_fails_loudly_when_the_chain_is_broken():
    from zuoxi.vault.tasks import ChainBroken, check_chain

    three_rows()
    assert check_chain(None)["rows"] == 3
    raw("UPDATE vault_auditentry SET who = '1002' WHERE id = 2")
    with pytest.raises(ChainBroken, match="row 2"):
        check_chain(None)
