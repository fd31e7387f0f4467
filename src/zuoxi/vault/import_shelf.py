# SPDX-License-Identifier: Apache-2.0
"""Where an uploaded staff file waits between checking and taking: sealed on disk, for its owner, for an hour."""

from __future__ import annotations

import secrets
import time
from pathlib import Path

from django.conf import settings

from zuoxi.vault import encryption

KEPT_SECONDS = 3600


def _folder() -> Path:
    folder = Path(settings.HOME) / "imports"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def keep(content: bytes, user_id: int) -> str:
    """A token under which the same user finds the content again; older files are cleared away."""
    for old in _folder().glob("*.sealed"):
        if time.time() - old.stat().st_mtime > KEPT_SECONDS:
            old.unlink(missing_ok=True)
    token = secrets.token_hex(16)
    path = _folder() / f"{token}.sealed"
    path.touch(mode=0o600)
    path.write_bytes(encryption.seal(content, f"import:{user_id}:{token}"))
    return token


def find(token: str, user_id: int) -> bytes | None:
    """None when it is not there any more, or is somebody else's."""
    path = _folder() / f"{token}.sealed"
    if not token.isalnum() or not path.exists() or time.time() - path.stat().st_mtime > KEPT_SECONDS:
        return None
    try:
        return encryption.unseal(path.read_bytes(), f"import:{user_id}:{token}")
    except encryption.Tampered:
        return None


def drop(token: str) -> None:
    if token.isalnum():
        (_folder() / f"{token}.sealed").unlink(missing_ok=True)
