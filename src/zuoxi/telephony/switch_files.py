# SPDX-License-Identifier: Apache-2.0
"""The switch's files as they follow from the settings, against the files that stand; and putting them there."""

from __future__ import annotations

import difflib
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.db import transaction
from django.utils import timezone

from zuoxi.telephony.asterisk.config import UnsafeValue, includes
from zuoxi.telephony.asterisk.config.reloading import RELOADS
from zuoxi.telephony.asterisk.site import plan_of, read_site
from zuoxi.telephony.listening import Listener
from zuoxi.telephony.models import Command, Switch
from zuoxi.vault import services as vault

_SECRET: Final = re.compile(r"^(\s*(?:password|secret)\s*=>?\s*)(\S.*)$", re.M)


class NotReady(ValueError):
    """The files cannot be made or put in place; the message says what to set up first."""


@dataclass(frozen=True, slots=True)
class DiffLine:
    """`kind` is "ins", "del" or "span"; secrets are already taken out."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class FileChange:
    name: str
    lines: list[DiffLine]


@dataclass(frozen=True, slots=True)
class Preview:
    """What applying would change; `mark` names exactly this state, so that nothing unseen is applied."""

    changes: list[FileChange]
    mark: str


def _texts(switch: Switch) -> dict[str, str]:
    try:
        site = read_site(Path(switch.site_path) if switch.site_path else None)
        return includes(plan_of(switch, site))
    except (UnsafeValue, ValueError, OSError) as error:
        raise NotReady(str(error)) from error


def _folder(switch: Switch) -> Path:
    if not switch.config_path:
        raise NotReady("config_path")
    folder = Path(switch.config_path)
    if not folder.is_dir():
        raise NotReady(str(folder))
    return folder


def _standing(folder: Path, name: str) -> str:
    path = folder / name
    return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""


def _without_secrets(text: str) -> str:
    """Each secret as the beginning of its fingerprint: a change shows, the secret does not."""
    return _SECRET.sub(lambda said: f"{said[1]}•••• {hashlib.sha256(said[2].encode()).hexdigest()[:6]}", text)


def preview(switch: Switch) -> Preview:
    """Raise NotReady when no folder is set up or a setting cannot stand in a configuration."""
    folder = _folder(switch)
    texts = _texts(switch)
    digest = hashlib.sha256()
    changes = []
    for name, text in sorted(texts.items()):
        standing = _standing(folder, name)
        digest.update(f"{name}\0{standing}\0{text}\0".encode())
        if standing != text:
            changes.append(FileChange(name, _diff(_without_secrets(standing), _without_secrets(text))))
    return Preview(changes, digest.hexdigest())


def _diff(before: str, after: str) -> list[DiffLine]:
    found = []
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=2)
    for line in list(lines)[2:]:
        kind = {"+": "ins", "-": "del"}.get(line[:1], "span")
        found.append(DiffLine(kind, line))
    return found


class Moved(ValueError):
    """Settings or files have changed since the preview was shown."""


def apply(switch: Switch, mark: str, by: Listener) -> list[str]:
    """Write what the preview showed and ask the switch to read it; the files' names. Raise Moved or NotReady."""
    shown = preview(switch)
    if shown.mark != mark:
        raise Moved(mark)
    if not shown.changes:
        return []
    folder, texts = _folder(switch), _texts(switch)
    names = [change.name for change in shown.changes]
    with transaction.atomic():
        vault.record(
            "telephony.switch.configured",
            who=by.staff,
            on=("switch", switch.pk),
            ip=by.ip,
            files={name: hashlib.sha256(texts[name].encode()).hexdigest() for name in names},
        )
        for name in names:
            _write(folder / name, texts[name])
        Command.objects.create(
            switch=switch,
            verb="reload",
            arguments={"modules": [RELOADS[name] for name in names]},
            asked_at=timezone.now(),
        )
    return names


def _write(path: Path, text: str) -> None:
    """Whole or not at all; group-readable, because the switch runs as another user and passwords stand in it."""
    draft = path.with_name(f".{path.name}.part")
    draft.touch(mode=0o640)
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)
