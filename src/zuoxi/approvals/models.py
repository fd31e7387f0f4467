# SPDX-License-Identifier: Apache-2.0
"""Requests, their signatures, their papers, and what people are told."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from zuoxi.people.models import Staff, User
from zuoxi.policy.findings import Finding
from zuoxi.policy.marks import records


class NumberSeries(models.Model):
    """How many requests a day has seen; locked while one more is numbered."""

    day = models.DateField(unique=True)
    last = models.PositiveIntegerField(default=0)


@records("ORG-012", "ORG-027")
class Request(models.Model):
    """Something asked for. `finding` is why it goes the way it goes, as judged when it was handed in.

    `data` is what the form cleaned, as JSON; `round` counts the times it was handed in. `state` draft: written down by
    somebody else's work, not handed in yet.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        OPEN = "open", _("Under approval")
        APPROVED = "approved", _("Approved")
        REFUSED = "refused", _("Turned down")
        RETURNED = "returned", _("Sent back")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        LAPSED = "lapsed", _("Lapsed")

    number = models.CharField(_("number"), max_length=24, unique=True)
    kind = models.CharField(max_length=64, db_index=True)
    applicant = models.ForeignKey(Staff, models.PROTECT, related_name="requests")
    submitted_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    data = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    round = models.PositiveSmallIntegerField(default=1)
    finding = models.JSONField(default=dict)
    filed_with = models.JSONField(default=list)
    submitted_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-submitted_at", "-pk"]
        indexes = [
            models.Index(fields=["applicant", "-submitted_at"], name="request_applicant"),
            models.Index(fields=["state", "-submitted_at"], name="request_state"),
            models.Index(fields=["kind", "state"], name="request_kind_state"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def why(self) -> Finding | None:
        """The kept finding; None for what never had one."""
        return Finding.from_json(self.finding) if self.finding else None

    @property
    def open(self) -> bool:
        return self.state == self.State.OPEN


class Signature(models.Model):
    """One step of a request: the role word that signs, who it is now, and what came of it.

    `how` says how the person was found (absent, stands in, next above), as codes with names. `decided_by` may be
    another than `approver`: whoever was entitled at that moment.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("To come")
        OPEN = "open", _("Waiting for a decision")
        APPROVED = "approved", _("Agreed")
        REFUSED = "refused", _("Turned down")
        RETURNED = "returned", _("Sent back")
        COVERED = "covered", _("Already agreed in an earlier step")
        DROPPED = "dropped", _("No longer needed")

    request = models.ForeignKey(Request, models.CASCADE, related_name="signatures")
    round = models.PositiveSmallIntegerField(default=1)
    order = models.PositiveSmallIntegerField()
    role = models.CharField(max_length=40)
    purpose = models.CharField(max_length=120, blank=True, default="")
    approver = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="signatures_due")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    opened_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    escalations = models.PositiveSmallIntegerField(default=0)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="signatures_given")
    note = models.CharField(max_length=500, blank=True, default="")
    how = models.JSONField(default=list)

    class Meta:
        ordering = ["request", "round", "order"]
        constraints = [
            models.UniqueConstraint(fields=["request", "round", "order"], name="signature_order"),
            models.UniqueConstraint(fields=["request"], condition=Q(state="open"), name="signature_one_open"),
        ]
        indexes = [models.Index(fields=["approver", "state"], name="signature_approver")]


class TrailEntry(models.Model):
    """One thing that happened to a request; never changed. `words` fill the sentence of the verb."""

    request = models.ForeignKey(Request, models.CASCADE, related_name="trail")
    at = models.DateTimeField()
    who = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    verb = models.CharField(max_length=24)
    words = models.JSONField(default=dict)
    note = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        ordering = ["at", "pk"]


class Document(models.Model):
    """A file that belongs to a request; it lies outside the web root and is handed out only after asking who asks."""

    request = models.ForeignKey(Request, models.CASCADE, related_name="documents")
    name = models.CharField(max_length=160)
    path = models.CharField(max_length=200)
    content_type = models.CharField(max_length=80)
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["added_at", "pk"]


class Paper(models.Model):
    """A document that is owed: what, until when, and whether it came."""

    class State(models.TextChoices):
        OWED = "owed", _("Still owed")
        GIVEN = "given", _("Brought in")
        WAIVED = "waived", _("Not asked for any more")
        LAPSED = "lapsed", _("Not handed in by its day")

    request = models.ForeignKey(Request, models.CASCADE, related_name="papers")
    code = models.CharField(max_length=40)
    label_zh = models.CharField(max_length=80)
    label_en = models.CharField(max_length=80)
    due_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.OWED)
    document = models.ForeignKey(Document, models.SET_NULL, null=True, blank=True, related_name="+")
    reminded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["due_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["request", "code"], name="paper_once")]
        indexes = [models.Index(fields=["state", "due_at"], name="paper_due")]

    def __str__(self) -> str:
        return self.label_en if (get_language() or "").startswith("en") else self.label_zh


@records("ORG-027", "ORG-036")
class Filing(models.Model):
    """A copy for the files (备案) or a notice served: to whom, and when it was read."""

    request = models.ForeignKey(Request, models.CASCADE, related_name="filings")
    role = models.CharField(max_length=40)
    holder = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="filings")
    purpose = models.CharField(max_length=120, blank=True, default="")
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["made_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["request", "role", "holder"], name="filing_once")]


class Delegation(models.Model):
    """Somebody decides for another from a day to a day (included). `kinds` empty: every type of request.

    `giver` None: the named stand-in for a duty that nobody has at the moment (`role`, a word of roles.yaml).
    """

    giver = models.ForeignKey(Staff, models.CASCADE, null=True, blank=True, related_name="delegations_given")
    role = models.CharField(max_length=40, blank=True, default="")
    taker = models.ForeignKey(Staff, models.CASCADE, related_name="delegations_taken")
    kinds = models.JSONField(default=list, blank=True)
    from_on = models.DateField()
    until_on = models.DateField()
    reason = models.CharField(max_length=200, blank=True, default="")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-from_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(until_on__gte=F("from_on")), name="delegation_ends_later"),
            models.CheckConstraint(condition=Q(giver__isnull=True) | ~Q(giver=F("taker")), name="delegation_to_other"),
            models.CheckConstraint(condition=Q(giver__isnull=False) | ~Q(role=""), name="delegation_of_somebody"),
        ]

    def covers(self, kind: str) -> bool:
        return not self.kinds or kind in self.kinds


class Notice(models.Model):
    """Something a person is told: in the bell, on the page “Me”. Kept in both languages."""

    staff = models.ForeignKey(Staff, models.CASCADE, related_name="notices")
    text_zh = models.CharField(max_length=300)
    text_en = models.CharField(max_length=300)
    url = models.CharField(max_length=300, blank=True, default="")
    dedupe = models.CharField(max_length=120, null=True, blank=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["staff", "dedupe"], name="notice_once")]
        indexes = [models.Index(fields=["staff", "read_at", "-created_at"], name="notice_unread")]

    @property
    def text(self) -> str | Promise:
        return self.text_en if (get_language() or "").startswith("en") else self.text_zh
