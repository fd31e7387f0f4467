# SPDX-License-Identifier: Apache-2.0
from django.urls import URLPattern, URLResolver, path

from zuoxi.web import views

urlpatterns: list[URLPattern | URLResolver] = [path("", views.home, name="home")]
