# SPDX-License-Identifier: Apache-2.0
"""Pictures of a case: taken as JPEG, PNG or WebP by their first bytes, kept outside the web root."""

from __future__ import annotations

import secrets
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zuoxi.approvals.services import NotDone
from zuoxi.orders.flow import held_case
from zuoxi.orders.models import Case, CasePhoto
from zuoxi.people.models import Staff
from zuoxi.policy.selectors import site_handbook

_BEGINNINGS: Final = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff", "image/webp": b"RIFF"}


def _folder() -> Path:
    return Path(settings.HOME) / "case_photos"


def _kind_of(head: bytes) -> str | None:
    for kind, beginning in _BEGINNINGS.items():
        if head.startswith(beginning) and (kind != "image/webp" or head[8:12] == b"WEBP"):
            return kind
    return None


@transaction.atomic
def add_photo(case: Case, file: UploadedFile[Any], *, by: Staff, now: datetime) -> CasePhoto:
    """Keep a picture. Raises NotDone for another type, one too large, an empty one, or too many."""
    held = held_case(case.pk)
    reading = site_handbook().on(timezone.localdate(now))
    name = Path(str(file.name or "")).name[:160]
    megabytes = reading.whole("orders.photo.megabytes")
    if held.photos.count() >= reading.whole("orders.photo.most"):
        raise NotDone(_("This case holds as many pictures as it may."))
    if not file.size or file.size > megabytes * 1024 * 1024:
        raise NotDone(_("“%(name)s” is empty or larger than %(n)d MB.") % {"name": name, "n": megabytes})
    content = file.read()
    kind = _kind_of(content[:16])
    if kind is None:
        raise NotDone(_("“%(name)s” is no picture (JPEG, PNG, WebP).") % {"name": name})
    place = Path(f"{now:%Y%m}") / secrets.token_hex(16)
    target = _folder() / place
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    target.write_bytes(content)
    target.chmod(0o600)
    return CasePhoto.objects.create(
        case=held, name=name, path=place.as_posix(), content_type=kind, size=len(content), added_at=now, added_by=by
    )


def photo_bytes(photo: CasePhoto) -> bytes:
    """The picture. Raises FileNotFoundError when the disk lost it."""
    return (_folder() / photo.path).read_bytes()
