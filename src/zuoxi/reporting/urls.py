# SPDX-License-Identifier: Apache-2.0
from django.urls import URLPattern, URLResolver, path

from zuoxi.reporting import channel_views, daily_views, evidence_views, first_steps_views, service_views, views
from zuoxi.reporting.duties.views import oversight, own, safe

app_name = "reporting"
urlpatterns: list[URLPattern | URLResolver] = [
    path("overview/", views.overview, name="overview"),
    path("overview/first-steps/", first_steps_views.page, name="first_steps"),
    path("overview/post/", views.post_home, name="post_home"),
    path("figures/", views.figures, name="figures"),
    path("figures/by/<slug:kind>/", views.figures, name="report"),
    path("figures/mine/", views.own, name="own"),
    path("figures/agents/<str:code>/", views.agent, name="agent"),
    path("figures/definitions/", views.definition_list, name="definitions"),
    path("figures/rows/<slug:figure>/", evidence_views.evidence_page, name="evidence"),
    path("service/figures/", service_views.service_figures_page, name="service_figures"),
    path("service/figures/formulas/", service_views.service_definitions, name="service_definitions"),
    path("service/figures/<slug:domain>/", service_views.service_figures_page, name="service_figures_of"),
    path("reports/daily/", daily_views.daily_list, name="daily_list"),
    path("reports/daily/<str:day>/", daily_views.daily, name="daily"),
    path("reports/daily/<str:day>/send/", daily_views.daily_send, name="daily_send"),
    path("duties/", own.mine, name="duties"),
    path("duties/received/", own.received, name="received"),
    path("duties/calendar/", oversight.calendar, name="duty_calendar"),
    path("duties/catalogue/", oversight.catalogue, name="duty_catalogue"),
    path("duties/punctuality/", oversight.punctuality, name="duty_punctuality"),
    path("duties/rows/", oversight.rows, name="duty_rows"),
    path("duties/tasks/", oversight.new_task, name="duty_task"),
    path("duties/events/", oversight.events, name="duty_events"),
    path("duties/events/record/", oversight.record_event, name="duty_event"),
    path("duties/papers/<int:pk>/", own.paper, name="duty_paper"),
    path("duties/<int:pk>/", own.item, name="duty"),
    path("duties/<int:pk>/keep/", own.keep, name="duty_keep"),
    path("duties/<int:pk>/sign/", own.sign, name="duty_sign"),
    path("duties/<int:pk>/excuse/", own.excuse, name="duty_excuse"),
    path("duties/<int:pk>/acknowledge/", own.acknowledge, name="duty_acknowledge"),
    path("duties/<int:pk>/papers/", own.add_paper, name="duty_add_paper"),
    path("channels/", channel_views.channel_list, name="channels"),
    path("channels/<slug:name>/", channel_views.channel, name="channel"),
    path("channels/<slug:name>/test/", channel_views.channel_test, name="channel_test"),
    path("home-safe/", safe.home_safe, name="home_safe"),
    path("home-safe/say/", safe.say_safe, name="say_safe"),
]
