# SPDX-License-Identifier: Apache-2.0
"""The posts of the handbook as rows: read from `handbooks/site/positions.yaml`, as often as one likes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.db import transaction

from zuoxi.people.handbook import POSITION_NAMES
from zuoxi.people.models import Position, PositionAlias
from zuoxi.people.rules import superior_loop
from zuoxi.policy.marks import enforces
from zuoxi.policy.selectors import site_handbook
from zuoxi.web.roles import Role

_LINES = ("reports_to", "copies_to", "safety_to")


class BadHandbook(ValueError):
    """The file names something that it does not define, or a loop."""


def _read(path: Path) -> list[dict[str, Any]]:
    posts: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))["positions"]
    codes = {post["code"] for post in posts}
    for post in posts:
        Role(post["code"])
        strangers = {post[line] for line in _LINES if post.get(line)} - codes
        if strangers:
            raise BadHandbook(f"{post['code']}: no position {', '.join(sorted(strangers))}")
    loop = superior_loop({post["code"]: post.get("reports_to") for post in posts})
    if loop:
        raise BadHandbook(f"positions report to each other in a circle: {' → '.join(loop)}")
    return posts


@transaction.atomic
@enforces("ORG-001", "ORG-003", "ORG-004", "ORG-015")
def load_positions(path: Path | None = None) -> int:
    """Make the positions of the file, or bring them up to date, named as the site's trade names them; returns how many.

    Positions that the file does not name are kept: people may hold them. Raises BadHandbook.
    """
    posts = _read(path or settings.HANDBOOKS / "site" / "positions.yaml")
    names = site_handbook().entries(POSITION_NAMES)
    rows = {
        post["code"]: Position.objects.update_or_create(
            code=post["code"],
            defaults={
                "name_zh": names[post["code"]].zh if post["code"] in names else post["zh"],
                "name_en": names[post["code"]].en if post["code"] in names else post["en"],
                "rank": post["rank"],
            },
        )[0]
        for post in posts
    }
    for post in posts:
        row = rows[post["code"]]
        for line in _LINES:
            setattr(row, line, rows.get(post.get(line)))
        row.save(update_fields=_LINES)
        for alias in post.get("aliases", ()):
            PositionAlias.objects.update_or_create(alias=alias, defaults={"position": row})
    return len(posts)
