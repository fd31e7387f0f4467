# SPDX-License-Identifier: Apache-2.0
from django.urls import URLPattern, URLResolver, include, path

from zuoxi.approvals import views

pages: list[URLPattern | URLResolver] = [
    path("requests/<str:number>/", views.request_page, name="request"),
    path("delegations/", views.delegations, name="delegations"),
]
urlpatterns: list[URLPattern | URLResolver] = [path("", include((pages, "approvals")))]
