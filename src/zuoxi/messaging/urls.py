# SPDX-License-Identifier: Apache-2.0
from django.urls import URLPattern, URLResolver, path

from zuoxi.messaging import views

app_name = "messaging"
urlpatterns: list[URLPattern | URLResolver] = [
    path("outbox/", views.outbox, name="outbox"),
    path("outbox/<int:message_id>/again/", views.again, name="again"),
    path("hooks/receipts/<slug:name>/", views.receipts, name="receipts"),
]
