# SPDX-License-Identifier: Apache-2.0
"""Aliyun short messages, signed with ACS3-HMAC-SHA256.

config: sign_name, template, parameter (the template's variable that takes the text; default "content"), endpoint.
secrets: access_key_id, access_key_secret.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final
from urllib.parse import quote, urlsplit

from zuoxi.messaging.channels.letter import Letter, Proof, Refused, Unreachable, post, secret, told

ENDPOINT: Final = "https://dysmsapi.aliyuncs.com"
LATER: Final = ("isv.BUSINESS_LIMIT_CONTROL", "Throttling", "isp.SYSTEM_ERROR", "ServiceUnavailable")


def _text(value: str) -> str:
    return quote(value, safe="-_.~")


def canonical_query(parameters: Mapping[str, str]) -> str:
    return "&".join(f"{_text(name)}={_text(parameters[name])}" for name in sorted(parameters))


def authorization(key_id: str, key: str, headers: Mapping[str, str], query: str, body: bytes = b"") -> str:
    """The Authorization header for a POST to "/"; `headers` are host and x-acs-*, in lower case."""
    names = sorted(headers)
    signed = ";".join(names)
    lines = "".join(f"{name}:{headers[name].strip()}\n" for name in names)
    request = f"POST\n/\n{query}\n{lines}\n{signed}\n{sha256(body).hexdigest()}"
    text = f"ACS3-HMAC-SHA256\n{sha256(request.encode()).hexdigest()}"
    sign = hmac.new(key.encode(), text.encode(), sha256).hexdigest()
    return f"ACS3-HMAC-SHA256 Credential={key_id},SignedHeaders={signed},Signature={sign}"


def carry(letter: Letter, config: Mapping[str, Any], secrets: Mapping[str, str]) -> Proof:
    endpoint = str(config.get("endpoint") or ENDPOINT)
    query = canonical_query(
        {
            "PhoneNumbers": letter.to,
            "SignName": str(config.get("sign_name", "")),
            "TemplateCode": str(config.get("template", "")),
            "TemplateParam": json.dumps({config.get("parameter", "content"): letter.body}, ensure_ascii=False),
            "OutId": letter.id,
        }
    )
    headers = {
        "host": urlsplit(endpoint).netloc,
        "x-acs-action": "SendSms",
        "x-acs-version": "2017-05-25",
        "x-acs-date": letter.at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "x-acs-signature-nonce": sha256(f"{letter.id}{letter.at.isoformat()}".encode()).hexdigest()[:32],
        "x-acs-content-sha256": sha256(b"").hexdigest(),
    }
    sign = authorization(secret(secrets, "access_key_id"), secret(secrets, "access_key_secret"), headers, query)
    answer = told(post(f"{endpoint}/?{query}", content=b"", headers={**headers, "Authorization": sign}))
    code = str(answer.get("Code", ""))
    if code == "OK":
        return Proof(str(answer.get("BizId", "")), answer)
    fault = f"{code}: {answer.get('Message', '')}"
    raise Unreachable(fault) if code.startswith(LATER) else Refused(fault)
