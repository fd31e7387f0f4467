# SPDX-License-Identifier: Apache-2.0
"""Files that belong to a ticket: looked at by their content, sealed on disk outside the web root, given out as
downloads only. What could run in a browser or unpacks to more than it says is refused."""

from __future__ import annotations

import io
import re
import secrets
import zipfile
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from zuoxi.people.models import Staff
from zuoxi.policy.selectors import site_handbook
from zuoxi.tickets import trail
from zuoxi.tickets.models import Attachment, Ticket
from zuoxi.tickets.refusing import Refused
from zuoxi.vault import encryption

MEGABYTE: Final = 1024 * 1024
MOST_FILES: Final = 30
_UNPACKED: Final = 200 * MEGABYTE
_RATIO: Final = 100
_ENTRIES: Final = 2000
_SIGNS: Final = (
    (b"%PDF-", ("pdf",), "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", ("png",), "image/png"),
    (b"\xff\xd8\xff", ("jpg", "jpeg"), "image/jpeg"),
    (b"GIF8", ("gif",), "image/gif"),
    (b"RIFF", ("webp", "wav"), "application/octet-stream"),
    (b"BM", ("bmp",), "image/bmp"),
    (b"ID3", ("mp3",), "audio/mpeg"),
    (b"\xff\xfb", ("mp3",), "audio/mpeg"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ("doc", "xls", "ppt"), "application/octet-stream"),
    (b"PK\x03\x04", ("zip", "docx", "xlsx", "pptx", "odt", "ods"), "application/zip"),
)
_TEXT: Final = ("txt", "csv", "log", "md", "eml")
_MARKUP: Final = re.compile(rb"<\s*(?:!doctype|html|svg|script|\?xml|iframe|body)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Looked:
    """A file that may be kept: its plain name and what it is by its content."""

    name: str
    media_type: str


def largest() -> int:
    """Bytes of the largest file, by the handbook."""
    return int(site_handbook().values_of("ticket.attachment.megabytes")[-1][1]) * MEGABYTE


def look_at(name: str, content: bytes) -> Looked:
    """What the file is. Raises Refused with what is wrong and what to do."""
    plain = re.sub(r"[\x00-\x1f\x7f/\\\u202a-\u202e\u2066-\u2069]", "", Path(name.replace("\\", "/")).name).strip(" .")
    plain = plain[-120:] or "file"
    ending = plain.rpartition(".")[2].lower() if "." in plain else ""
    if not content:
        raise Refused(_("The file “%(name)s” is empty.") % {"name": plain})
    if len(content) > largest():
        size, most = len(content) / MEGABYTE, largest() // MEGABYTE
        raise Refused(
            _("The file “%(name)s” has %(size).1f MB, at most %(most)s MB are kept. Send a smaller one.")
            % {"name": plain, "size": size, "most": most}
        )
    for sign, endings, media_type in _SIGNS:
        if content.startswith(sign):
            if ending not in endings:
                raise Refused(
                    _("“%(name)s” is not what its ending says. Save it with the right ending and send it again.")
                    % {"name": plain}
                )
            if sign.startswith(b"PK"):
                _must_unpack_safely(plain, content)
            return Looked(plain, media_type)
    return _text(plain, ending, content)


def _text(plain: str, ending: str, content: bytes) -> Looked:
    if ending in ("svg", "html", "htm", "xml", "xhtml", "js") or _MARKUP.search(content[:4096]):
        raise Refused(
            _("“%(name)s” can hold a script, so it is not taken. Send a picture (PNG, JPEG) or a PDF of it.")
            % {"name": plain}
        )
    if ending not in _TEXT or b"\x00" in content[:4096]:
        raise Refused(
            _("“%(name)s” is of a kind that is not taken. Send a PDF, picture, office file, sound, text or ZIP.")
            % {"name": plain}
        )
    return Looked(plain, "text/plain")


def _must_unpack_safely(plain: str, content: bytes) -> None:
    """Refuse archives that unpack to far more than they weigh; nothing is unpacked for it."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            entries = packed.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        raise Refused(_("“%(name)s” is damaged and cannot be read. Send it again.") % {"name": plain}) from None
    unpacked = sum(one.file_size for one in entries)
    nested = any(one.filename.lower().endswith((".zip", ".7z", ".rar", ".gz")) for one in entries)
    bomb = unpacked > _UNPACKED or unpacked > _RATIO * max(len(content), 1) or len(entries) > _ENTRIES
    if bomb or nested:
        raise Refused(
            _("“%(name)s” unpacks to far more than it weighs, or holds further archives. Send the files one by one.")
            % {"name": plain}
        )


def _folder() -> Path:
    folder = Path(settings.HOME) / "tickets"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


@transaction.atomic
def attach(ticket: Ticket, *, name: str, content: bytes, by: Staff | None, now: datetime) -> Attachment:
    """Keep a file with the ticket. Raises Refused for what is not taken; everything else stays as it is."""
    found = look_at(name, content)
    standing = ticket.attachments.filter(removed_at__isnull=True)
    if standing.count() >= MOST_FILES:
        raise Refused(_("The ticket has %(most)s files already.") % {"most": MOST_FILES})
    digest = sha256(content).hexdigest()
    known = standing.filter(digest=digest).first()
    if known is not None:
        raise Refused(_("The same file is there already: “%(name)s”.") % {"name": known.name})
    stored = secrets.token_hex(24)
    path = _folder() / stored
    path.touch(mode=0o600)
    path.write_bytes(encryption.seal(content, f"ticket:{stored}"))
    made = Attachment.objects.create(
        ticket=ticket, at=now, by=by, name=found.name, media_type=found.media_type, size=len(content), digest=digest,
        stored=stored,
    )  # fmt: skip
    trail.happened(ticket, "attach", by, now, note=found.name, size=len(content))
    return made


def content_of(attachment: Attachment) -> bytes:
    """The file as it was sent. Raises Refused when it is gone from the disk or was changed there."""
    path = _folder() / attachment.stored
    try:
        return encryption.unseal(path.read_bytes(), f"ticket:{attachment.stored}")
    except (OSError, encryption.Tampered):
        raise Refused(_("The file cannot be read any more. Tell IT, with the number of the ticket.")) from None


@transaction.atomic
def remove(attachment: Attachment, *, by: Staff | None, now: datetime) -> None:
    """Take a file off the ticket; it stays on disk and in the history."""
    changed = Attachment.objects.filter(pk=attachment.pk, removed_at__isnull=True).update(removed_at=now, removed_by=by)
    if changed:
        trail.happened(attachment.ticket, "unattach", by, now, note=attachment.name)
