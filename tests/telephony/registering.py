# SPDX-License-Identifier: Apache-2.0
"""A telephone that registers: over UDP as a desk phone does, over a web socket as a browser does."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import secrets
import socket
import struct

from tests.telephony.ami import inside

Md5 = hashlib.md5


def digest(challenge: str, user: str, password: str, uri: str, method: str = "REGISTER") -> str:
    """The Authorization header for a 401's WWW-Authenticate."""
    words = dict(re.findall(r'(\w+)="?([^",]+)"?', challenge))
    nonce_count, cnonce = "00000001", secrets.token_hex(8)
    first = Md5(f"{user}:{words['realm']}:{password}".encode()).hexdigest()
    second = Md5(f"{method}:{uri}".encode()).hexdigest()
    answer = Md5(f"{first}:{words['nonce']}:{nonce_count}:{cnonce}:auth:{second}".encode()).hexdigest()
    opaque = f', opaque="{words["opaque"]}"' if "opaque" in words else ""
    return (
        f'Digest username="{user}", realm="{words["realm"]}", nonce="{words["nonce"]}", uri="{uri}", '
        f'response="{answer}", algorithm=MD5, qop=auth, nc={nonce_count}, cnonce="{cnonce}"{opaque}'
    )


def register_text(user: str, contact: str, transport: str, sequence: int, authorization: str = "") -> str:
    via = f"SIP/2.0/{transport} {contact};branch=z9hG4bK{secrets.token_hex(6)};rport"
    lines = [
        "REGISTER sip:127.0.0.1 SIP/2.0",
        f"Via: {via}",
        "Max-Forwards: 70",
        f"From: <sip:{user}@127.0.0.1>;tag=registering",
        f"To: <sip:{user}@127.0.0.1>",
        f"Call-ID: registering-{user}-{os.getpid()}",
        f"CSeq: {sequence} REGISTER",
        f"Contact: <sip:{user}@{contact};transport={transport.lower()}>;expires=300",
        *([f"Authorization: {authorization}"] if authorization else []),
        "Content-Length: 0",
    ]
    return "\r\n".join(lines) + "\r\n\r\n"


def register_udp(namespace: str, user: str, password: str, contact: tuple[str, int]) -> int:
    """The final status of registering ``user`` at ``contact``."""

    def talk() -> int:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
            line.bind(contact)
            line.settimeout(5)
            return _register(user, password, f"{contact[0]}:{contact[1]}", "UDP", lambda text: _ask(line, text))

    return inside(namespace, talk)


def _ask(line: socket.socket, text: str) -> str:
    line.sendto(text.encode(), ("127.0.0.1", 5060))
    return line.recv(65536).decode()


def _register(user: str, password: str, contact: str, transport: str, ask) -> int:
    answer = ask(register_text(user, contact, transport, 1))
    assert answer.startswith("SIP/2.0 401"), answer
    challenge = re.search(r"WWW-Authenticate: (.*)\r\n", answer)[1]
    proof = digest(challenge, user, password, "sip:127.0.0.1")
    return int(ask(register_text(user, contact, transport, 2, proof)).split()[1])


class WebSocketLine:
    """A SIP line over a web socket, just enough of RFC 6455 and RFC 7118 to register."""

    def __init__(self, namespace: str) -> None:
        self.line = inside(namespace, lambda: socket.create_connection(("127.0.0.1", 8088), timeout=5))
        key = base64.b64encode(os.urandom(16)).decode()
        self.line.sendall(
            f"GET /ws HTTP/1.1\r\nHost: 127.0.0.1:8088\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: sip\r\n\r\n".encode()
        )
        self.answer = self.line.recv(4096).decode()

    def register(self, user: str, password: str) -> int:
        return _register(user, password, f"{secrets.token_hex(5)}.invalid", "WS", self._ask)

    def close(self) -> None:
        self.line.close()

    def _ask(self, text: str) -> str:
        data, mask = text.encode(), os.urandom(4)
        masked = bytes(byte ^ mask[index % 4] for index, byte in enumerate(data))
        self.line.sendall(struct.pack("!BBH", 0x81, 0x80 | 126, len(data)) + mask + masked)
        answer = self._frame()
        while not answer.startswith("SIP/2.0"):  # the switch asks at once whether the telephone is there
            answer = self._frame()
        return answer

    def _frame(self) -> str:
        head = self._exactly(2)
        size = head[1] & 0x7F
        if size == 126:
            (size,) = struct.unpack("!H", self._exactly(2))
        return self._exactly(size).decode()

    def _exactly(self, count: int) -> bytes:
        data = b""
        while len(data) < count:
            piece = self.line.recv(count - len(data))
            if not piece:
                raise ConnectionError("closed")
            data += piece
        return data
