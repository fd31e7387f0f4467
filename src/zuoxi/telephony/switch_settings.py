# SPDX-License-Identifier: Apache-2.0
"""Changing what is set up, each change with who, what it was and what it is, in the audit chain."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from django import forms
from django.db import transaction
from django.db.models import Model, ProtectedError
from django.forms.models import model_to_dict
from django.utils import timezone

from zuoxi.telephony.listening import Listener
from zuoxi.telephony.models import Extension, Queue, QueueMembership
from zuoxi.telephony.survey_wordings import note_wordings
from zuoxi.vault import services as vault

HIDDEN = frozenset({"secret"})


def _shown(row: Model) -> dict[str, str]:
    return {name: str(value) for name, value in model_to_dict(row).items() if name not in HIDDEN}


@transaction.atomic
def save(kind: str, form: forms.ModelForm[Any], by: Listener) -> Model:
    """Store a checked form; an extension gets its password here."""
    row: Model = form.instance
    before = _shown(type(row)._default_manager.get(pk=row.pk)) if row.pk else {}
    if isinstance(row, Extension) and (form.cleaned_data.get("renew") or not row.secret):
        row.secret = secrets.token_urlsafe(18)
    saved: Model = form.save()
    after = _shown(saved)
    changed = {name: [before.get(name, ""), value] for name, value in after.items() if before.get(name) != value}
    if form.cleaned_data.get("renew"):
        changed["secret"] = ["…", "…"]
    if changed:
        verb = f"telephony.{kind}.changed" if before else f"telephony.{kind}.added"
        vault.record(verb, who=by.staff, on=(kind, saved.pk), ip=by.ip, changed=changed)
    if isinstance(row, Queue) and changed:
        note_wordings(timezone.now())
    return saved


class StillUsed(ValueError):
    """Something else rests on the row; the message names it."""


@transaction.atomic
def remove(kind: str, row: Model, by: Listener) -> None:
    """Raise StillUsed when queues, numbers or calls of the setup rest on it."""
    was, number = _shown(row), row.pk
    try:
        row.delete()
    except ProtectedError as error:
        names = ", ".join(sorted(str(one) for one in error.protected_objects)[:5])
        raise StillUsed(names) from error
    vault.record(f"telephony.{kind}.removed", who=by.staff, on=(kind, number), ip=by.ip, was=was)


@transaction.atomic
def set_memberships(wanted: Mapping[tuple[int, int], int | None], by: Listener) -> int:
    """(staff id, queue id) → penalty, None = not a member; pairs that are not named stay. How many changed."""
    standing = {
        (row.staff_id, row.queue_id): row
        for row in QueueMembership.objects.filter(staff_id__in={staff for staff, _queue in wanted})
    }
    changed: list[list[Any]] = []
    for (staff, queue), penalty in wanted.items():
        row = standing.get((staff, queue))
        before = row.penalty if row else None
        if before == penalty:
            continue
        changed.append([staff, queue, before, penalty])
        if penalty is None and row is not None:
            row.delete()
        elif penalty is not None:
            QueueMembership.objects.update_or_create(staff_id=staff, queue_id=queue, defaults={"penalty": penalty})
    if changed:
        vault.record("telephony.memberships.changed", who=by.staff, ip=by.ip, changed=changed)
    return len(changed)
