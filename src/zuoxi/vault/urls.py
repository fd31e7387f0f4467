# SPDX-License-Identifier: Apache-2.0
from django.urls import URLPattern, URLResolver, include, path

from zuoxi.vault import export_views, views

pages: list[URLPattern | URLResolver] = [
    path("audit/", views.audit_log, name="audit"),
    path("exports/", export_views.exports, name="exports"),
    path("exports/<int:pk>/file", export_views.file, name="export_file"),
    path("exports/<int:pk>/decide", export_views.decide, name="decide_export"),
    path("audit/check/", views.check_chain, name="check_chain"),
]
urlpatterns: list[URLPattern | URLResolver] = [path("", include((pages, "vault")))]
