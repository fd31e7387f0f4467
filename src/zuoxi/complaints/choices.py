# SPDX-License-Identifier: Apache-2.0
"""The words a complaint is told in: where from, how grave, how far, about whom, what came of it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Source(models.TextChoices):
    """By what way it came in. The last three come from outside the centre."""

    CALL = "call", _("Call")
    FOLLOW_UP = "follow_up", _("Follow-up")
    SURVEY = "survey", _("Survey")
    TICKET = "ticket", _("Ticket")
    LETTER = "letter", _("Letter or e-mail")
    VISIT = "visit", pgettext_lazy("complaint", "Visit")
    ONLINE = "online", _("Online")
    REGULATOR = "regulator", _("Authority")
    MEDIA = "media", _("Media")
    COURT = "court", _("Lawyer or court")


class Severity(models.TextChoices):
    ORDINARY = "ordinary", pgettext_lazy("complaint", "Ordinary")
    GRAVE = "grave", pgettext_lazy("complaint", "Grave")


class State(models.TextChoices):
    RECEIVED = "received", pgettext_lazy("complaint", "Received")
    VERIFYING = "verifying", pgettext_lazy("complaint", "Being verified")
    HANDLING = "handling", pgettext_lazy("complaint", "Being handled")
    ANSWERED = "answered", pgettext_lazy("complaint", "Answered")
    CLOSED = "closed", pgettext_lazy("complaint", "Closed")


class About(models.TextChoices):
    """What it is about. `UNLOCATED`: about somebody who could not be told apart yet."""

    PERSON = "person", _("A person")
    UNLOCATED = "unlocated", _("A person not located")
    PROCESS = "process", _("A process or rule")
    GOODS = "goods", _("Goods or delivery")
    OTHER = "other", pgettext_lazy("complaint", "Something else")


class Result(models.TextChoices):
    """What verifying has found."""

    JUSTIFIED = "justified", pgettext_lazy("complaint", "Justified")
    PARTLY = "partly", pgettext_lazy("complaint", "Partly justified")
    UNJUSTIFIED = "unjustified", pgettext_lazy("complaint", "Not justified")
    OPEN = "open", pgettext_lazy("complaint", "Cannot be told")


class Content(models.TextChoices):
    """What the customer thought of the answer."""

    SATISFIED = "satisfied", _("Satisfied")
    FAIR = "fair", _("Fair")
    DISSATISFIED = "dissatisfied", _("Dissatisfied")
    UNKNOWN = "unknown", pgettext_lazy("complaint", "Not said")


OPEN_STATES = (State.RECEIVED, State.VERIFYING, State.HANDLING)
