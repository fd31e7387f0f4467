# SPDX-License-Identifier: Apache-2.0
"""What a customer complains about, and everything that is done about it until he has had his answer."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zuoxi.complaints.choices import OPEN_STATES, About, Content, Result, Severity, Source, State
from zuoxi.customers.models import Customer
from zuoxi.people.models import Staff, Team
from zuoxi.policy.marks import constraint, records


@records("CMP-002", "CMP-003", "CMP-007", "CMP-008", "CMP-009", "CMP-010")
class Complaint(models.Model):
    """`words` are the customer's. `call` is the call's linked id or its number in the ledger, `ticket` and `order` are
    numbers; "" where there is none. `anonymous`: who complained is kept from whoever is judged.

    The three clocks: `response_due_at`, `handling_due_at`, `answer_due_at`. `paused_since` stops them; a pause that
    has ended has moved them on. `level` is the step of the chain (a role word) that has it.
    """

    number = models.CharField(max_length=24, unique=True)
    source = models.CharField(max_length=10, choices=Source.choices)
    severity = models.CharField(max_length=8, choices=Severity.choices, default=Severity.ORDINARY)
    kind = models.CharField(max_length=32)
    customer = models.ForeignKey(Customer, models.PROTECT, null=True, blank=True, related_name="+")
    anonymous = models.BooleanField(default=False)
    words = models.TextField()
    wish = models.CharField(max_length=300, blank=True, default="")
    call = models.CharField(max_length=64, blank=True, default="")
    ticket = models.CharField(max_length=40, blank=True, default="")
    order = models.CharField(max_length=40, blank=True, default="")
    about = models.CharField(max_length=10, choices=About.choices, default=About.UNLOCATED)
    about_staff = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    about_team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="+")
    amount = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    people = models.PositiveIntegerField(default=1)
    department = models.CharField(max_length=60, blank=True, default="")
    first_receiver = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    responsible = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    handler = models.ForeignKey(Staff, models.SET_NULL, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.RECEIVED)
    level = models.CharField(max_length=32)
    received_at = models.DateTimeField()
    response_due_at = models.DateTimeField()
    handling_due_at = models.DateTimeField()
    answer_due_at = models.DateTimeField()
    responded_at = models.DateTimeField(null=True, blank=True)
    handled_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    paused_since = models.DateTimeField(null=True, blank=True)
    pauses = models.PositiveSmallIntegerField(default=0)
    paused_seconds = models.PositiveIntegerField(default=0)
    measures = models.TextField(blank=True, default="")
    answer = models.TextField(blank=True, default="")
    answer_way = models.CharField(max_length=10, blank=True, default="")
    content = models.CharField(max_length=12, choices=Content.choices, blank=True, default="")
    result = models.CharField(max_length=12, choices=Result.choices, blank=True, default="")
    reopened = models.PositiveSmallIntegerField(default=0)
    warned_at = models.DateTimeField(null=True, blank=True)
    severity_why = models.JSONField(default=dict)
    deadline_why = models.JSONField(default=dict)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["-received_at", "-pk"]
        indexes = [
            models.Index(fields=["state", "answer_due_at"], name="complaint_due"),
            models.Index(fields=["received_at"], name="complaint_received"),
            models.Index(fields=["about_staff", "received_at"], name="complaint_about"),
            models.Index(fields=["customer", "received_at"], name="complaint_customer"),
            models.Index(fields=["call"], name="complaint_call"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=State.CLOSED) | Q(answered_at__isnull=False, closed_at__isnull=False),
                name="complaint_answered_before_closed",
            ),
            models.CheckConstraint(
                condition=~Q(about=About.PERSON) | Q(about_staff__isnull=False), name="complaint_person_named"
            ),
            models.CheckConstraint(
                condition=Q(paused_since__isnull=True) | Q(state__in=[str(one) for one in OPEN_STATES]),
                name="complaint_paused_while_open",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def open(self) -> bool:
        return self.state in OPEN_STATES


constraint("complaint_answered_before_closed", "CMP-007")
constraint("complaint_person_named", "CMP-007")


@records("CMP-003", "CMP-007")
class Step(models.Model):
    """What was done: the trail of a complaint, never changed. `kind` is a word of `STEP_NAMES` (trail.py)."""

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="steps")
    at = models.DateTimeField()
    kind = models.CharField(max_length=16)
    by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    text = models.TextField(blank=True, default="")
    about_person = models.BooleanField(default=False)
    """Told only to who may know what was found about a person."""

    class Meta:
        ordering = ["at", "pk"]


@records("CMP-003")
class Stay(models.Model):
    """How long a complaint has been at a step of the chain. `until_at` None: it is there now."""

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="stays")
    level = models.CharField(max_length=32)
    staff = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True, default="")
    why = models.JSONField(default=dict)

    class Meta:
        ordering = ["from_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["complaint"], condition=Q(until_at__isnull=True), name="one_open_stay"),
            models.CheckConstraint(
                condition=Q(until_at__isnull=True) | Q(until_at__gte=F("from_at")), name="stay_ends_later"
            ),
        ]


class Pause(models.Model):
    """The clocks stand while the customer is waited for."""

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="all_pauses")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=300)
    by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["from_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["complaint"], condition=Q(until_at__isnull=True), name="one_open_pause"),
        ]


@records("CMP-004", "CMP-012")
class Praise(models.Model):
    """A customer's praise; counts for the person once a trainer has found it true."""

    class State(models.TextChoices):
        RECEIVED = "received", _("To be verified")
        CONFIRMED = "confirmed", pgettext_lazy("praise", "Confirmed")
        REFUTED = "refuted", pgettext_lazy("praise", "Not confirmed")

    number = models.CharField(max_length=24, unique=True)
    source = models.CharField(max_length=10, choices=Source.choices)
    kind = models.CharField(max_length=32)
    customer = models.ForeignKey(Customer, models.PROTECT, null=True, blank=True, related_name="+")
    words = models.TextField()
    call = models.CharField(max_length=64, blank=True, default="")
    staff = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="+")
    complaint = models.OneToOneField(Complaint, models.SET_NULL, null=True, blank=True, related_name="praise")
    state = models.CharField(max_length=10, choices=State.choices, default=State.RECEIVED)
    first_receiver = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    received_at = models.DateTimeField()
    points = models.DecimalField(max_digits=6, decimal_places=2, null=True, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["-received_at", "-pk"]
        indexes = [models.Index(fields=["staff", "received_at"], name="praise_staff")]

    def __str__(self) -> str:
        return self.number


@records("CMP-004", "CMP-007", "CMP-012")
class Verification(models.Model):
    """A trainer listens and writes down what was so: of one complaint or of one praise."""

    class Evidence(models.TextChoices):
        RECORDING = "recording", _("Recording heard")
        NONE = "none", _("No recording to be found")
        PAPERS = "papers", _("Papers and people asked")

    complaint = models.ForeignKey(Complaint, models.CASCADE, null=True, blank=True, related_name="verifications")
    praise = models.ForeignKey(Praise, models.CASCADE, null=True, blank=True, related_name="verifications")
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    verifier = models.ForeignKey(Staff, models.SET_NULL, null=True, blank=True, related_name="+")
    verified_at = models.DateTimeField(null=True, blank=True)
    evidence = models.CharField(max_length=10, choices=Evidence.choices, blank=True, default="")
    result = models.CharField(max_length=12, choices=Result.choices, blank=True, default="")
    text = models.TextField(blank=True, default="")

    class Meta:
        ordering = ["due_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(complaint__isnull=False, praise__isnull=True)
                | Q(complaint__isnull=True, praise__isnull=False),
                name="verification_of_one",
            ),
            models.UniqueConstraint(
                fields=["complaint"], condition=Q(verified_at__isnull=True), name="one_open_verification"
            ),
            models.UniqueConstraint(
                fields=["praise"], condition=Q(verified_at__isnull=True), name="one_open_praise_check"
            ),
        ]


