# SPDX-License-Identifier: Apache-2.0
"""Each carrier says what its receiver expects, signed as the receiver checks it; a message leaves once."""

from __future__ import annotations

import base64
import hmac
import json
import threading
from datetime import UTC, datetime
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, quote, unquote, urlsplit

import pytest
from django.core import mail
from django.db import transaction
from django.utils import timezone

from zuoxi.jobs.models import Job
from zuoxi.jobs.running import run_all
from zuoxi.messaging import services
from zuoxi.messaging.channels import CARRIERS, Letter, Refused, Unreachable, addresses
from zuoxi.messaging.channels.aliyun import authorization as aliyun_authorization
from zuoxi.messaging.channels.tencent import authorization as tencent_authorization
from zuoxi.messaging.lengths import sms_parts
from zuoxi.messaging.models import Channel, Message

AT = datetime(2026, 11, 20, 1, 30, tzinfo=UTC)
LETTER = Letter("zx-7", "13800000001", "日报", "昨日接通率95.6%", AT)


class Gateway:
    """A carrier's server in the small: keeps what came, answers what it is told."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, dict[str, str], bytes]] = []
        self.answers: list[tuple[int, object]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                outer.seen.append((self.path, {k.lower(): v for k, v in self.headers.items()}, body))
                status, content = outer.answers.pop(0) if outer.answers else (200, {})
                told = content if isinstance(content, bytes) else json.dumps(content).encode()
                self.send_response(status)
                if status == 302:
                    self.send_header("Location", "http://127.0.0.1:1/")
                self.end_headers()
                self.wfile.write(told)

            def log_message(self, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.host = f"127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def gateway():
    one = Gateway()
    yield one
    one.server.shutdown()
    one.server.server_close()


def test_aliyun_takes_a_message_whose_signature_it_can_recompute(gateway):
    gateway.answers = [(200, {"Code": "OK", "BizId": "biz-1"})]
    config = {"endpoint": gateway.url, "sign_name": "坐席", "template": "SMS_1"}
    keys = {"access_key_id": "id", "access_key_secret": "key"}
    assert CARRIERS["aliyun"](LETTER, config, keys).provider_id == "biz-1"
    ((path, headers, body),) = gateway.seen
    query = urlsplit(path).query
    told = parse_qs(query)
    assert (told["PhoneNumbers"], json.loads(told["TemplateParam"][0])) == (["13800000001"], {"content": LETTER.body})
    names = headers["authorization"].split("SignedHeaders=")[1].split(",")[0].split(";")
    lines = "".join(f"{name}:{headers[name]}\n" for name in names)
    canonical = f"POST\n/\n{query}\n{lines}\n{';'.join(names)}\n{sha256(body).hexdigest()}"
    text = f"ACS3-HMAC-SHA256\n{sha256(canonical.encode()).hexdigest()}"
    assert headers["authorization"].endswith(hmac.new(b"key", text.encode(), sha256).hexdigest())
    assert headers["x-acs-content-sha256"] == sha256(b"").hexdigest()


def test_aliyuns_signature_is_the_one_of_its_own_documentation():
    """The worked example that Aliyun publishes for ACS3-HMAC-SHA256 (RunInstances)."""
    headers = {
        "host": "ecs.cn-shanghai.aliyuncs.com",
        "x-acs-action": "RunInstances",
        "x-acs-content-sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "x-acs-date": "2023-10-26T10:22:32Z",
        "x-acs-signature-nonce": "3156853299f313e23d1673dc12e1703d",
        "x-acs-version": "2014-05-26",
    }
    query = "ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd&RegionId=cn-shanghai"
    found = aliyun_authorization("YourAccessKeyId", "YourAccessKeySecret", headers, query)
    assert found.endswith("06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0")


def test_tencent_takes_a_message_whose_signature_it_can_recompute(gateway):
    gateway.answers = [(200, {"Response": {"SendStatusSet": [{"Code": "Ok", "SerialNo": "s-1"}]}})]
    config = {"endpoint": gateway.url, "app_id": "14", "sign_name": "坐席", "template": "9"}
    proof = CARRIERS["tencent"](LETTER, config, {"secret_id": "id", "secret_key": "key"})
    ((path, headers, body),) = gateway.seen
    assert (proof.provider_id, path, headers["x-tc-version"]) == ("s-1", "/", "2021-01-11")
    assert json.loads(body)["PhoneNumberSet"] == ["+8613800000001"]
    assert headers["authorization"] == tencent_authorization("id", "key", gateway.host, body, AT)
    day = hmac.new(b"TC3key", b"2026-11-20", sha256).digest()
    signing = hmac.new(hmac.new(day, b"sms", sha256).digest(), b"tc3_request", sha256).digest()
    canonical = (
        f"POST\n/\n\ncontent-type:{headers['content-type']}\nhost:{gateway.host}\nx-tc-action:sendsms\n\n"
        f"content-type;host;x-tc-action\n{sha256(body).hexdigest()}"
    )
    scope = "2026-11-20/sms/tc3_request"
    text = f"TC3-HMAC-SHA256\n{headers['x-tc-timestamp']}\n{scope}\n{sha256(canonical.encode()).hexdigest()}"
    assert headers["authorization"].endswith(hmac.new(signing, text.encode(), sha256).hexdigest())


@pytest.mark.parametrize(
    ("kind", "answer", "wanted"),
    [
        ("aliyun", {"Code": "isv.MOBILE_NUMBER_ILLEGAL"}, Refused),
        ("aliyun", {"Code": "isv.BUSINESS_LIMIT_CONTROL"}, Unreachable),
        ("tencent", {"Response": {"Error": {"Code": "AuthFailure.SignatureFailure"}}}, Refused),
        ("tencent", {"Response": {"Error": {"Code": "RequestLimitExceeded"}}}, Unreachable),
        ("tencent", {"Response": {"SendStatusSet": [{"Code": "LimitExceeded.PhoneNumberDailyLimit"}]}}, Unreachable),
        ("wecom", {"errcode": 93000, "errmsg": "invalid webhook url"}, Refused),
        ("wecom", {"errcode": 45009}, Unreachable),
        ("feishu", {"code": 19021, "msg": "sign match fail"}, Refused),
    ],
)
def test_a_refusal_for_good_is_told_from_one_for_now(gateway, kind, answer, wanted):
    gateway.answers = [(200, answer)]
    keys = dict.fromkeys(("access_key_id", "access_key_secret", "secret_id", "secret_key", "key"), "k")
    with pytest.raises(wanted):
        CARRIERS[kind](LETTER, {"endpoint": gateway.url}, keys)


@pytest.mark.parametrize("answer", [(503, {}), (429, {}), (200, b"<html>gateway</html>"), (200, [1])])
def test_a_gateway_that_stumbles_is_tried_again(gateway, answer):
    gateway.answers = [answer]
    with pytest.raises(Unreachable):
        CARRIERS["wecom"](LETTER, {"endpoint": gateway.url}, {"key": "k"})


def test_a_channel_without_its_secret_is_refused():
    with pytest.raises(Refused, match="key"):
        CARRIERS["wecom"](LETTER, {}, {})


def test_the_bots_speak_their_own_dialects(gateway):
    gateway.answers = [(200, {"errcode": 0}), (200, {"errcode": 0}), (200, {"code": 0})]
    config, keys = {"endpoint": gateway.url}, {"key": "k/1", "sign": "SEC"}
    for kind in ("wecom", "dingtalk", "feishu"):
        CARRIERS[kind](LETTER, config, keys)
    (wecom, _, text), (dingtalk, _, _), (feishu, _, body) = gateway.seen
    assert wecom == "/cgi-bin/webhook/send?key=k%2F1"
    assert json.loads(text)["text"]["content"] == LETTER.body
    told = parse_qs(urlsplit(dingtalk).query)
    moment = str(int(AT.timestamp() * 1000))
    sign = base64.b64encode(hmac.new(b"SEC", f"{moment}\nSEC".encode(), sha256).digest()).decode()
    assert (told["timestamp"], told["sign"]) == ([moment], [sign])
    content, second = json.loads(body), str(int(AT.timestamp()))
    wanted = base64.b64encode(hmac.new(f"{second}\nSEC".encode(), b"", sha256).digest()).decode()
    assert (feishu, content["sign"]) == ("/open-apis/bot/v2/hook/k%2F1", wanted)
    assert quote(unquote("k%2F1"), safe="") == "k%2F1"


def test_a_web_hook_is_signed_over_its_id_time_and_body(gateway, monkeypatch):
    monkeypatch.setenv("ZUOXI_WEBHOOK_NETWORKS", "127.0.0.0/8")
    letter = Letter("zx-9", f"{gateway.url}/in?a=1", "s", "文", AT)
    CARRIERS["webhook"](letter, {}, {"secret": "shh"})
    ((path, headers, body),) = gateway.seen
    signed = f"zx-9.{int(AT.timestamp())}.".encode() + body
    wanted = base64.b64encode(hmac.new(b"shh", signed, sha256).digest()).decode()
    assert (path, headers["host"], headers["webhook-signature"]) == ("/in?a=1", gateway.host, f"v1,{wanted}")
    gateway.answers = [(302, {})]
    with pytest.raises(Refused, match="302"):
        CARRIERS["webhook"](letter, {}, {"secret": "shh"})


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1/", "http://10.1.2.3/", "http://192.168.1.1:8080/", "http://169.254.169.254/latest", "http://[::1]/",
     "http://[::ffff:10.0.0.1]/", "http://0.0.0.0/", "ftp://example.com/", "http://user:pw@203.0.113.9/", "file:///etc/passwd",
     "http://localhost/"],
)  # fmt: skip
def test_a_web_hook_never_goes_into_a_private_network(url):
    with pytest.raises(Refused):
        addresses.destination(url)


def test_a_web_hook_goes_to_the_address_that_was_looked_at(monkeypatch):
    monkeypatch.setattr(addresses.socket, "getaddrinfo", lambda *a, **k: [(2, 1, 6, "", ("8.8.8.8", 443))])
    found = addresses.destination("https://hooks.example.com/x?y=1")
    assert (found.url, found.host) == ("https://8.8.8.8:443/x?y=1", "hooks.example.com")


pytestmark = pytest.mark.django_db


def test_a_message_leaves_by_a_job_and_keeps_its_proof(gateway, monkeypatch):
    monkeypatch.setenv("SMS_ID", "id")
    monkeypatch.setenv("SMS_KEY", "key")
    Channel.objects.create(
        name="sms", kind="aliyun", config={"endpoint": gateway.url},
        secrets={"access_key_id": "SMS_ID", "access_key_secret": "SMS_KEY"},
    )  # fmt: skip
    gateway.answers = [(200, {"Code": "OK", "BizId": "biz-2"})]
    message = services.send("sms", "13800000001", "hello", dedupe="daily:1")
    assert message.state == "queued"
    run_all()
    message.refresh_from_db()
    assert (message.state, message.provider_id, message.attempts) == ("sent", "biz-2", 1)
    assert message.sent_at is not None
    assert services.delivered("biz-2", timezone.now())
    assert not services.delivered("biz-2", timezone.now())


def test_one_reason_sends_one_message():
    first = services.send("sms", "138", "one", dedupe="x")
    assert services.send("sms", "138", "two", dedupe="x").pk == first.pk
    assert Job.objects.count() == 1
    services.send("sms", "138", "three")
    services.send("sms", "138", "three")
    assert Message.objects.count() == 3


def test_a_message_of_a_transaction_that_is_undone_never_leaves():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        services.send("sms", "138", "x")
        raise ZeroDivisionError
    assert (Message.objects.count(), Job.objects.count()) == (0, 0)


def test_a_gateway_that_stumbles_once_gets_the_message_the_second_time(gateway):
    Channel.objects.create(name="bot", kind="wecom", config={"endpoint": gateway.url}, secrets={"key": "PATH"})
    gateway.answers = [(503, {}), (200, {"errcode": 0})]
    message = services.send("bot", "群", "hello")
    run_all()
    message.refresh_from_db()
    assert (message.state, message.error) == ("queued", "HTTP 503")
    Job.objects.update(run_at=timezone.now())
    run_all()
    message.refresh_from_db()
    assert (message.state, message.attempts) == ("sent", 2)


def test_a_refused_message_has_failed_and_can_be_sent_anew(gateway):
    Channel.objects.create(name="bot", kind="wecom", config={"endpoint": gateway.url}, secrets={"key": "PATH"})
    gateway.answers = [(200, {"errcode": 93000, "errmsg": "no such bot"}), (200, {"errcode": 0})]
    message = services.send("bot", "群", "hello")
    run_all()
    message.refresh_from_db()
    assert (message.state, "no such bot" in message.error) == ("failed", True)
    assert services.send_again(message.pk)
    assert not services.send_again(message.pk)
    run_all()
    message.refresh_from_db()
    assert message.state == "sent"


def test_a_message_fails_when_its_gateway_stays_away(gateway):
    Channel.objects.create(name="bot", kind="wecom", config={"endpoint": gateway.url}, secrets={"key": "PATH"})
    gateway.answers = [(503, {})] * 6
    message = services.send("bot", "群", "hello")
    for _ in range(6):
        Job.objects.update(run_at=timezone.now())
        run_all()
    message.refresh_from_db()
    assert (message.state, len(gateway.seen)) == ("failed", 6)


def test_mail_leaves_by_djangos_backend():
    Channel.objects.create(name="email", kind="email")
    services.send("email", "w@example.com", "text", subject="Report")
    run_all()
    assert (mail.outbox[0].subject, mail.outbox[0].to) == ("Report", ["w@example.com"])


@pytest.mark.parametrize(
    ("text", "parts"), [("", 0), ("好" * 70, 1), ("好" * 71, 2), ("好" * 134, 2), ("a" * 160, 1), ("a" * 161, 2)]
)
def test_short_messages_are_counted_as_carriers_count_them(text, parts):
    assert sms_parts(text) == parts


def test_the_outbox_masks_addressees_and_is_closed_to_agents(client):
    from zuoxi.telephony.tests import factories

    message = services.send("sms", "13812345678", "hello")
    Message.objects.update(state="failed")
    client.force_login(factories.user("9001", "DIR"))
    page = client.get("/outbox/").content.decode()
    assert "138****5678" in page
    assert "13812345678" not in page
    assert client.post(f"/outbox/{message.pk}/again/").status_code == 302
    client.force_login(factories.user("1001", "TSR"))
    assert client.get("/outbox/").status_code == 403
