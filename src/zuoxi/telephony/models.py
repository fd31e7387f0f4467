# SPDX-License-Identifier: Apache-2.0
"""What is set up (switches, queues, numbers, extensions) and what the folds have made of the ledger (calls, states).

The second kind is only ever written by `projections.py`; it can be dropped and rebuilt from the ledger.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zuoxi.people.models import Named, Project, Staff
from zuoxi.telephony.facts import AgentState, Direction, LegKind, Outcome


class Switch(models.Model):
    """A telephone exchange that we listen to."""

    class Kind(models.TextChoices):
        ASTERISK = "asterisk", "Asterisk"
        SIMULATOR = "simulator", _("Simulator")

    name = models.SlugField(max_length=32, unique=True)
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.ASTERISK)
    host = models.CharField(max_length=120, default="127.0.0.1")
    port = models.PositiveIntegerField(default=5038)
    username = models.CharField(max_length=64, default="zuoxi")
    secret_env = models.CharField(
        max_length=64,
        default="ZUOXI_AMI_SECRET",
        help_text=_("Name of the environment variable with the secret"),
    )
    queue_log_path = models.CharField(max_length=300, blank=True, default="")
    cel_path = models.CharField(max_length=300, blank=True, default="")
    recordings_path = models.CharField(max_length=300, blank=True, default="")
    config_path = models.CharField(max_length=300, blank=True, default="")
    site_path = models.CharField(max_length=300, blank=True, default="")
    websocket_url = models.CharField(max_length=200, blank=True, default="")
    sip_domain = models.CharField(max_length=120, blank=True, default="")
    instance = models.CharField(max_length=64, blank=True, default="")
    connected_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    backfill_position = models.JSONField(default=dict, blank=True)

    def __str__(self) -> str:
        return self.name


class Queue(Named):
    """A queue of the switch; its code is its name there."""

    switch = models.ForeignKey(Switch, models.PROTECT, related_name="queues")
    project = models.ForeignKey(Project, models.PROTECT, null=True, blank=True, related_name="queues")
    number = models.CharField(max_length=32, blank=True, default="")
    strategy = models.CharField(max_length=24, default="rrmemory")
    ring_seconds = models.PositiveSmallIntegerField(default=15)
    wrap_seconds = models.PositiveSmallIntegerField(default=30)
    target_seconds = models.PositiveSmallIntegerField(default=20)
    target_percent = models.DecimalField(max_digits=5, decimal_places=2, default=80)
    short_abandon_seconds = models.PositiveSmallIntegerField(default=5)
    max_wait_seconds = models.PositiveSmallIntegerField(default=300)
    max_callers = models.PositiveSmallIntegerField(default=0)
    priority = models.SmallIntegerField(default=0)
    overflow = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
    recorded = models.BooleanField(default=True)
    surveyed = models.BooleanField(default=False)
    survey = models.CharField(max_length=40, blank=True, default="")
    callback_key = models.CharField(
        max_length=1, blank=True, default="", help_text=_("Who waits presses it, hangs up and keeps his place")
    )
    open = models.BooleanField(default=True)

    class Meta:
        ordering = ["code"]


class QueueMembership(models.Model):
    """Which queues an agent is signed in to when he signs in."""

    queue = models.ForeignKey(Queue, models.CASCADE, related_name="memberships")
    staff = models.ForeignKey(Staff, models.CASCADE, related_name="queue_memberships")
    penalty = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["queue", "staff"], name="one_membership")]


class OpeningCalendar(Named):
    """When a number is answered: weekly intervals and special days, as data (`{"mon": [["09:00","21:00"]], …}`)."""

    weekly = models.JSONField(default=dict)
    special_days = models.JSONField(default=dict, blank=True)


class Number(models.Model):
    """A number that customers call, and what happens then."""

    number = models.CharField(max_length=32, unique=True)
    label = models.CharField(max_length=80, blank=True, default="")
    switch = models.ForeignKey(Switch, models.CASCADE, related_name="numbers")
    calendar = models.ForeignKey(OpeningCalendar, models.PROTECT, null=True, blank=True, related_name="numbers")
    queue = models.ForeignKey(Queue, models.PROTECT, null=True, blank=True, related_name="numbers")
    menu = models.JSONField(default=dict, blank=True)
    when_closed = models.CharField(
        max_length=12,
        default="voicemail",
        choices=[
            ("hangup", _("Greeting only")),
            ("voicemail", _("Voicemail")),
            ("callback", _("Callback request")),
        ],
    )
    presented = models.BooleanField(default=False, help_text=_("May be shown to the called party"))

    def __str__(self) -> str:
        return f"{self.number} {self.label}".strip()


class Extension(models.Model):
    """A telephone of the centre: a browser or a desk phone, used by one agent at a time."""

    number = models.CharField(max_length=32, unique=True)
    switch = models.ForeignKey(Switch, models.CASCADE, related_name="extensions")
    staff = models.ForeignKey(Staff, models.SET_NULL, null=True, blank=True, related_name="extensions")
    browser = models.BooleanField(default=True)
    seat = models.CharField(max_length=16, blank=True, default="")
    secret = models.CharField(max_length=64, blank=True, default="")

    def __str__(self) -> str:
        return self.number


class NotReadyReason(Named):
    """Why somebody is not ready. `limit_minutes` None: no limit."""

    state = models.CharField(max_length=12, choices=[(s, s) for s in AgentState], default=AgentState.NOT_READY)
    limit_minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    order = models.PositiveSmallIntegerField(default=0)
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["order", "code"]


class Command(models.Model):
    """Something we ask of the switch; the listener sends it and writes what became of it."""

    class Status(models.TextChoices):
        PENDING = "pending", _("Pending")
        SENT = "sent", _("Sent")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    switch = models.ForeignKey(Switch, models.CASCADE, related_name="commands")
    verb = models.CharField(max_length=24)
    agent = models.CharField(max_length=32, blank=True, default="")
    arguments = models.JSONField(default=dict)
    asked_by = models.ForeignKey(Staff, models.SET_NULL, null=True, blank=True, related_name="+")
    asked_at = models.DateTimeField()
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.PENDING)
    answered_at = models.DateTimeField(null=True, blank=True)
    message = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["switch", "status", "id"], name="command_todo")]


class Call(models.Model):
    """Folded from the ledger. `id` is the ledger id of the call's first event. Times are whole seconds, UTC."""

    id = models.BigIntegerField(primary_key=True)
    uid = models.CharField(max_length=64, unique=True)
    switch = models.CharField(max_length=32)
    direction = models.CharField(max_length=8, choices=[(d, d) for d in Direction])
    caller = models.CharField(max_length=40, blank=True, default="")
    called = models.CharField(max_length=40, blank=True, default="")
    queue = models.CharField(max_length=32, blank=True, default="")
    agent = models.CharField(max_length=32, blank=True, default="")
    offered_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, choices=[(o, o) for o in Outcome])
    wait_seconds = models.IntegerField(null=True)
    talk_seconds = models.IntegerField(null=True)
    hold_seconds = models.IntegerField(null=True)
    ended_by = models.CharField(max_length=10, blank=True, default="")
    survey_score = models.SmallIntegerField(null=True)
    survey_asked = models.SmallIntegerField(null=True)
    survey_means = models.CharField(max_length=20, blank=True, default="")
    survey_answers = models.CharField(max_length=60, blank=True, default="")
    diverted_to = models.CharField(max_length=40, blank=True, default="")
    doubts = models.CharField(max_length=200, blank=True, default="")
    applied_through = models.BigIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["offered_at"], name="call_offered"),
            models.Index(fields=["agent", "offered_at"], name="call_agent"),
            models.Index(fields=["queue", "offered_at"], name="call_queue"),
            models.Index(fields=["caller", "offered_at"], name="call_caller"),
            models.Index(fields=["called", "offered_at"], name="call_called"),
            models.Index(fields=["queue", "offered_at"], name="call_nobody", condition=models.Q(agent="")),
        ]


