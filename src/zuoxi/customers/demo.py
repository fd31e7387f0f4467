# SPDX-License-Identifier: Apache-2.0
"""The demo's customers: whoever calls the demo centre, their households and firms, and records to tidy up.

All of them are made up, their places too. Their numbers are those that the simulator's callers have.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from zuoxi.customers.changing import identity_index, likeness_of
from zuoxi.customers.demo_words import (
    COMMUNITIES,
    COMPANIES,
    DISTRICTS,
    FAMILY,
    GIVEN,
    NOTES,
    PLAIN_TAGS,
    TAGS,
)
from zuoxi.customers.handbook import COUNTS
from zuoxi.customers.models import (
    Address,
    Consent,
    ContactNumber,
    Customer,
    DoNotCall,
    FieldChange,
    ServiceCount,
)
from zuoxi.people.models import Staff
from zuoxi.people.selectors import posts_on, staff_by_codes
from zuoxi.policy.selectors import site_handbook

MOST = 2000
SHOPS = ("base", "tv_shopping", "telesales", "chengdu", "seat_rules")
SEED = 7
SOURCES = ("inbound", "order", "outbound", "import", "survey")
WEIGHTS, PLAIN_WEIGHTS = (50, 25, 10, 12, 3), (80, 0, 5, 12, 3)


def furnish(today: date) -> None:
    """Two thousand customers; does nothing where there are some already."""
    if Customer.objects.exists():
        return
    sellers = list(staff_by_codes([one.code for one in posts_on(today, positions=("TSR",))]).values())
    write_down(caller_numbers(MOST), today, sellers)


def caller_numbers(most: int) -> list[str]:
    """The numbers of the simulator's callers as it invents them with the demo's seed, its most frequent first."""
    return [f"1990{(index * 7919 + SEED * 101) % 10_000_000:07d}" for index in range(most)]


@transaction.atomic
def write_down(numbers: Iterable[str], today: date, sellers: list[Staff]) -> None:
    """One customer for each number, with what a lived centre knows of him."""
    chance = random.Random(17)  # noqa: S311 - the same demo every time
    now = timezone.now()
    wanted = list(numbers)
    people = [_person(index, chance, today, sellers) for index in range(len(wanted))]
    Customer.objects.bulk_create(people, batch_size=500)
    ContactNumber.objects.bulk_create(
        [ContactNumber(customer=one, number=number) for one, number in zip(people, wanted, strict=True)], batch_size=500
    )
    addresses = [_address(one, chance) for one in people if chance.random() < 0.7]
    Address.objects.bulk_create(addresses, batch_size=500)
    _households(people, addresses, chance)
    _companies(people, chance, now)
    _twins(people, addresses, chance)
    _words(people, wanted, chance, now, sellers)
    _changes(people, chance, now, sellers)
    _counts(today, now)


def _person(index: int, chance: random.Random, today: date, sellers: list[Staff]) -> Customer:
    now = timezone.now()
    made = now - timedelta(days=chance.randrange(1, 700), minutes=chance.randrange(1400))
    identity = f"99010119{chance.randrange(50, 99)}{chance.randrange(10**8):08}" if chance.random() < 0.08 else None
    return Customer(
        name=chance.choice(FAMILY) + chance.choice(GIVEN),
        kind=Customer.Kind.PATIENT if index % 97 == 5 else Customer.Kind.PERSON,
        grade=chance.choices(("vip", "regular", "ordinary", "care", ""), (4, 22, 40, 3, 31))[0],
        source=chance.choices(SOURCES, WEIGHTS if settings.PACK in SHOPS else PLAIN_WEIGHTS)[0],
        seller=chance.choice(sellers) if sellers and chance.random() < 0.25 and settings.PACK in SHOPS else None,
        language="yue" if index % 211 == 3 else "",
        identity_kind="id_card" if identity else "",
        identity=identity,
        identity_index=identity_index(identity) if identity else None,
        birthday=today - timedelta(days=chance.randrange(20 * 365, 85 * 365)) if chance.random() < 0.3 else None,
        tags=chance.sample(TAGS if settings.PACK in SHOPS else PLAIN_TAGS, chance.choices((0, 1, 2), (55, 33, 12))[0]),
        note=chance.choice(NOTES) if chance.random() < 0.12 else "",
        made_by=chance.choice(sellers) if sellers else None,
        made_at=made,
        changed_at=min(now, made + timedelta(days=chance.randrange(0, 200))) if chance.random() < 0.2 else made,
    )


def _address(one: Customer, chance: random.Random) -> Address:
    province, city, district = chance.choice(DISTRICTS)
    parts = {
        "province": province,
        "city": city,
        "district": district,
        "community": chance.choice(COMMUNITIES),
        "building": f"{chance.randrange(1, 30)}号楼",
        "unit": f"{chance.randrange(1, 5)}单元",
        "room": f"{chance.randrange(1, 18)}0{chance.randrange(1, 5)}室",
    }
    return Address(customer=one, label="家", preferred=True, likeness=likeness_of(parts), **parts)


def _households(people: list[Customer], addresses: list[Address], chance: random.Random) -> None:
    """Forty households of two to four people."""
    for number in range(40):
        members = people[100 + number * 4 : 100 + number * 4 + chance.randrange(2, 5)]
        first = members[0]
        home = Customer.objects.create(
            name=f"{first.name[0]}家", kind=Customer.Kind.HOUSEHOLD, source="inbound", made_at=first.made_at,
            changed_at=first.changed_at,
        )  # fmt: skip
        Customer.objects.filter(pk__in=[one.pk for one in members]).update(parent=home)


def _companies(people: list[Customer], chance: random.Random, now: datetime) -> None:
    for index, name in enumerate(COMPANIES):
        firm = Customer.objects.create(
            name=name, kind=Customer.Kind.COMPANY, grade="regular", source="order", tags=["公司采购"],
            made_at=now - timedelta(days=400), changed_at=now - timedelta(days=9),
        )  # fmt: skip
        for extension in ("", "801", "802"):
            ContactNumber.objects.create(
                customer=firm,
                number=f"0999{8000000 + index:07}",
                extension=extension,
                label="总机" if not extension else "",
            )
        staff = people[400 + index * 6 : 404 + index * 6]
        Customer.objects.filter(pk__in=[one.pk for one in staff]).update(parent=firm)


def _twins(people: list[Customer], addresses: list[Address], chance: random.Random) -> None:
    """A dozen who were written down a second time from another telephone."""
    for index, where in enumerate(chance.sample(addresses, 12)):
        first = where.customer
        again = Customer.objects.create(
            name=first.name, source="inbound", tags=["会员"] if index % 3 == 0 else [], made_at=first.made_at,
            changed_at=min(timezone.now(), first.made_at + timedelta(days=30)),
        )  # fmt: skip
        ContactNumber.objects.create(customer=again, number=f"19919{index:06}")
        Address.objects.create(customer=again, line=where.written, likeness=where.likeness)


def _words(
    people: list[Customer], numbers: list[str], chance: random.Random, now: datetime, sellers: list[Staff]
) -> None:
    """Consents with their proof, some withdrawn; numbers that are not called."""
    said = []
    for index, one in enumerate(people[:600]):
        recorded = index % 2 == 1
        said.append(
            Consent(
                customer=one,
                channel=("call", "sms", "survey")[index % 3],
                given=index % 9 != 4,
                proof_kind="recording" if recorded else "text",
                proof=f"通话录音 {10000 + index}" if recorded else "客户口头表示，坐席已复述",
                at=now - timedelta(days=index % 90, hours=index % 20),
                by=chance.choice(sellers) if sellers else None,
            )
        )
    Consent.objects.bulk_create(said, batch_size=500)
    DoNotCall.objects.bulk_create(
        [
            DoNotCall(
                number=numbers[index * 31 + 3], scope=("everything", "offers", "surveys")[index % 3],
                reason=("客户要求不再来电", "不接受推销", "不愿参加回访")[index % 3],
                source=("customer", "customer", "complaint")[index % 3], made_at=now - timedelta(days=index * 5 + 1),
                until=now + timedelta(days=180) if index % 4 == 0 else None,
                by=chance.choice(sellers) if sellers else None,
            )
            for index in range(24)
        ]
    )  # fmt: skip


def _changes(people: list[Customer], chance: random.Random, now: datetime, sellers: list[Staff]) -> None:
    """Most changes belong to a call; seven belong to nothing and wait for a manager."""
    rows = []
    for index, one in enumerate(people[700:760]):
        loose, graded = index % 9 == 0, index % 2 == 1
        rows.append(
            FieldChange(
                customer=one,
                field="grade" if graded else "note",
                new=(one.grade or "ordinary") if graded else chance.choice(NOTES),
                at=now - timedelta(hours=index * 3 + 1),
                by=chance.choice(sellers) if sellers else None,
                reference_kind="" if loose else "call",
                reference="" if loose else str(4000 + index),
            )
        )
    FieldChange.objects.bulk_create(rows)


def _counts(today: date, now: datetime) -> None:
    """Two years of the front desk's registers."""
    chance = random.Random(5)  # noqa: S311 - the same demo every time
    rows = []
    for day in range(0, 760, 3):
        on = today - timedelta(days=day)
        rows.append(
            ServiceCount(kind="centre.visitors", place="一楼接待处", on=on, count=chance.randrange(3, 20), at=now)
        )
        rows.append(ServiceCount(kind="centre.letters", place="收发室", on=on, count=chance.randrange(1, 9), at=now))
        rows.append(ServiceCount(kind="centre.parcels", place="收发室", on=on, count=chance.randrange(5, 60), at=now))
    if "hospital.guided" in site_handbook().entries(COUNTS):
        rows = [one for day in range(400) for one in _guided(today - timedelta(days=day), chance, now)]
    ServiceCount.objects.bulk_create(rows)


def _guided(on: date, chance: random.Random, now: datetime) -> list[ServiceCount]:
    """A day of a hospital's guide desk; one in ten was not written down."""
    if chance.random() < 0.1:
        return []
    first, again = chance.randrange(30, 60), chance.randrange(40, 75)
    parts = (("hospital.guided", first + again), ("hospital.guided.first", first), ("hospital.guided.again", again))
    return [ServiceCount(kind=kind, place="门诊导医台", on=on, count=count, at=now) for kind, count in parts]
