# SPDX-License-Identifier: Apache-2.0
import base64
import hmac
import json
import socket
import threading
import time
from datetime import timedelta
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.db import transaction
from django.utils import timezone, translation

from zuoxi.approvals.models import Notice
from zuoxi.gateway import failings, kinds, outbox, subscriptions, tasks
from zuoxi.gateway.applications import NotDone
from zuoxi.gateway.models import Delivery, Happening, Try
from zuoxi.gateway.tests.scenes import person
from zuoxi.jobs import services as jobs
from zuoxi.jobs.models import Job
from zuoxi.jobs.running import run_all
from zuoxi.messaging import services as messaging
from zuoxi.tickets import moments
from zuoxi.tickets.facts import TicketTold

pytestmark = pytest.mark.django_db


class Receiver:
    """Somebody's server: keeps what came and answers with the statuses it is told, then with 204."""

    def __init__(self):
        self.seen, self.statuses, self.location, self.body, self.pause = [], [], "", b"", 0.0
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.seen.append(({k.lower(): v for k, v in self.headers.items()}, body))
                self.send_response(outer.statuses.pop(0) if outer.statuses else 204)
                if outer.location:
                    self.send_header("Location", outer.location)
                self.end_headers()
                try:
                    for at in range(0, len(outer.body), 1000):
                        self.wfile.write(outer.body[at : at + 1000])
                        time.sleep(outer.pause)
                except OSError:
                    pass

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/in"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def receiver(monkeypatch):
    monkeypatch.setenv("ZUOXI_WEBHOOK_NETWORKS", "127.0.0.0/8")
    one = Receiver()
    yield one
    one.server.shutdown()
    one.server.server_close()


@pytest.fixture
def owner():
    return person("it", "IT")


def hook(owner, url, wanted=("ticket.closed",)):
    return subscriptions.subscribe("商城", url, kinds=wanted, owner=owner, by="it", now=timezone.now())


def tell(number="T-1", moment=moments.CLOSED):
    moment.tell(TicketTold(7, number, "repair", 42, timezone.now(), "1001"))


def signed_by(secret, headers, body):
    key = base64.b64decode(secret.removeprefix("whsec_"))
    text = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, text, sha256).digest()).decode()


def through_all_tries():
    """Run the one job again and again, as if its pauses were over."""
    while run_all():
        Job.objects.filter(state=Job.State.WAITING).update(run_at=timezone.now())


def test_a_closed_ticket_is_told_with_a_signature_that_the_receiver_can_check(owner, receiver):
    _hook, secret = hook(owner, receiver.url)
    tell()
    assert run_all() == 1
    ((headers, body),) = receiver.seen
    told = json.loads(body)
    assert (told["type"], told["version"], told["data"]) == (
        "ticket.closed",
        1,
        {"id": 7, "number": "T-1", "kind": "repair", "customer_id": 42},
    )
    assert headers["webhook-id"] == told["id"]
    assert headers["webhook-signature"] == signed_by(secret, headers, body)
    assert Delivery.objects.get().state == "delivered"


def test_nobody_is_told_of_what_he_did_not_ask_for_and_nothing_is_kept(owner, receiver):
    hook(owner, receiver.url, ("ticket.opened",))
    tell()
    assert run_all() == 0 and not Happening.objects.exists()


def test_what_is_rolled_back_is_told_to_nobody(owner, receiver):
    hook(owner, receiver.url)
    with pytest.raises(RuntimeError), transaction.atomic():
        tell()
        raise RuntimeError
    assert run_all() == 0 and not receiver.seen


def test_during_a_day_after_a_change_both_secrets_sign_and_then_the_new_one_alone(owner, receiver):
    made, old = hook(owner, receiver.url)
    now = timezone.now()
    new = subscriptions.renew_secret(made.pk, by="it", now=now)
    made.refresh_from_db()
    assert len(outbox.keys_of(made, now + timedelta(hours=24) - timedelta(seconds=1))) == 2
    assert len(outbox.keys_of(made, now + timedelta(hours=24))) == 1
    tell()
    run_all()
    ((headers, body),) = receiver.seen
    assert headers["webhook-signature"].split() == [signed_by(new, headers, body), signed_by(old, headers, body)]