class QueueVisit(models.Model):
    """One wait of a call in one queue. Not a foreign key on purpose: the fold writes in bulk and can be dropped."""

    call_id = models.BigIntegerField()
    seq = models.SmallIntegerField()
    queue = models.CharField(max_length=32)
    agent = models.CharField(max_length=32, blank=True, default="")
    entered_at = models.DateTimeField(db_index=True)
    left_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10)
    position = models.IntegerField(null=True)
    wait_seconds = models.IntegerField(null=True)
    talk_seconds = models.IntegerField(null=True)
    hold_seconds = models.IntegerField(null=True)
    ended_by = models.CharField(max_length=10, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["call_id", "seq"], name="one_visit")]
        indexes = [models.Index(fields=["queue", "entered_at"], name="visit_queue")]


class Leg(models.Model):
    """One agent's part in a call. `aside_at`: when the call began, on an agent's first part in a call that counts for
    another agent or for nobody; his list finds it by that, and his own calls by the call's agent."""

    call_id = models.BigIntegerField()
    seq = models.SmallIntegerField()
    agent = models.CharField(max_length=32)
    kind = models.CharField(max_length=12, choices=[(k, k) for k in LegKind])
    queue = models.CharField(max_length=32, blank=True, default="")
    from_at = models.DateTimeField()
    to_at = models.DateTimeField(null=True)
    ring_seconds = models.IntegerField(null=True)
    talk_seconds = models.IntegerField(null=True)
    hold_seconds = models.IntegerField(null=True)
    aside_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["call_id", "seq"], name="one_leg")]
        indexes = [
            models.Index(fields=["agent", "from_at"], name="leg_agent"),
            models.Index(fields=["agent", "aside_at"], name="leg_aside", condition=models.Q(aside_at__isnull=False)),
        ]


