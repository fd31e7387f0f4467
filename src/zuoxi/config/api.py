# SPDX-License-Identifier: Apache-2.0
"""The API of the house: each package brings a router (`<package>/api.py`, name `router`, below the package's name;
`at_root` for addresses without one).

Every operation carries `@may(…)`, `@signed_in` or `@public` below its route; one that does not stops the start. A
browser comes with its session and the CSRF token, a program with `Authorization: Bearer`; a program opens only what
carries `@open_to_programs(scope)` and only with that scope.
"""

import re
from collections.abc import Callable, Iterator
from functools import wraps
from importlib import import_module
from importlib.util import find_spec
from typing import Any, cast

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.operation import Operation
from ninja.security import django_auth

from zuoxi import __version__
from zuoxi.gateway import services as gateway
from zuoxi.vault.origin import address_of
from zuoxi.web.access import Principal, signed_in
from zuoxi.web.problems import problem

PACKAGES = tuple(
    app.removeprefix("zuoxi.") for app in settings.INSTALLED_APPS if app.startswith("zuoxi.") and app != "zuoxi.config"
)
OPEN = ("public", "signed_in")
ACTING = ("POST", "PUT", "PATCH", "DELETE")
SCOPE = re.compile(r"[a-z]+\.(read|write)")


class HouseAPI(NinjaAPI):
    def get_openapi_schema(self, *, path_prefix: str | None = None, path_params: Any = None) -> Any:
        """With the scopes, the idempotency keys and the form of errors, which the operations do not say themselves."""
        return gateway.completed_schema(super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params))


def _known(request: HttpRequest) -> Any:
    """Who calls, found out once for a request. A call with a token is never taken for that of a session."""
    if "Authorization" not in request.headers:
        return django_auth(request)
    if not hasattr(request, "zuoxi_caller"):
        scheme, _space, token = request.headers["Authorization"].partition(" ")
        caller = gateway.caller_for(token, address_of(request), timezone.now()) if scheme.lower() == "bearer" else None
        said = cast(Any, request)
        said.zuoxi_caller = caller
        if caller is not None:
            said.user, said.zuoxi_via = caller.user, caller.application.code
    return cast(Any, request).zuoxi_caller


api = HouseAPI(
    title="Zuoxi",
    version=__version__,
    auth=_known,
    urls_namespace="api",
    docs_url=None,
    docs_decorator=signed_in,
)
for _package in PACKAGES:
    if find_spec(f"zuoxi.{_package}.api"):
        for _name, _below in (("router", f"/{_package}"), ("at_root", "")):
            if _router := getattr(import_module(f"zuoxi.{_package}.api"), _name, None):
                api.add_router(_below, _router)


def operations() -> Iterator[tuple[str, Operation]]:
    """(path below the API, operation) of everything that can be called."""
    for router in api._get_bound_routers():  # what is called: ninja binds copies of what the packages wrote
        for path, view in router.path_operations.items():
            for operation in view.operations:
                yield f"{router.prefix}{path}", operation


def _asking_first(callback: Callable[[HttpRequest], Any], mark: str, scope: str) -> Callable[[HttpRequest], Any]:
    """The authentication, and then the right: whoever lacks it learns nothing of the parameters either."""

    @wraps(callback)
    def check(request: HttpRequest) -> Any:
        known = callback(request)
        if isinstance(known, gateway.Caller) and not known.opens(scope):
            raise PermissionDenied(scope or "not open to programs")
        if known and mark not in OPEN and not cast(Principal, request.user).may(mark):
            raise PermissionDenied(mark)
        return known

    return check


