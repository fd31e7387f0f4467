# SPDX-License-Identifier: Apache-2.0
from django.urls import URLPattern, URLResolver, include, path

from zuoxi.vault import views

pages: list[URLPattern | URLResolver] = [
    path("audit/", views.audit_log, name="audit"),
    path("audit/check/", views.check_chain, name="check_chain"),
]
urlpatterns: list[URLPattern | URLResolver] = [path("", include((pages, "vault")))]