def test_a_receiver_that_fails_is_tried_again_with_the_same_id_and_body(owner, receiver):
    hook(owner, receiver.url)
    receiver.statuses = [500, 429]
    tell()
    through_all_tries()
    ids = {headers["webhook-id"] for headers, _body in receiver.seen}
    assert len(receiver.seen) == 3 and len(ids) == 1 and len({body for _headers, body in receiver.seen}) == 1
    assert Delivery.objects.get().state == "delivered"
    assert list(Try.objects.values_list("status", flat=True)) == [500, 429, 204]


def test_after_the_last_try_it_lies_among_the_dead_letters_and_the_owner_knows(owner, receiver):
    made, _secret = hook(owner, receiver.url)
    receiver.statuses = [503] * 100
    tell()
    through_all_tries()
    row = Delivery.objects.get()
    assert (row.state, row.tries, row.error) == ("dead", tasks.TRIES, "HTTP 503")
    assert Notice.objects.filter(staff=owner).count() == 1
    receiver.statuses = []
    assert outbox.send_all_again(made.pk, None, timezone.now()) == 1
    run_all()
    assert Delivery.objects.get().state == "delivered"
    assert not outbox.send_again(row.pk, None, timezone.now())


def test_a_redirect_is_not_followed_not_even_to_the_metadata_address(owner, receiver):
    made, _secret = hook(owner, receiver.url)
    receiver.statuses, receiver.location = [302], "http://169.254.169.254/latest/meta-data/"
    delivery = outbox.put_test(made, None, timezone.now())
    with pytest.raises(outbox.NotThrough, match="302: redirects are not followed"):
        outbox.deliver(delivery.pk, timezone.now())
    assert len(receiver.seen) == 1


def test_gone_for_good_switches_the_address_off(owner, receiver):
    made, _secret = hook(owner, receiver.url)
    receiver.statuses = [410]
    tell()
    run_all()
    made.refresh_from_db()
    assert not made.enabled and made.off_because
    tell("T-2")
    assert run_all() == 0


def test_switched_off_means_that_what_waits_is_not_sent(owner, receiver):
    made, _secret = hook(owner, receiver.url)
    tell()
    assert subscriptions.switch(made.pk, False, by="it", now=timezone.now())
    assert not subscriptions.switch(made.pk, False, by="it", now=timezone.now())
    run_all()
    assert not receiver.seen and Delivery.objects.get().state == "dead"


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://2852039166/",  # 169.254.169.254 in one number
        "http://0xa9fea9fe/",
        "http://0251.0376.0251.0376/",
        "http://127.1/",
        "http://[::ffff:169.254.169.254]/",
        "http://[64:ff9b::a9fe:a9fe]/",  # the same through NAT64
        "http://[2002:7f00:1::]/",  # 127.0.0.1 in 6to4
        "http://[::127.0.0.1]/",
        "http://[fe80::1]/",
        "http://[fd00:ec2::254]/",
        "http://100.100.100.200/",  # a cloud's metadata in the shared range
        "http://localhost/",
        "http://user@198.51.100.1/",
        "https://例子.测试/",
        "https://[::1",
        "https://8.8.8.8:99999/",
        "gopher://8.8.8.8/",
        "/etc/passwd",
        "",
    ],
)
def test_no_web_hook_reaches_into_a_private_network(owner, url):
    with pytest.raises(NotDone):
        hook(owner, url)


def test_a_name_that_answers_otherwise_a_moment_later_leads_nowhere_else(monkeypatch, owner, receiver):
    """The address that was looked at is the one that is called; and before each call it is looked at anew."""
    port = int(receiver.url.split(":")[2].split("/")[0])
    answers = ["127.0.0.1", "10.0.0.9"]
    plain = socket.getaddrinfo

    def changing(host, *rest, **named):
        if host == "hooks.example.com":
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (answers.pop(0), port))]
        return plain(host, *rest, **named)

    monkeypatch.setattr(socket, "getaddrinfo", changing)
    url, second = f"http://hooks.example.com:{port}/in", int(timezone.now().timestamp())
    assert messaging.knock_signed(url, b"{}", "evt_1", [b"k"], second).status_code == 204
    assert receiver.seen[0][0]["host"] == f"hooks.example.com:{port}"
    with pytest.raises(messaging.Refused):
        messaging.knock_signed(url, b"{}", "evt_2", [b"k"], second)
    assert len(receiver.seen) == 1


