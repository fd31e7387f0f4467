# SPDX-License-Identifier: Apache-2.0
from django.urls import URLPattern, URLResolver, include, path

from zuoxi.gateway.views import applications, reference, webhooks

pages: list[URLPattern | URLResolver] = [
    path("gateway/", applications.application_list, name="applications"),
    path("gateway/applications/new/", applications.new_application, name="new_application"),
    path("gateway/applications/<int:pk>/", applications.application, name="application"),
    path("gateway/applications/<int:pk>/change/", applications.change_application, name="change_application"),
    path("gateway/applications/<int:pk>/close/", applications.close, name="close_application"),
    path("gateway/applications/<int:pk>/tokens/", applications.issue, name="issue"),
    path("gateway/applications/<int:pk>/tokens/<int:token>/rotate/", applications.rotate, name="rotate"),
    path("gateway/applications/<int:pk>/tokens/<int:token>/revoke/", applications.revoke, name="revoke"),
    path("gateway/webhooks/", webhooks.webhook_list, name="webhooks"),
    path("gateway/webhooks/new/", webhooks.new_webhook, name="new_webhook"),
    path("gateway/webhooks/<int:pk>/", webhooks.webhook, name="webhook"),
    path("gateway/webhooks/<int:pk>/change/", webhooks.change_webhook, name="change_webhook"),
    path("gateway/webhooks/<int:pk>/secret/", webhooks.renew_secret, name="renew_secret"),
    path("gateway/webhooks/<int:pk>/switch/", webhooks.switch, name="switch"),
    path("gateway/webhooks/<int:pk>/test/", webhooks.test, name="test"),
    path("gateway/webhooks/<int:pk>/again/", webhooks.send_dead_again, name="send_dead_again"),
    path("gateway/deliveries/", webhooks.delivery_list, name="deliveries"),
    path("gateway/deliveries/<int:pk>/", webhooks.delivery, name="delivery"),
    path("gateway/deliveries/<int:pk>/again/", webhooks.send_again, name="send_again"),
    path("gateway/reference/", reference.reference, name="reference"),
]
urlpatterns: list[URLPattern | URLResolver] = [path("", include((pages, "gateway")))]
