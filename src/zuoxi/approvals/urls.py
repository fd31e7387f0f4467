# SPDX-License-Identifier: Apache-2.0
from django.urls import URLPattern, URLResolver, include, path

from zuoxi.approvals.views import asking, delegations, inbox, notices, request

pages: list[URLPattern | URLResolver] = [
    path("approvals/", inbox.inbox, name="inbox"),
    path("approvals/decide/", inbox.decide_many, name="decide_many"),
    path("approvals/decided/", inbox.decided, name="decided"),
    path("approvals/copies/", inbox.copies, name="copies"),
    path("approvals/people/", inbox.people, name="people"),
    path("approvals/delegations/", delegations.delegations, name="delegations"),
    path("approvals/delegations/<int:pk>/revoke/", delegations.revoke, name="revoke"),
    path("requests/", asking.mine, name="mine"),
    path("requests/new/", asking.choose, name="choose"),
    path("requests/new/<str:kind>/", asking.new, name="new"),
    path("requests/<str:number>/", request.page, name="request"),
    path("requests/<str:number>/decide/", request.decide, name="decide"),
    path("requests/<str:number>/withdraw/", request.withdraw, name="withdraw"),
    path("requests/<str:number>/again/", request.again, name="again"),
    path("requests/<str:number>/print/", request.printed, name="print"),
    path("requests/<str:number>/documents/", request.add_document, name="add_document"),
    path("requests/<str:number>/documents/<int:pk>/", request.document, name="document"),
    path("requests/<str:number>/papers/<int:pk>/waive/", request.waive, name="waive"),
    path("requests/<str:number>/copies/<int:pk>/read/", request.read_copy, name="read_copy"),
    path("notices/", notices.notices, name="notices"),
    path("notices/read/", notices.read_all, name="read_all"),
    path("notices/<int:pk>/open/", notices.open_notice, name="open_notice"),
]
urlpatterns: list[URLPattern | URLResolver] = [path("", include((pages, "approvals")))]
