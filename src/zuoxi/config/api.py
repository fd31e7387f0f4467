# SPDX-License-Identifier: Apache-2.0
"""The API of the house: each package brings a router (`<package>/api.py`, name `router`, below the package's name;
`at_root` for addresses without one).

Every operation carries `@may(…)`, `@signed_in` or `@public` below its route; one that does not stops the start.
"""

from collections.abc import Callable, Iterator
from functools import wraps
from importlib import import_module
from importlib.util import find_spec
from typing import Any, cast

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.operation import Operation
from ninja.security import django_auth

from zuoxi import __version__
from zuoxi.web.access import Principal, signed_in

PACKAGES = tuple(
    app.removeprefix("zuoxi.") for app in settings.INSTALLED_APPS if app.startswith("zuoxi.") and app != "zuoxi.config"
)
OPEN = ("public", "signed_in")

api = NinjaAPI(
    title="Zuoxi",
    version=__version__,
    auth=django_auth,
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


def _asking_first(callback: Callable[[HttpRequest], Any], mark: str) -> Callable[[HttpRequest], Any]:
    """The authentication, and then the right: whoever lacks it learns nothing of the parameters either."""

    @wraps(callback)
    def check(request: HttpRequest) -> Any:
        known = callback(request)
        if known and mark not in OPEN and not cast(Principal, request.user).may(mark):
            raise PermissionDenied(mark)
        return known

    return check


for _path, _operation in operations():
    _mark = getattr(_operation.view_func, "zuoxi_access", None)
    if _mark is None:
        raise ImproperlyConfigured(f"API operation {_path} does not say who may call it")
    _operation.auth_callbacks = [_asking_first(one, _mark) for one in _operation.auth_callbacks]


@api.exception_handler(PermissionDenied)
def _refused(request: HttpRequest, error: Exception) -> HttpResponse:
    return api.create_response(request, {"title": "Not open to you", "status": 403, "needs": str(error)}, status=403)