def test_an_address_that_became_private_after_it_was_set_up_is_given_up_on_at_once(monkeypatch, owner, receiver):
    made, _secret = hook(owner, receiver.url)
    monkeypatch.setenv("ZUOXI_WEBHOOK_NETWORKS", "")
    delivery = outbox.put_test(made, None, timezone.now())
    run_all()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.tries) == ("dead", 1) and "private" in delivery.error
    assert not receiver.seen


def test_an_answer_without_end_is_cut_off(owner, receiver):
    made, _secret = hook(owner, receiver.url)
    receiver.body = b"x" * 400_000
    receiver.statuses = [200]
    delivery = outbox.put_test(made, None, timezone.now())
    with pytest.raises(outbox.NotThrough, match="above 262144 bytes"):
        outbox.deliver(delivery.pk, timezone.now())


def test_an_answer_that_drips_is_cut_off_after_the_whole_time(monkeypatch, owner, receiver):
    from zuoxi.messaging.channels import letter

    monkeypatch.setattr(letter, "WHOLE", 0.2)
    made, _secret = hook(owner, receiver.url)
    receiver.body, receiver.pause, receiver.statuses = b"x" * 100_000, 0.05, [200]
    delivery, began = outbox.put_test(made, None, timezone.now()), time.monotonic()
    with pytest.raises(outbox.NotThrough):
        outbox.deliver(delivery.pk, timezone.now())
    assert time.monotonic() - began < 2


def test_one_address_is_called_by_one_worker_at_a_time(owner, receiver):
    hook(owner, receiver.url)
    tell("T-1")
    tell("T-2")
    now = timezone.now()
    assert jobs.claim("one", now) is not None and jobs.claim("two", now) is None


@pytest.mark.parametrize("wanted", [(), ("ticket.exploded",)])
def test_a_web_hook_asks_for_happenings_that_there_are(owner, receiver, wanted):
    with pytest.raises(NotDone):
        hook(owner, receiver.url, wanted)


def test_every_field_of_a_payload_is_one_that_the_moment_tells():
    for kind in kinds.KINDS.values():
        assert set(kind.fields.values()) | {"at"} <= set(kind.fact.__dataclass_fields__), kind.code


def test_old_deliveries_are_forgotten_with_their_attempts(owner, receiver):
    hook(owner, receiver.url)
    tell()
    run_all()
    assert outbox.clear(timezone.now() - timedelta(hours=1)) == 0
    assert outbox.clear(timezone.now() + timedelta(hours=1)) == 1
    assert not (Happening.objects.exists() or Try.objects.exists())


@pytest.mark.parametrize(
    ("met", "words"),
    [
        ("HTTP 503", "对方系统出错（HTTP 503）"),
        ("HTTP 410", "永久停用"),
        ("HTTP 302: redirects are not followed", "转到了另一个地址"),
        ("ConnectError: [Errno 111] Connection refused", "无法连接"),
        ("ConnectTimeout: timed out", "未在规定时间内"),
        ("hooks.example.com: [Errno -2] Name or service not known", "找不到主机名 hooks.example.com"),
        ("10.0.0.8 is in a private network", "10.0.0.8 位于内网"),
        ("the web hook is switched off", "已停用"),
        ("write the host of a web hook in ASCII (xn--…)", "ASCII"),
        ("a web hook is an http or https address without a sign-in", "不含用户名"),
        ("no web address: Invalid IPv6 URL", "不是有效的网址"),
        ("the receiver says that it is gone for good (HTTP 410)", "永久停用"),
        ("something nobody has met", "something nobody has met"),
        ("", ""),
    ],
)
def test_why_a_telling_failed_is_said_in_the_readers_language(met, words):
    with translation.override("zh-hans"):
        assert words in failings.told(met)
