# SPDX-License-Identifier: Apache-2.0
from django.urls import URLPattern, URLResolver, path

from zuoxi.jobs import views

app_name = "jobs"
urlpatterns: list[URLPattern | URLResolver] = [
    path("jobs/", views.job_list, name="list"),
    path("jobs/<int:job_id>/", views.job, name="job"),
    path("jobs/<int:job_id>/progress/", views.progress, name="progress"),
    path("jobs/<int:job_id>/cancel/", views.cancel, name="cancel"),
    path("jobs/<int:job_id>/retry/", views.retry, name="retry"),
]