@records("CMP-004", "CMP-009")
class PersonFinding(models.Model):
    """What was found about a person. Kept apart from the answer to the customer; seen only by who may (access.py) and
    by the person, once it stands. `points`: what is proposed to be taken off the month's score (none: nothing)."""

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="findings")
    staff = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    result = models.CharField(max_length=12, choices=Result.choices)
    fault = models.CharField(max_length=32, blank=True, default="")
    text = models.TextField()
    points = models.DecimalField(max_digits=6, decimal_places=2, null=True, blank=True)
    found_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    found_at = models.DateTimeField()
    collected_by = models.ForeignKey(Staff, models.SET_NULL, null=True, blank=True, related_name="+")
    collected_at = models.DateTimeField(null=True, blank=True)
    """When the support manager has taken it into the month's sum (C-10)."""

    class Meta:
        ordering = ["-found_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["complaint", "staff"], name="one_finding_a_person")]


@records("CMP-006")
class GravePlan(models.Model):
    """A grave complaint: told to the top on the day, solved, sanctioned, and kept from happening again by a plan."""

    complaint = models.OneToOneField(Complaint, models.CASCADE, related_name="plan")
    report_due_at = models.DateTimeField()
    reported_at = models.DateTimeField(null=True, blank=True)
    reported_to = models.JSONField(default=list)
    solution = models.TextField(blank=True, default="")
    sanction = models.TextField(blank=True, default="")
    prevention = models.TextField(blank=True, default="")
    made_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(null=True, blank=True)
    agreed_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    agreed_at = models.DateTimeField(null=True, blank=True)


@records("CMP-005")
class TrainingNeed(models.Model):
    """What complaints show that people have to learn, followed until they are tested again."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("training need", "To be planned")
        PLANNED = "planned", pgettext_lazy("training need", "Planned")
        TRAINED = "trained", pgettext_lazy("training need", "Trained")
        PASSED = "passed", pgettext_lazy("training need", "Tested again: passed")
        FAILED = "failed", pgettext_lazy("training need", "Tested again: not passed")

    complaint = models.ForeignKey(Complaint, models.CASCADE, null=True, blank=True, related_name="needs")
    staff = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    topic = models.CharField(max_length=32)
    text = models.CharField(max_length=500)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    due_on = models.DateField()
    trained_on = models.DateField(null=True, blank=True)
    retested_on = models.DateField(null=True, blank=True)
    score = models.DecimalField(max_digits=5, decimal_places=1, null=True, blank=True)
    rounds = models.PositiveSmallIntegerField(default=1)
    made_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["due_on", "pk"]


@records("CMP-011")
class InspectionMark(models.Model):
    """Points taken off at a daily round; summed by quarter, read at half-year and year. Struck, never deleted."""

    day = models.DateField(db_index=True)
    unit = models.CharField(max_length=60)
    item = models.CharField(max_length=200)
    points = models.DecimalField(max_digits=5, decimal_places=1)
    note = models.CharField(max_length=300, blank=True, default="")
    by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()
    struck_at = models.DateTimeField(null=True, blank=True)
    struck_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    struck_why = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        ordering = ["-day", "-pk"]
        constraints = [models.CheckConstraint(condition=Q(points__gt=0), name="inspection_points_taken")]


@records("CMP-010")
class Suggestion(models.Model):
    """The file of what customers suggest: who took it first, when it went to the leader's office, what became of it."""

    number = models.CharField(max_length=24, unique=True)
    customer = models.ForeignKey(Customer, models.PROTECT, null=True, blank=True, related_name="+")
    complaint = models.ForeignKey(Complaint, models.SET_NULL, null=True, blank=True, related_name="suggestions")
    words = models.TextField()
    first_receiver = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    received_at = models.DateTimeField()
    forwarded_to = models.CharField(max_length=60, blank=True, default="")
    forwarded_at = models.DateTimeField(null=True, blank=True)
    forwarded_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    reply = models.TextField(blank=True, default="")
    adopted = models.BooleanField(null=True, blank=True)
    replied_at = models.DateTimeField(null=True, blank=True)
    replied_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["-received_at", "-pk"]


class SavedFilter(models.Model):
    """A list's filter that somebody keeps under a name."""

    staff = models.ForeignKey(Staff, models.CASCADE, related_name="+")
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=400)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["staff", "name"], name="complaint_filter_once")]
