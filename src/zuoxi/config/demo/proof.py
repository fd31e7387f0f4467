# SPDX-License-Identifier: Apache-2.0
"""Whether a demo home stands complete already, so that a second start need not look through all of it again.

The note names what the home was made of: the sources that make it, the handbooks, the pack, the day, and how many
migrations its database had. Whatever of that is different, the home is gone through as if it were new; rows that are
there stay.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from hashlib import blake2b
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import DatabaseError, connection

import zuoxi
from zuoxi.telephony.models import Switch
from zuoxi.telephony.simulator.centre import DAY_STARTS_AT, ZONE

HERE: Final = Path(zuoxi.__file__).parent
NOTE: Final = "furnished"
SOURCES: Final = ("*/migrations/[0-9]*.py", "*/demo.py", "*/demo/*.py", "*/demo_*.py", "telephony/simulator/*.py")


def _sources() -> Iterator[tuple[str, Path]]:
    for pattern in SOURCES:
        yield from ((str(file.relative_to(HERE)), file) for file in sorted(HERE.glob(pattern)))
    yield from (
        (str(file.relative_to(settings.HANDBOOKS)), file) for file in sorted(settings.HANDBOOKS.rglob("*.yaml"))
    )


def proof_of(today: date, now: datetime, *made_with: object) -> str:
    """What a home would be made of now; `made_with` are the choices of whoever starts it."""
    digest = blake2b(digest_size=16)
    for name, file in _sources():
        digest.update(name.encode() + b"\0" + file.read_bytes() + b"\0")
    simulated = (now.astimezone(ZONE) - timedelta(hours=DAY_STARTS_AT)).date()
    for chosen in (settings.PACK, settings.DATABASES["default"]["NAME"], today, simulated, *made_with):
        digest.update(f"{chosen}\0".encode())
    return digest.hexdigest()


def _migrations() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM django_migrations")
        return int(cursor.fetchone()[0])


def stands(home: Path, kind: str, proof: str) -> bool:
    """Whether the home was furnished of exactly that, and its database still has a switch of that kind."""
    note = home / NOTE
    try:
        said = note.read_text(encoding="ascii").split()
        return said == [proof, str(_migrations())] and Switch.objects.filter(kind=kind).exists()
    except (OSError, UnicodeDecodeError, DatabaseError):
        return False


def take_back(home: Path) -> None:
    """Before the home is changed: whoever is stopped halfway leaves no note, neither his own nor an older one."""
    (home / NOTE).unlink(missing_ok=True)


def note_down(home: Path, proof: str) -> None:
    (home / NOTE).write_text(f"{proof} {_migrations()}\n", encoding="ascii")
