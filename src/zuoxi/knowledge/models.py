# SPDX-License-Identifier: Apache-2.0
"""What the centre knows: articles in versions, who has read them, what was asked for, scripts said and printed."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zuoxi.people.models import Staff
from zuoxi.policy.marks import constraint, records


@records("KB-001", "KB-002", "KB-010", "KB-012", "CUS-006")
class Article(models.Model):
    """One thing to know. `kind` is a key of the packs' `article_kinds`. What the version in force says is copied here
    (`current`, title, category …); before the first is in force, what its draft says. `topics` are words of queues and
    call topics, `called` further names by which people ask."""

    code = models.CharField(max_length=24, unique=True, null=True)
    kind = models.CharField(max_length=24)
    title = models.CharField(max_length=120)
    category = models.CharField(max_length=40, blank=True, default="")
    topics = models.JSONField(default=list, blank=True)
    called = models.JSONField(default=list, blank=True)
    must_read = models.BooleanField(default=False)
    audience = models.JSONField(default=list, blank=True)
    public = models.BooleanField(default=False)
    responsible = models.ForeignKey(Staff, models.PROTECT, related_name="+", null=True)
    review_on = models.DateField(null=True, blank=True)
    current = models.ForeignKey("Version", models.SET_NULL, null=True, related_name="+")
    opened = models.PositiveIntegerField(default=0)
    useful = models.PositiveIntegerField(default=0)
    useless = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)
    retired_why = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        indexes = [
            models.Index(fields=["kind", "category"], name="article_kind_category"),
            models.Index(fields=["review_on"], name="article_review_on"),
        ]

    def __str__(self) -> str:
        return self.title


@records("KB-001", "KB-003", "KB-012", "KB-014")
class Version(models.Model):
    """What an article says from a day on. `about` is copied to the article; `fields` are the kind's own."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        REVIEW = "review", _("Under review")
        PUBLISHED = "published", _("Published")
        EXPIRED = "expired", _("Out of force")

    article = models.ForeignKey(Article, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    title = models.CharField(max_length=120)
    body = models.TextField(blank=True, default="")
    fields = models.JSONField(default=dict, blank=True)
    about = models.JSONField(default=dict, blank=True)
    change = models.CharField(max_length=200, blank=True, default="")
    effective_from = models.DateField(null=True, blank=True)
    effective_until = models.DateField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=1)
    author = models.ForeignKey(Staff, models.PROTECT, related_name="+", null=True)
    written_at = models.DateTimeField()
    handed_in_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(Staff, models.PROTECT, related_name="+", null=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    remark = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="article_version_number"),
            models.UniqueConstraint(
                fields=["article"], condition=Q(state__in=("draft", "review")), name="article_one_open_version"
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(effective_from__isnull=False), name="article_no_day_no_effect"
            ),
            models.CheckConstraint(
                condition=Q(effective_until__isnull=True) | Q(effective_until__gte=F("effective_from")),
                name="article_days_in_order",
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(decided_by__isnull=False) & ~Q(decided_by=F("author")),
                name="article_four_eyes",
            ),
        ]
        indexes = [models.Index(fields=["state", "handed_in_at"], name="version_state_waits")]

    def __str__(self) -> str:
        return f"{self.title} v{self.number}"


constraint("article_no_day_no_effect", "KB-014")
constraint("article_four_eyes", "KB-001", "KB-003")


@records("KB-013")
class Receipt(models.Model):
    """Somebody has read a version and says so."""

    version = models.ForeignKey(Version, models.CASCADE, related_name="receipts")
    staff = models.ForeignKey(Staff, models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "staff"], name="receipt_once")]


class Vote(models.Model):
    """Whether an article helped somebody; the last word counts."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="votes")
    staff = models.ForeignKey(Staff, models.CASCADE, related_name="+")
    useful = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "staff"], name="vote_once")]


class Wish(models.Model):
    """Something that is missing, wrong or unclear, told from the desk in one click; the same wish is counted.
    `subject` is the article's key as text, "" for what has no article yet."""

    class Kind(models.TextChoices):
        MISSING = "missing", _("Missing")
        WRONG = "wrong", _("Wrong")
        UNCLEAR = "unclear", _("Unclear")

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("wish", "Open")
        DONE = "done", pgettext_lazy("wish", "Settled")

    article = models.ForeignKey(Article, models.CASCADE, null=True, blank=True, related_name="wishes")
    subject = models.CharField(max_length=24, blank=True, default="")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    words = models.CharField(max_length=200, blank=True, default="")
    words_key = models.CharField(max_length=200, blank=True, default="")
    times = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=6, choices=State.choices, default=State.OPEN)
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+", null=True)
    at = models.DateTimeField()
    last_at = models.DateTimeField()
    call = models.CharField(max_length=64, blank=True, default="")
    responsible = models.ForeignKey(Staff, models.PROTECT, related_name="+", null=True)
    answer = models.CharField(max_length=300, blank=True, default="")
    settled_by = models.ForeignKey(Staff, models.PROTECT, related_name="+", null=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "kind", "words_key"], condition=Q(state="open"), name="wish_open_once"
            ),
        ]
        indexes = [models.Index(fields=["state", "-last_at"], name="wish_open_newest")]


class Search(models.Model):
    """What somebody looked for and how much was found; while he types on, the same row."""

    words = models.CharField(max_length=80)
    words_key = models.CharField(max_length=80)
    hits = models.PositiveSmallIntegerField()
    staff = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    opened = models.ForeignKey(Article, models.SET_NULL, null=True, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["at"], name="search_when"),
            models.Index(fields=["staff", "-at"], name="search_of"),
        ]


@records("KB-004", "KB-006", "KB-007")
class SaidLines(models.Model):
    """Which lines of a script an agent ticked as said in a call."""

    call = models.CharField(max_length=64)
    staff = models.ForeignKey(Staff, models.CASCADE, related_name="+")
    script = models.CharField(max_length=60)
    ticked = models.JSONField(default=list)
    mandatory = models.PositiveSmallIntegerField(default=0)
    said = models.PositiveSmallIntegerField(default=0)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["call", "staff", "script"], name="said_lines_once")]


@records("KB-008", "SEC-011")
class Print(models.Model):
    """A script that was printed: by whom, with whose consent, in how many copies."""

    script = models.CharField(max_length=60)
    title = models.CharField(max_length=120)
    staff = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    request = models.CharField(max_length=40, unique=True)
    copies = models.PositiveSmallIntegerField(default=1)
    at = models.DateTimeField()


constraint("knowledge_print.request", "KB-008", "SEC-011")


@records("KB-013")
class DayOff(models.Model):
    """Days on which an expert (an article of that kind) does not receive; told before they begin, or too late."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="days_off")
    first_on = models.DateField()
    last_on = models.DateField()
    note = models.CharField(max_length=120, blank=True, default="")
    told_by = models.ForeignKey(Staff, models.PROTECT, related_name="+", null=True)
    told_at = models.DateTimeField()
    late = models.BooleanField(default=False)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(last_on__gte=F("first_on")), name="day_off_in_order")]
        indexes = [models.Index(fields=["first_on", "last_on"], name="day_off_span")]