class Attempt(models.Model):
    """A ring at an agent that was not answered."""

    call_id = models.BigIntegerField()
    seq = models.SmallIntegerField()
    agent = models.CharField(max_length=32)
    queue = models.CharField(max_length=32)
    at = models.DateTimeField(db_index=True)
    ring_seconds = models.IntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["call_id", "seq"], name="one_attempt")]


class Recording(models.Model):
    """A recording of one leg. The fold writes what the switch said; `recordings.py` what the file turned out to be."""

    class Status(models.TextChoices):
        EXPECTED = "expected", _("Expected")
        COMPLETE = "complete", _("Complete")
        SHORT = "short", _("Short")
        MISSING = "missing", _("Missing")
        REPAIRED = "repaired", _("Repaired")
        ORPHAN = "orphan", _("Orphan")
        DELETED = "deleted", _("Deleted by retention")

    path = models.CharField(max_length=200, unique=True)
    call_id = models.BigIntegerField(null=True, db_index=True)
    agent = models.CharField(max_length=32, blank=True, default="")
    started_at = models.DateTimeField(db_index=True)
    stopped_at = models.DateTimeField(null=True)
    said_seconds = models.IntegerField(null=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.EXPECTED)
    seconds = models.DecimalField(max_digits=9, decimal_places=2, null=True)
    channels = models.PositiveSmallIntegerField(null=True)
    size = models.BigIntegerField(null=True)
    sha256 = models.CharField(max_length=64, blank=True, default="")
    encrypted = models.BooleanField(default=False)
    checked_at = models.DateTimeField(null=True)
    keep_until = models.DateField(null=True)
    note = models.CharField(max_length=200, blank=True, default="")


class StateInterval(models.Model):
    """An agent in one state. `to_at` None: now."""

    agent = models.CharField(max_length=32)
    state = models.CharField(max_length=12, choices=[(s, s) for s in AgentState])
    reason = models.CharField(max_length=32, blank=True, default="")
    direction = models.CharField(max_length=8, blank=True, default="")
    cause = models.CharField(max_length=24, blank=True, default="")
    queues = models.CharField(max_length=200, blank=True, default="")
    subject = models.CharField(max_length=64, blank=True, default="")
    from_at = models.DateTimeField()
    to_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agent", "from_at"], name="one_state_at_a_time")]
        indexes = [
            models.Index(fields=["from_at"], name="state_from"),
            models.Index(fields=["to_at"], name="state_to"),
        ]


class UnknownWindow(models.Model):
    """A stretch in which we could not know what happened on a switch."""

    switch = models.CharField(max_length=32)
    from_at = models.DateTimeField()
    to_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["switch", "from_at"], name="one_window")]


class WrapUp(models.Model):
    """What the agent wrote after the call (主题、结果、小结)."""

    call_id = models.BigIntegerField()
    agent = models.CharField(max_length=32)
    topic = models.CharField(max_length=32, blank=True, default="")
    result = models.CharField(max_length=32, blank=True, default="")
    success = models.BooleanField(null=True)
    note = models.TextField(blank=True, default="")
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["call_id", "agent"], name="one_wrap_up")]


# Django looks for an app's models here.
from zuoxi.telephony.page_models import RecordingHold, RecordingPlay, SavedView, SurveyWording  # noqa: E402, F401