def _read_whole(run: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Refuses what is too long to be read, and text that PostgreSQL cannot keep."""

    @wraps(run)
    def read(request: HttpRequest, **arguments: Any) -> HttpResponseBase:
        try:
            nul = request.content_type == "application/json" and rb"\u0000" in request.body
        except RequestDataTooBig:
            most = (settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0) // 1024 // 1024
            return problem(413, "The call is too long", f"At most {most} MB; send it in several calls.")
        if nul:
            return problem(422, "The call could not be read", "The sign NUL (\\u0000) cannot be kept in a text.")
        return run(request, **arguments)

    return read


def _only(methods: set[str]) -> Callable[[], HttpResponse]:
    """What an address answers to any other method."""

    def refuse() -> HttpResponse:
        answer = problem(405, "Not with this method", f"This address takes {', '.join(sorted(methods))}.")
        answer["Allow"] = ", ".join(sorted(methods))
        return answer

    return refuse


def _once(operation: Operation, run: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """With an Idempotency-Key the operation acts once; whoever may not call it learns no earlier answer."""

    @wraps(run)
    def answer(request: HttpRequest, **arguments: Any) -> HttpResponseBase:
        key = request.headers.get("Idempotency-Key")
        if key is None or request.method not in ACTING:
            return run(request, **arguments)
        refused = operation._run_checks(request)
        if refused is not None:
            return refused
        caller = getattr(request, "zuoxi_caller", None)
        name = f"application:{caller.application.pk}" if caller else f"user:{request.user.pk}"
        return gateway.once(request, name, key, timezone.now(), lambda: run(request, **arguments))

    return answer


def _door(path: str, operation: Operation, mark: str, scope: str) -> Iterator[gateway.Door]:
    package = operation.view_func.__module__.split(".")[1]
    for method in operation.methods:
        lent = getattr(operation.view_func, "zuoxi_lent", ())
        yield gateway.Door(method, path, package, scope, mark, operation.summary or "", lent)


_doors: list[gateway.Door] = []
for _path, _operation in operations():
    _mark = getattr(_operation.view_func, "zuoxi_access", None)
    _scope = getattr(_operation.view_func, "zuoxi_scope", "")
    if _mark is None:
        raise ImproperlyConfigured(f"API operation {_path} does not say who may call it")
    if _scope and (not SCOPE.fullmatch(_scope) or _mark in OPEN):
        raise ImproperlyConfigured(f"API operation {_path} needs a right and a scope such as orders.read")
    _operation.auth_callbacks = [_asking_first(one, _mark, _scope) for one in _operation.auth_callbacks]
    if set(_operation.methods) & set(ACTING):
        cast(Any, _operation).run = _read_whole(_once(_operation, _operation.run))
    _doors += _door(_path, _operation, _mark, _scope)
gateway.tell_doors(_doors)
for _router in api._get_bound_routers():
    for _view in _router.path_operations.values():
        cast(Any, _view)._not_allowed = _only({method for one in _view.operations for method in one.methods})


@api.exception_handler(PermissionDenied)
def _refused(request: HttpRequest, error: Exception) -> HttpResponse:
    return problem(403, "Not open to you", needs=str(error))


@api.exception_handler(AuthenticationError)
def _unknown(request: HttpRequest, error: Exception) -> HttpResponse:
    answer = problem(401, "Sign-in required", "Send a token that is in force: Authorization: Bearer zx_…")
    answer["WWW-Authenticate"] = "Bearer"
    return answer


@api.exception_handler(gateway.TooMany)
def _too_many(request: HttpRequest, error: gateway.TooMany) -> HttpResponse:
    answer = problem(429, "Too many calls", f"This application may call {error.limit} times a minute.")
    answer["Retry-After"] = str(error.wait)
    return answer


@api.exception_handler(ValidationError)
def _misread(request: HttpRequest, error: ValidationError) -> HttpResponse:
    found = [
        {"where": ".".join(str(part) for part in one.get("loc", ())), "message": str(one.get("msg", ""))}
        for one in error.errors
    ]
    return problem(
        422, "The call could not be read", "; ".join(f"{e['where']}: {e['message']}" for e in found), errors=found
    )


@api.exception_handler(HttpError)
def _told(request: HttpRequest, error: HttpError) -> HttpResponse:
    return problem(error.status_code, "The call was refused", str(error))


@api.exception_handler(Http404)
def _nothing(request: HttpRequest, error: Exception) -> HttpResponse:
    return problem(404, "Nothing stands here", "The address is wrong, or it is not among the rows you may see.")
