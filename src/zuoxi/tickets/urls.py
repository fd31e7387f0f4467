# SPDX-License-Identifier: Apache-2.0
"""Where the pages of tickets are."""

from django.urls import URLPattern, URLResolver, path

from zuoxi.tickets.views import acting, files, intake, lists, maps, one, registers, setting_up, statistics

app_name = "tickets"
urlpatterns: list[URLPattern | URLResolver] = [
    path("tickets/", lists.tickets, name="tickets"),
    path("tickets/board/", lists.board, name="board"),
    path("tickets/work/", lists.work, name="work"),
    path("tickets/bulk", acting.bulk, name="bulk"),
    path("tickets/map/", maps.areas, name="map"),
    path("tickets/statistics/", statistics.statistics, name="statistics"),
    path("tickets/views/save", lists.save_view, name="save_view"),
    path("tickets/views/<int:pk>/drop", lists.drop_view, name="drop_view"),
    path("tickets/new/", intake.choose, name="new"),
    path("tickets/new/<slug:kind>/", intake.new, name="new_of"),
    path("tickets/replies/", registers.replies, name="replies"),
    path("tickets/replies/<int:pk>/drop", registers.drop_reply, name="drop_reply"),
    path("tickets/mail/", registers.mail, name="mail"),
    path("tickets/departments/", setting_up.departments, name="departments"),
    path("tickets/departments/<slug:code>/members", setting_up.members, name="members"),
    path("tickets/covers", setting_up.covers, name="covers"),
    path("tickets/covers/<int:pk>/end", setting_up.end_cover, name="end_cover"),
    path("tickets/files/<int:pk>/", files.download, name="file"),
    path("tickets/files/<int:pk>/remove", files.remove, name="remove_file"),
    path("tickets/<slug:number>/", one.ticket, name="ticket"),
    path("tickets/<slug:number>/print/", one.printed, name="printed"),
    path("tickets/<slug:number>/edit/", intake.edit, name="edit"),
    path("tickets/<slug:number>/files", files.add, name="add_file"),
    path("tickets/<slug:number>/reveal", one.reveal, name="reveal"),
    path("tickets/<slug:number>/do/<slug:verb>", acting.act, name="act"),
]
