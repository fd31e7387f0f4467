# SPDX-License-Identifier: Apache-2.0
from django.urls import URLPattern, URLResolver, include, path

from zuoxi.complaints.views import browse, case, record, registers, trend, verification

pages: list[URLPattern | URLResolver] = [
    path("complaints/", browse.complaints, name="complaints"),
    path("complaints/board/", browse.board, name="board"),
    path("complaints/new/", record.new, name="new"),
    path("complaints/from-ticket/<str:number>/", record.from_ticket, name="from_ticket"),
    path("complaints/trend/", trend.trend, name="trend"),
    path("complaints/filters/", browse.keep_filter, name="keep_filter"),
    path("complaints/filters/<int:pk>/drop/", browse.drop_filter, name="drop_filter"),
    path("complaints/praise/", browse.praises, name="praises"),
    path("complaints/verify/", verification.inbox, name="inbox"),
    path("complaints/verify/<int:pk>/", verification.verify, name="verify"),
    path("complaints/findings/", verification.findings, name="findings"),
    path("complaints/findings/collect/", verification.collect, name="collect"),
    path("complaints/needs/", verification.needs, name="needs"),
    path("complaints/needs/new/", verification.new_need, name="new_need"),
    path("complaints/needs/<int:pk>/follow/", verification.follow, name="follow"),
    path("complaints/suggestions/", registers.suggestions, name="suggestions"),
    path("complaints/suggestions/new/", registers.suggest, name="suggest"),
    path("complaints/suggestions/<int:pk>/forward/", registers.forward, name="forward"),
    path("complaints/suggestions/<int:pk>/reply/", registers.reply, name="reply"),
    path("complaints/inspections/", registers.register, name="register"),
    path("complaints/inspections/new/", registers.take, name="take"),
    path("complaints/inspections/<int:pk>/strike/", registers.strike, name="strike"),
    path("complaints/<str:number>/", case.complaint, name="complaint"),
    path("complaints/<str:number>/up/", case.up, name="up"),
    path("complaints/<str:number>/note/", case.note, name="note"),
    path("complaints/<str:number>/plan/", case.plan, name="plan"),
    path("complaints/<str:number>/agree/", case.agree, name="agree"),
    path("complaints/<str:number>/report/", case.report, name="report"),
    path("complaints/<str:number>/do/<slug:verb>/", case.act, name="act"),
]
urlpatterns: list[URLPattern | URLResolver] = [path("", include((pages, "complaints")))]
