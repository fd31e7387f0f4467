# SPDX-License-Identifier: Apache-2.0
"""What stands beside tickets: ready-made replies, filters that somebody keeps, the register of the mail room."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zuoxi.people.models import Staff, Team
from zuoxi.policy.marks import constraint, records


class CannedReply(models.Model):
    """Words that are used again, with {names} to be filled; of one person, of a team, or (neither) of everybody."""

    title = models.CharField(_("title"), max_length=60)
    text = models.TextField(_("words"))
    staff = models.ForeignKey(Staff, models.CASCADE, null=True, blank=True, related_name="+")
    team = models.ForeignKey(Team, models.CASCADE, null=True, blank=True, related_name="+")
    made_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["title", "pk"]


class TicketView(models.Model):
    """A list as somebody wants to find it again: the words of its address behind the question mark."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=500)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="ticket_view_once")]


@records("CUS-021")
class MailEntry(models.Model):
    """What the mail room took in or sent out; secret mail is signed for and known only to who may."""

    class Kind(models.TextChoices):
        NEWSPAPER = "newspaper", _("Newspapers")
        MAGAZINE = "magazine", _("Magazines")
        REGISTERED = "registered", _("Registered letters")
        SECRET = "secret", _("Confidential documents")

    day = models.DateField(db_index=True)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    count = models.PositiveIntegerField()
    reference = models.CharField(max_length=60, blank=True, default="")
    addressee = models.CharField(max_length=60, blank=True, default="")
    signed_by = models.CharField(max_length=60, blank=True, default="")
    signed_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=200, blank=True, default="")
    by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-day", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(count__gt=0), name="mail_counts_something"),
            models.CheckConstraint(
                condition=~Q(kind="secret") | ~Q(signed_by="") & Q(signed_at__isnull=False),
                name="secret_mail_is_signed_for",
            ),
        ]


constraint("secret_mail_is_signed_for", "CUS-021")
