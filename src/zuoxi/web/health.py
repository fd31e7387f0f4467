# SPDX-License-Identifier: Apache-2.0
"""Health and metrics for whoever watches the machine."""

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from zuoxi.web.access import public


@public
def live(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


@public
def ready(request: HttpRequest) -> HttpResponse:
    """The process answers and its database does too; 503 when it does not."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Exception as error:
        return JsonResponse({"status": "unready", "database": type(error).__name__}, status=503)
    return JsonResponse({"status": "ok", "database": connection.vendor})


@public
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus text; the reverse proxy keeps it inside (deploy/nginx.conf)."""
    return HttpResponse(generate_latest(), content_type=CONTENT_TYPE_LATEST)
