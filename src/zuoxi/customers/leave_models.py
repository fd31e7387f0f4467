# SPDX-License-Identifier: Apache-2.0
"""Whom we may call and what we may keep: consent with its proof, and numbers that are not to be called."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zuoxi.people.models import Staff


class Consent(models.Model):
    """One word of a customer on one matter, given or withdrawn, with its proof; rows are added, never changed."""

    class Channel(models.TextChoices):
        CALL = "call", _("Calls with offers")
        SMS = "sms", _("Text messages")
        SURVEY = "survey", _("Surveys")
        DATA = "data", _("Keeping of data")

    class Proof(models.TextChoices):
        RECORDING = "recording", _("Recording")
        LINK = "link", _("Web link")
        TEXT = "text", _("Written words")

    customer = models.ForeignKey("customers.Customer", models.PROTECT, related_name="consents")
    channel = models.CharField(max_length=12, choices=Channel.choices)
    given = models.BooleanField()
    proof_kind = models.CharField(max_length=12, choices=Proof.choices)
    proof = models.CharField(max_length=500)
    at = models.DateTimeField()
    by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [models.CheckConstraint(condition=~Q(proof=""), name="consent_with_proof")]


class DoNotCall(models.Model):
    """A number that is not to be called, for everything or for one purpose, until a day (None: for good).

    `lifted_at`: when somebody with the right to do so took it off; the row stays.
    """

    class Scope(models.TextChoices):
        EVERYTHING = "everything", _("Nothing at all")
        OFFERS = "offers", _("No offers")
        SURVEYS = "surveys", _("No surveys")

    class Source(models.TextChoices):
        CUSTOMER = "customer", _("Customer's wish")
        COMPLAINT = "complaint", _("After a complaint")
        AUTHORITY = "authority", _("List of the authority")
        OURS = "ours", _("Own decision")

    number = models.CharField(max_length=24, db_index=True)
    scope = models.CharField(max_length=12, choices=Scope.choices, default=Scope.EVERYTHING)
    reason = models.CharField(max_length=200)
    source = models.CharField(max_length=12, choices=Source.choices, default=Source.CUSTOMER)
    made_at = models.DateTimeField()
    by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    until = models.DateTimeField(null=True, blank=True)
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(Staff, models.SET_NULL, null=True, blank=True, related_name="+")
    lifted_why = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["number", "scope"], condition=Q(lifted_at=None), name="one_standing_do_not_call"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gt=F("made_at")), name="do_not_call_ends_after_it_began"
            ),
        ]
