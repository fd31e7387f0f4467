# SPDX-License-Identifier: Apache-2.0
"""`zuoxi first_sign_in CODE NAME`: the first person of a new centre, who lets everybody else in.

Whoever may run it has the machine and its database anyway; it is written into the audit chain all the same.
"""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from zuoxi.people import services
from zuoxi.people.models import Position, Staff

BY = "console"


class Command(BaseCommand):
    help = "Give somebody a sign-in from the machine itself: the first person of a new centre, or one locked out."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", help="staff number")
        parser.add_argument("name", nargs="?", default="", help="needed for somebody who is not known yet")
        parser.add_argument(
            "--position", default="DIR", help="code of the post of somebody new, by default the director"
        )

    @transaction.atomic
    def handle(self, *args: Any, code: str, name: str, position: str, **options: Any) -> None:
        services.load_positions()
        staff = Staff.objects.filter(code=code).first() or self._hired(code, name, position)
        if not staff.employed:
            raise CommandError(f"{code} {staff.name} has left; hire him again first", returncode=2)
        password = services.reset_password(staff, BY)
        self.stdout.write(f"{staff.code} {staff.name}: {password}")
        self.stderr.write("Shown once. It must be changed at the first sign-in.")

    def _hired(self, code: str, name: str, position: str) -> Staff:
        post = Position.objects.filter(code=position).first()
        if post is None:
            known = ", ".join(Position.objects.order_by("rank", "code").values_list("code", flat=True))
            raise CommandError(f"no position {position!r}; there are {known}", returncode=2)
        if not (code.isascii() and code.isdecimal()) or not name.strip():
            raise CommandError("write a staff number in digits and the name, for example: 9001 王明", returncode=2)
        return services.hire(code, name.strip(), [services.Placement(post)], timezone.localdate(), by=BY)
