# SPDX-License-Identifier: Apache-2.0
"""Deny by default: a view that does not say who may open it is not opened."""

import re
from typing import Any

from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, QueryDict
from django.utils.deprecation import MiddlewareMixin

YEARS = range(1900, 3000)
"""The days that pages are asked for; at the ends of the calendar a time zone or a step of a month falls off it."""
_DAY = re.compile(r"(?P<year>\d{4})-\d\d(?:-\d\d(?:[T ][\d:.+ -]*Z?)?)?")

# Views of libraries that guard themselves: sign-in pages, and the API whose operations carry their own capability.
SELF_GUARDED = (
    "allauth.",
    "ninja.",
    "django.views.i18n",
    "django.views.static",
    "django.contrib.staticfiles",
)


def access_of(view: Any) -> str | None:
    """What a resolved view says of itself: "public", "signed_in", a capability, or None when it says nothing."""
    access = getattr(view, "zuoxi_access", None)
    if access is None and hasattr(view, "view_class"):
        access = getattr(view.view_class, "zuoxi_access", None)
    if access is None and str(getattr(view, "__module__", "")).startswith(SELF_GUARDED):
        return "self_guarded"
    return access


def _beyond(text: str) -> bool:
    found = _DAY.fullmatch(text)
    return found is not None and int(found["year"]) not in YEARS


def _without_days_beyond(asked: QueryDict) -> QueryDict:
    """Such days narrow nothing, like days that are none."""
    kept = asked.copy()
    for name, values in asked.lists():
        kept.setlist(name, ["" if _beyond(one) else one for one in values])
    return kept


class DenyByDefault(MiddlewareMixin):
    """Refuse (403) every view that carries no access mark, and (400) addresses that no database can be asked for; days
    beyond the calendar are left out of the address."""

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        said = [*map(str, kwargs.values()), *(one for values in request.GET.lists() for one in values[1])]
        if any("\0" in one for one in said):  # PostgreSQL keeps no NUL in text
            raise BadRequest("NUL in the address")
        if any(_beyond(one) for one in said):
            request.GET = _without_days_beyond(request.GET)  # type: ignore[assignment]
        if access_of(view) is None:
            raise PermissionDenied(f"{view.__module__} does not say who may open it")
