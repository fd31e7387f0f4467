# SPDX-License-Identifier: Apache-2.0
from django.urls import URLPattern, URLResolver, path

from zuoxi.floor.views import board, desk, people, streams, wall

app_name = "floor"
urlpatterns: list[URLPattern | URLResolver] = [
    path("floor/", board.floor, name="board"),
    path("floor/stream", streams.floor, name="stream"),
    path("floor/curve.json", board.curve, name="curve"),
    path("floor/nothing", people.nothing, name="nothing"),
    path("floor/agents/<str:code>/", people.agent, name="agent"),
    path("floor/agents/<str:code>/monitor", people.monitor, name="monitor"),
    path("floor/agents/<str:code>/force", people.force, name="force"),
    path("floor/agents/<str:code>/message", people.message, name="message"),
    path("floor/hands/<int:pk>/answer", people.answer_hand, name="answer_hand"),
    path("desk/", desk.page, name="desk"),
    path("desk/stream", streams.desk, name="desk_stream"),
    path("desk/call/", desk.call, name="desk_call"),
    path("desk/notes/", desk.notes, name="desk_notes"),
    path("desk/figures/", desk.figures, name="desk_figures"),
    path("desk/softphone.json", desk.softphone, name="desk_softphone"),
    path("desk/state", desk.state, name="desk_do_state"),
    path("desk/key", desk.key, name="desk_key"),
    path("desk/dial", desk.dial, name="desk_dial"),
    path("desk/redial/<int:pk>", desk.redial, name="desk_redial"),
    path("desk/customer", desk.customer, name="desk_customer"),
    path("desk/wrap-up", desk.wrap_up, name="desk_wrap_up"),
    path("desk/hand", desk.hand, name="desk_hand"),
    path("desk/messages/<int:pk>/read", desk.read, name="desk_read"),
    path("desk/take", desk.take, name="desk_take"),
    path("desk/commands/<int:pk>/", desk.command, name="desk_command"),
    path("wall/", wall.walls, name="walls"),
    path("wall/live/", wall.own, name="wall"),
    path("wall/live/stream", wall.own_stream, name="wall_stream"),
    path("wall/links/<int:pk>/revoke", wall.revoke, name="wall_revoke"),
    path("wall/k/<str:token>/", wall.kiosk, name="wall_kiosk"),
    path("wall/k/<str:token>/stream", wall.kiosk_stream, name="wall_kiosk_stream"),
    path("floor/commands/<int:pk>/", people.command, name="command"),
]
