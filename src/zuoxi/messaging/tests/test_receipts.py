# SPDX-License-Identifier: Apache-2.0
"""Carriers tell what became of messages; nobody else is believed."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from django.utils import timezone

from zuoxi.messaging import services
from zuoxi.messaging.channels.webhook import signature
from zuoxi.messaging.models import Channel, Message
from zuoxi.messaging.receipts import OLDEST, read
from zuoxi.vault.models import AuditEntry, KeptSecret
from zuoxi.vault.services import keep_secret

pytestmark = pytest.mark.django_db
SECRET = "correct horse"


@pytest.fixture
def sent():
    Channel.objects.create(name="sms", kind="aliyun", secrets={"receipt": services.KEPT})
    keep_secret("messaging.sms.receipt", SECRET, "9001", timezone.now())
    now = timezone.now()
    return Message.objects.create(
        channel="sms", to="1", body="x", state="sent", sent_at=now, created_at=now, provider_id="biz-7"
    )


def _post(client, body, *, secret=SECRET, second=None, name="sms", query=""):
    text = json.dumps(body).encode()
    second = int(timezone.now().timestamp()) if second is None else second
    return client.post(
        f"/hooks/receipts/{name}/{query}",
        text,
        "application/json",
        headers={
            "webhook-id": "r1",
            "webhook-timestamp": str(second),
            "webhook-signature": signature(secret.encode(), "r1", second, text),
        },
    )


def test_a_signed_receipt_marks_the_message_once(client, sent):
    for changed in (1, 0):
        answer = _post(client, [{"biz_id": "biz-7", "success": True}])
        assert (answer.status_code, answer.json()["changed"]) == (200, changed)
    sent.refresh_from_db()
    assert sent.state == Message.State.DELIVERED
    _post(client, {"id": "biz-7", "error": "too late"})
    sent.refresh_from_db()
    assert sent.state == Message.State.DELIVERED


def test_what_did_not_arrive_says_why(client, sent):
    _post(client, [{"sid": "biz-7", "report_status": "FAIL", "errmsg": "empty number"}])
    sent.refresh_from_db()
    assert (sent.state, sent.error) == (Message.State.FAILED, "empty number")


@pytest.mark.parametrize("secret", ["", "wrong"])
def test_a_wrong_signature_is_not_believed(client, sent, secret):
    assert _post(client, {"id": "biz-7"}, secret=secret).status_code == 404
    sent.refresh_from_db()
    assert sent.state == Message.State.SENT


@pytest.mark.parametrize(("late", "status"), [(OLDEST - 5, 200), (OLDEST + 5, 404), (-OLDEST - 5, 404)])
def test_an_old_or_future_signature_is_not_believed(client, sent, late, status):
    second = int(timezone.now().timestamp()) - late
    assert _post(client, {"id": "biz-7"}, second=second).status_code == status


def test_a_carrier_that_cannot_sign_carries_the_key_and_a_web_hook_may_not(client, sent):
    assert client.post("/hooks/receipts/sms/?key=wrong", b"[]", "application/json").status_code == 404
    assert client.post("/hooks/receipts/sms/?key=correct horse", b"[]", "application/json").status_code == 200
    Channel.objects.update(kind="webhook")
    assert client.post("/hooks/receipts/sms/?key=correct horse", b"[]", "application/json").status_code == 404


def test_nobody_is_believed_where_no_secret_is_set_or_no_channel_is(client, sent):
    assert _post(client, {"id": "biz-7"}, name="other").status_code == 404
    KeptSecret.objects.all().delete()
    assert _post(client, {"id": "biz-7"}).status_code == 404


@pytest.mark.parametrize("body", [b"nonsense", b"7", b'[{"success": true}]', b'["a"]'])
def test_what_is_no_receipt_is_refused_without_harm(client, sent, body):
    answer = client.post("/hooks/receipts/sms/?key=correct horse", body, "application/json")
    assert answer.status_code == 400


@pytest.mark.once
def test_a_receipt_without_a_zone_counts_now():
    now = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
    (one,) = read(b'{"id": "a", "delivered_at": "2026-11-20T08:59:00"}', now)
    assert one.at == now
    (one,) = read(b'{"id": "a", "delivered_at": "2026-11-20T08:59:00+08:00"}', now)
    assert one.at == datetime(2026, 11, 20, 0, 59, tzinfo=UTC)


def test_a_kept_secret_is_sealed_in_the_database_and_never_in_the_chain(sent):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT value FROM vault_keptsecret")
        assert SECRET.encode() not in bytes(cursor.fetchone()[0])
    assert services.secrets_of(Channel.objects.get()) == {"receipt": SECRET}
    assert SECRET not in str(AuditEntry.objects.values_list("detail", "on_id"))
    keep_secret("messaging.sms.receipt", "", "9001", timezone.now())
    assert services.secrets_of(Channel.objects.get()) == {"receipt": ""}
