# SPDX-License-Identifier: Apache-2.0
"""Sealing with AES-256-GCM: short texts, database fields, whole files in chunks. Keys: `vault.keys`.

A short seal is `key id (8 bytes, padded) | nonce (12) | ciphertext and tag`; the context (what it belongs to) is bound
to it, so a sealed value moved to another row or field does not open.

A file is `magic (4) | key id (8) | nonce prefix (7)`, then chunks of 64 KiB, each with its own tag; the nonce
of a chunk is prefix | counter (4) | 1 for the last chunk else 0, so no chunk is swapped, dropped or cut off unnoticed.
"""

from __future__ import annotations

import hmac
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from zuoxi.vault import keys

NONCE = 12
PREFIX = 7
TAG = 16
CHUNK = 64 * 1024
MAGIC = b"ZXF1"
HEADER = len(MAGIC) + keys.ID_LENGTH + PREFIX


class Tampered(ValueError):
    """The sealed data was changed, cut off, moved to another place, or is no sealed data at all."""


def seal(plain: bytes, context: str) -> bytes:
    """`context` names what it belongs to ("customers.phone:42"); the same is needed to open it."""
    key = keys.current()
    nonce = secrets.token_bytes(NONCE)
    return _padded(key.id) + nonce + AESGCM(key.derived("field")).encrypt(nonce, plain, context.encode())


def unseal(sealed: bytes, context: str) -> bytes:
    """Raise Tampered, or `keys.UnknownKey` when the key is not in the ring."""
    if len(sealed) < keys.ID_LENGTH + NONCE + TAG:
        raise Tampered("too short")
    key = keys.by_id(_key_id(sealed))
    nonce, body = sealed[keys.ID_LENGTH :][:NONCE], sealed[keys.ID_LENGTH + NONCE :]
    try:
        return AESGCM(key.derived("field")).decrypt(nonce, body, context.encode())
    except InvalidTag as error:
        raise Tampered(context) from error


def reseal(sealed: bytes, context: str) -> bytes:
    """The same under the current key; unchanged when it is under it already."""
    return sealed if _key_id(sealed) == keys.current().id else seal(unseal(sealed, context), context)


def blind_index(text: str, purpose: str) -> bytes:
    """16 bytes to look up a sealed value by equality; the oldest key, so that a new key does not hide old rows."""
    return hmac.digest(keys.ring()[-1].derived(f"index/{purpose}"), text.encode(), sha256)[:16]


def is_sealed_file(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC


def seal_file(source: Path, target: Path) -> None:
    """Write `source` sealed to `target`; the target appears whole or not at all."""
    key, prefix = keys.current(), secrets.token_bytes(PREFIX)
    cipher = AESGCM(key.derived("file"))
    header = MAGIC + _padded(key.id) + prefix
    with _draft(target) as (draft, out), source.open("rb") as file:
        out.write(header)
        piece, counter = file.read(CHUNK), 0
        while True:
            following = file.read(CHUNK)
            out.write(cipher.encrypt(_nonce(prefix, counter, not following), piece, header))
            if not following:
                break
            piece, counter = following, counter + 1
    draft.replace(target)


def reseal_file(path: Path) -> bool:
    """Bring a sealed file under the current key; False when it is under it already. Readers see the old or the new."""
    with path.open("rb") as file:
        header = file.read(HEADER)
    if _key_id(header[len(MAGIC) :]) == keys.current().id:
        return False
    plain = path.with_name(f".{path.name}.{os.getpid()}.plain")
    try:
        with os.fdopen(os.open(plain, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb") as out:
            out.writelines(open_file(path))
        seal_file(plain, path)
    finally:
        plain.unlink(missing_ok=True)
    return True


def open_file(path: Path) -> Iterator[bytes]:
    """The plain bytes in order, chunk by chunk, for a streamed answer; raises Tampered where the file is not whole."""
    yield from read_range(path, 0, None)


def plain_size(path: Path) -> int:
    """Bytes of the plain file, from the length of the sealed one."""
    body = path.stat().st_size - HEADER
    chunks = -(-body // (CHUNK + TAG)) if body > 0 else 0
    if body < TAG or body - chunks * TAG < 0:
        raise Tampered(path.name)
    return body - chunks * TAG


def read_range(path: Path, start: int, stop: int | None) -> Iterator[bytes]:
    """Plain bytes [start, stop) for a player that seeks; only the chunks touched are read."""
    size = plain_size(path)
    stop = size if stop is None else min(stop, size)
    last = -(-(path.stat().st_size - HEADER) // (CHUNK + TAG)) - 1
    with path.open("rb") as file:
        header = file.read(HEADER)
        if header[: len(MAGIC)] != MAGIC:
            raise Tampered(path.name)
        cipher = AESGCM(keys.by_id(_key_id(header[len(MAGIC) :])).derived("file"))
        prefix = header[-PREFIX:]
        behind = -(-stop // CHUNK) if size else 1  # an empty file has one empty chunk
        for counter in range(start // CHUNK, behind):
            file.seek(HEADER + counter * (CHUNK + TAG))
            try:
                plain = cipher.decrypt(_nonce(prefix, counter, counter == last), file.read(CHUNK + TAG), header)
            except InvalidTag as error:
                raise Tampered(path.name) from error
            base = counter * CHUNK
            yield plain[max(start - base, 0) : stop - base]


@contextmanager
def _draft(target: Path) -> Iterator[tuple[Path, BinaryIO]]:
    """A file beside the target, on disk when the block ends well, gone when it does not."""
    path = target.with_name(f".{target.name}.{os.getpid()}.part")
    descriptor = os.open(path, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield path, file
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _padded(key_id: str) -> bytes:
    return key_id.encode("ascii").ljust(keys.ID_LENGTH, b"\0")


def _key_id(sealed: bytes) -> str:
    try:
        return sealed[: keys.ID_LENGTH].rstrip(b"\0").decode("ascii")
    except UnicodeDecodeError as error:
        raise Tampered("no key id") from error


def _nonce(prefix: bytes, counter: int, last: bool) -> bytes:
    return prefix + counter.to_bytes(4, "big") + bytes([last])
