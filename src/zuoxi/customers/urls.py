# SPDX-License-Identifier: Apache-2.0
from django.urls import URLPattern, URLResolver, path

from zuoxi.customers import views

app_name = "customers"
urlpatterns: list[URLPattern | URLResolver] = [
    path("customers/", views.customers, name="customers"),
    path("customers/new/", views.new, name="new"),
    path("customers/<int:pk>/", views.customer, name="customer"),
    path("customers/<int:pk>/edit/", views.edit, name="edit"),
    path("customers/<int:pk>/numbers/<int:number>/reveal", views.reveal, name="reveal"),
    path("customers/<int:pk>/numbers/<int:number>/drop", views.drop, name="drop"),
]
