# SPDX-License-Identifier: Apache-2.0
"""The API of the house: each package brings a router (`<package>/api.py`, name `router`).

Every operation carries `@may(…)`, `@signed_in` or `@public` below its route; one that does not stops the start.
"""

from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec

from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.operation import Operation
from ninja.security import django_auth

from zuoxi import __version__
from zuoxi.web.access import signed_in

PACKAGES = ("people", "customers", "telephony", "reporting", "floor", "policy", "vault", "messaging", "jobs")

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
        api.add_router(f"/{_package}", import_module(f"zuoxi.{_package}.api").router)


def operations() -> Iterator[tuple[str, Operation]]:
    """(path below the API, operation) of everything that can be called."""
    for prefix, router in api._routers:
        for path, view in router.path_operations.items():
            for operation in view.operations:
                yield f"{prefix}{path}", operation


for _path, _operation in operations():
    if not hasattr(_operation.view_func, "zuoxi_access"):
        raise ImproperlyConfigured(f"API operation {_path} does not say who may call it")


@api.exception_handler(PermissionDenied)
def _refused(request: HttpRequest, error: Exception) -> HttpResponse:
    return api.create_response(request, {"title": "Not open to you", "status": 403, "needs": str(error)}, status=403)
