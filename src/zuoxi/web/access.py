# SPDX-License-Identifier: Apache-2.0
"""Who may open a door: capabilities, and the decorators that every view carries.

A view without one of `may`, `signed_in` or `public` is refused by `middleware.DenyByDefault`, so forgetting is safe.
Which rows a person sees behind the door is each package's own `visibility.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import wraps
from inspect import iscoroutinefunction
from typing import Any, Protocol, TypeVar, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.functional import Promise

from zuoxi.web.problems import problem
from zuoxi.web.roles import Role

View = TypeVar("View", bound=Callable[..., Any])


class Principal(Protocol):
    """What the web layer asks of a signed-in person; `people.User` gives it."""

    @property
    def is_authenticated(self) -> bool: ...

    def may(self, capability: str) -> bool: ...


@dataclass(frozen=True, slots=True)
class Capability:
    """One door: its code ("telephony.calls.view"), what people call it, and the roles it is open to by default."""

    code: str
    label: str | Promise
    roles: frozenset[Role]
    sensitive: bool = False


@dataclass(slots=True)
class CapabilityRegistry:
    """Every capability of the installed packages, in order of registration."""

    by_code: dict[str, Capability] = field(default_factory=dict)

    def add(self, capability: Capability) -> Capability:
        """Raise ValueError when another capability already has the code."""
        known = self.by_code.setdefault(capability.code, capability)
        if known is not capability:
            raise ValueError(f"capability {capability.code!r} is registered twice")
        return capability

    def granted_to(self, roles: Iterable[str]) -> frozenset[str]:
        held = set(roles)
        return frozenset(code for code, one in self.by_code.items() if held & one.roles)


registry = CapabilityRegistry()


def capability(code: str, label: str | Promise, roles: Iterable[Role], *, sensitive: bool = False) -> Capability:
    """Register a capability; call it from a package's `access.py`, which is imported at start."""
    return registry.add(Capability(code, label, frozenset(roles), sensitive))


def _wants_data(request: HttpRequest) -> bool:
    accept = request.headers.get("Accept", "")
    return request.path.startswith("/api/") or accept.startswith(("application/json", "text/event-stream"))


def _refuse_stranger(request: HttpRequest) -> HttpResponseBase:
    if _wants_data(request):
        return problem(401, "Sign-in required")
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    from django.contrib.auth.views import redirect_to_login  # needs the user model, which needs this module

    return redirect_to_login(request.get_full_path())


def _guard(view: View, capability_code: str | None) -> View:
    def refusal(request: HttpRequest, user: Any) -> HttpResponseBase | None:
        if not user.is_authenticated:
            return _refuse_stranger(request)
        if capability_code is not None and not cast(Principal, user).may(capability_code):
            raise PermissionDenied(capability_code)
        return None

    if iscoroutinefunction(view):

        @wraps(view)
        async def guarded_async(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            from asgiref.sync import sync_to_async

            user = await request.auser()
            refused = await sync_to_async(refusal)(request, user)
            return refused or cast(HttpResponseBase, await view(request, *args, **kwargs))

        guarded: Any = guarded_async
    else:

        @wraps(view)
        def guarded_sync(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            return refusal(request, request.user) or cast(HttpResponseBase, view(request, *args, **kwargs))

        guarded = guarded_sync
    guarded.zuoxi_access = capability_code or "signed_in"
    return cast(View, guarded)


def may(capability_code: str) -> Callable[[View], View]:
    """Open the view to those whose roles hold the capability; others get 403, strangers the sign-in page."""

    def decorate(view: View) -> View:
        return _guard(view, capability_code)

    return decorate


def signed_in(view: View) -> View:
    """Open the view to every signed-in person."""
    return _guard(view, None)


def public(view: View) -> View:
    """Open the view to everybody; say so on purpose."""
    cast(Any, view).zuoxi_access = "public"
    return view


def open_to_programs(scope: str, *lent: str) -> Callable[[View], View]:
    """Open an operation of the API to tokens that hold the scope ("orders.read", "orders.write").

    Stands beside `may`: the owner of the token needs the capability as well. Without it no token opens the operation.
    `lent`: further capabilities of the owner that the operation asks for inside, which the scope carries along.
    """

    def decorate(view: View) -> View:
        cast(Any, view).zuoxi_scope, cast(Any, view).zuoxi_lent = scope, lent
        return view

    return decorate
