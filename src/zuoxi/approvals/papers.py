# SPDX-License-Identifier: Apache-2.0
"""Files of requests: what is taken, where it lies, and papers that come later."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _

from zuoxi.approvals.models import Document, Request
from zuoxi.people.models import User
from zuoxi.policy.selectors import site_handbook

# What a file must begin with to be taken for what it says it is.
_BEGINNINGS: dict[str, tuple[bytes, ...]] = {
    "application/pdf": (b"%PDF-",),
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/webp": (b"RIFF",),
}
SUFFIXES = {"application/pdf": ".pdf", "image/png": ".png", "image/jpeg": ".jpg", "image/webp": ".webp"}
ACCEPT = ",".join(_BEGINNINGS)


def folder() -> Path:
    return Path(settings.HOME) / "documents"


def kind_of(head: bytes) -> str | None:
    """The content type of a file by its first bytes; None for what is not taken."""
    for kind, beginnings in _BEGINNINGS.items():
        if head.startswith(beginnings) and (kind != "image/webp" or head[8:12] == b"WEBP"):
            return kind
    return None


def keep(request: Request, file: UploadedFile[Any], by: User | None, now: datetime) -> Document:
    """Keep a file of the request. Raises ValidationError for another type, too large, empty, or too many."""
    reading = site_handbook().on(timezone.localdate(now))
    most, megabytes = reading.whole("approvals.document.most"), reading.whole("approvals.document.megabytes")
    name = Path(str(file.name or "")).name[:160]
    if request.documents.count() >= most:
        raise ValidationError(_("A request holds %(n)d files at most.") % {"n": most})
    if not file.size:
        raise ValidationError(_("“%(name)s” is empty.") % {"name": name})
    if file.size > megabytes * 1024 * 1024:
        raise ValidationError(
            _("“%(name)s” is larger than %(n)d MB. Make it smaller, or send several files.")
            % {"name": name, "n": megabytes}
        )
    content = file.read()
    kind = kind_of(content[:16])
    if kind is None:
        raise ValidationError(_("“%(name)s” is neither an image (JPEG, PNG, WebP) nor a PDF.") % {"name": name})
    place = Path(f"{now:%Y%m}") / f"{secrets.token_hex(16)}{SUFFIXES[kind]}"
    target = folder() / place
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    target.write_bytes(content)
    target.chmod(0o600)
    return Document.objects.create(
        request=request,
        name=name,
        path=place.as_posix(),
        content_type=kind,
        size=len(content),
        digest=hashlib.sha256(content).hexdigest(),
        added_at=now,
        added_by=by,
    )


def content_of(document: Document) -> bytes:
    """The file's bytes. Raises FileNotFoundError when the disk lost it."""
    return (folder() / document.path).read_bytes()
