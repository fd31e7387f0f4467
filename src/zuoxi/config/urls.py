# SPDX-License-Identifier: Apache-2.0
"""Every door of the house."""

from django.urls import include, path

from zuoxi.config.api import api
from zuoxi.web import health

urlpatterns = [
    path("", include("zuoxi.web.urls")),
    path("health/live", health.live, name="health_live"),
    path("health/ready", health.ready, name="health_ready"),
    path("metrics", health.metrics, name="metrics"),
    path("", include("zuoxi.people.urls")),
    path("", include("zuoxi.floor.urls")),
    path("", include("zuoxi.telephony.urls")),
    path("", include("zuoxi.customers.urls")),
    path("", include("zuoxi.reporting.urls")),
    path("", include("zuoxi.policy.urls")),
    path("", include("zuoxi.vault.urls")),
    path("", include("zuoxi.messaging.urls")),
    path("", include("zuoxi.jobs.urls")),
    path("api/v1/", api.urls),
]
handler400 = "zuoxi.web.errors.bad_request"
handler403 = "zuoxi.web.errors.forbidden"
handler404 = "zuoxi.web.errors.not_found"
handler500 = "zuoxi.web.errors.broken"
