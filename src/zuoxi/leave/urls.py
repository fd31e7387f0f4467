# SPDX-License-Identifier: Apache-2.0
from django.urls import URLPattern, URLResolver, include, path

from zuoxi.leave.views import balances, holidays, own, team

pages: list[URLPattern | URLResolver] = [
    path("leave/", own.mine, name="mine"),
    path("leave/new/", own.new, name="new"),
    path("leave/new/preview/", own.preview, name="preview"),
    path("leave/team/", team.team, name="team"),
    path("leave/contacts/", team.contacts, name="contacts"),
    path("leave/contacts/<int:pk>/tried/", team.tried, name="tried"),
    path("leave/papers/", team.papers, name="papers"),
    path("leave/balances/", balances.balances, name="balances"),
    path("leave/statement/", balances.statement, name="statement"),
    path("leave/statement/<str:code>/", balances.statement, name="statement_of"),
    path("leave/statement/<str:code>/change/", balances.adjust, name="adjust"),
    path("leave/statement/<str:code>/years/", balances.prove, name="prove"),
    path("leave/holidays/", holidays.holidays, name="holidays"),
    path("leave/holidays/set/", holidays.set_day, name="set_day"),
    path("leave/holidays/<str:day>/drop/", holidays.drop_day, name="drop_day"),
    path("leave/<int:pk>/", own.leave, name="leave"),
    path("leave/<int:pk>/back/", own.back, name="back"),
    path("leave/<int:pk>/reason/", own.truth, name="truth"),
]
urlpatterns: list[URLPattern | URLResolver] = [path("", include((pages, "leave")))]
