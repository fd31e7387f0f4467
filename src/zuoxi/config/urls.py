# SPDX-License-Identifier: Apache-2.0
"""Every door of the house."""

from importlib.util import find_spec

from django.conf import settings
from django.urls import include, path

from zuoxi.config.api import api
from zuoxi.web import health

urlpatterns = [
    path("", include("zuoxi.web.urls")),
    path("health/live", health.live, name="health_live"),
    path("health/ready", health.ready, name="health_ready"),
    path("metrics", health.metrics, name="metrics"),
    *(
        path("", include(f"{app}.urls"))
        for app in reversed(settings.INSTALLED_APPS)
        if app.startswith("zuoxi.") and app not in ("zuoxi.web", "zuoxi.config") and find_spec(f"{app}.urls")
    ),
    path("api/v1/", api.urls),
]
handler400 = "zuoxi.web.errors.bad_request"
handler403 = "zuoxi.web.errors.forbidden"
handler404 = "zuoxi.web.errors.not_found"
handler500 = "zuoxi.web.errors.broken"
