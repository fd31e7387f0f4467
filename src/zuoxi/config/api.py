# SPDX-License-Identifier: Apache-2.0
"""The API of the house: each package brings a router (`<package>/api.py`, name `router`)."""

from importlib import import_module
from importlib.util import find_spec

from ninja import NinjaAPI
from ninja.security import django_auth

from zuoxi import __version__

PACKAGES = ("people", "customers", "telephony", "reporting", "floor", "policy", "vault", "messaging", "jobs")

api = NinjaAPI(title="Zuoxi", version=__version__, auth=django_auth, urls_namespace="api", docs_url=None)
for _package in PACKAGES:
    if find_spec(f"zuoxi.{_package}.api"):
        api.add_router(f"/{_package}", import_module(f"zuoxi.{_package}.api").router)
