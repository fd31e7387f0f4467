# SPDX-License-Identifier: Apache-2.0
"""Telephones that register, beside those that need not."""

from __future__ import annotations

from contextlib import closing

import pytest
from tests.telephony.registering import WebSocketLine, register_udp
from tests.telephony.sipp import Caller, Phones

pytestmark = [pytest.mark.asterisk, pytest.mark.slow]


def test_a_desk_phone_registers_with_its_printed_password_and_is_rung_there(lab, laboratory, field, manager, sign_in):
    assert register_udp(lab.namespace, "1007", lab.passwords["1007"], ("127.0.0.4", 5075)) == 200
    sign_in("1007")
    field.phones(Phones(ring_seconds=0.2, talk_seconds=1), contact="127.0.0.4:5075")
    assert field.call(Caller("8000", hold_seconds=15)).end()["successful"] == 1
    assert manager.until("AgentConnect")["MemberName"] == "1007"


def test_a_wrong_password_registers_nobody(lab):
    assert register_udp(lab.namespace, "1008", "not-the-password", ("127.0.0.4", 5076)) == 401


def test_a_browser_registers_over_the_web_socket_and_is_no_trunk(lab, laboratory):
    with closing(WebSocketLine(lab.namespace)) as line:
        assert "101 Switching Protocols" in line.answer
        assert "Sec-WebSocket-Protocol: sip" in line.answer
        assert line.register("1901", lab.passwords["1901"]) == 200
        assert "1901" in laboratory.command("pjsip show contacts")


def test_a_browser_phone_is_offered_encryption_and_ice(laboratory, lab):
    shown = laboratory.command("pjsip show endpoint 1901")
    for setting in ("dtls_setup", "ice_support", "rtcp_mux", "media_encryption "):
        line = next(one for one in shown.splitlines() if setting in one)
        assert line.split(":")[1].strip() in ("actpass", "true", "dtls"), line
