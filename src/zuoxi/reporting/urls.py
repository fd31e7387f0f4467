# SPDX-License-Identifier: Apache-2.0
from django.urls import URLPattern, URLResolver, path

from zuoxi.reporting import daily_views, evidence_views, views

app_name = "reporting"
urlpatterns: list[URLPattern | URLResolver] = [
    path("overview/", views.overview, name="overview"),
    path("figures/", views.figures, name="figures"),
    path("figures/by/<slug:kind>/", views.figures, name="report"),
    path("figures/mine/", views.own, name="own"),
    path("figures/agents/<str:code>/", views.agent, name="agent"),
    path("figures/definitions/", views.definition_list, name="definitions"),
    path("figures/rows/<slug:figure>/", evidence_views.evidence_page, name="evidence"),
    path("reports/daily/", daily_views.daily_list, name="daily_list"),
    path("reports/daily/<str:day>/", daily_views.daily, name="daily"),
    path("reports/daily/<str:day>/send/", daily_views.daily_send, name="daily_send"),
]
