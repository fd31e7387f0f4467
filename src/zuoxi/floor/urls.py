# SPDX-License-Identifier: Apache-2.0
from django.urls import URLPattern, URLResolver, path

from zuoxi.floor.views import board, people, streams

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
    path("floor/commands/<int:pk>/", people.command, name="command"),
]
