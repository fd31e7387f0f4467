# SPDX-License-Identifier: Apache-2.0
"""The centre's keys: from ZUOXI_VAULT_KEYS (or its _FILE), else one made once and kept in ZUOXI_HOME with mode 600.

Form: `id:base64,id:base64`; the first is used for new writing, the others only for reading what was written before.
Each purpose (audit, field, file, index) works with its own key derived from these, never with the key itself.
"""

from __future__ import annotations

import base64
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import environ
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

KEY_BYTES = 32
ID_LENGTH = 8


@dataclass(frozen=True, slots=True)
class Key:
    """`id` is written beside whatever the key has sealed."""

    id: str
    secret: bytes

    def derived(self, purpose: str) -> bytes:
        """32 bytes for one purpose."""
        return HKDF(hashes.SHA256(), KEY_BYTES, None, f"zuoxi/{purpose}".encode()).derive(self.secret)


class UnknownKey(LookupError):
    """Something was sealed with a key that this installation does not have (any more)."""


def parse(text: str) -> tuple[Key, ...]:
    """Raise ImproperlyConfigured when a key is not 32 bytes, an id is not 1–8 characters or comes twice."""
    keys: list[Key] = []
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        name, _, coded = part.partition(":")
        try:
            secret = base64.urlsafe_b64decode(coded)
        except ValueError as error:
            raise ImproperlyConfigured(f"vault key {name!r} is not base64") from error
        if len(secret) != KEY_BYTES or not 0 < len(name) <= ID_LENGTH or not name.isascii():
            raise ImproperlyConfigured(f"vault key {name!r}: 32 bytes under a name of 1 to {ID_LENGTH} letters")
        if name in {key.id for key in keys}:
            raise ImproperlyConfigured(f"vault key {name!r} is given twice")
        keys.append(Key(name, secret))
    if not keys:
        raise ImproperlyConfigured("no vault key is given")
    return tuple(keys)


def new_key(name: str) -> str:
    """A fresh key in the written form."""
    return f"{name}:{base64.urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).decode()}"


def _kept() -> str:
    given = environ.FileAwareEnv().str("ZUOXI_VAULT_KEYS", default="")
    if given:
        return str(given)
    path = Path(settings.HOME) / "vault_keys"
    if not path.exists():
        _make(path)
    return path.read_text(encoding="ascii")


def _make(path: Path) -> None:
    """Write a first key; of two processes that start at once, one wins and both read its key."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w") as file:
        file.write(new_key("k1"))
    with suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()


@cache
def ring() -> tuple[Key, ...]:
    """All keys, the current one first; read once per process."""
    return parse(_kept())


def current() -> Key:
    return ring()[0]


def by_id(name: str) -> Key:
    """Raise UnknownKey when no key has that id."""
    for key in ring():
        if key.id == name:
            return key
    raise UnknownKey(name)
