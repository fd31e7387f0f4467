# SPDX-License-Identifier: Apache-2.0
from django.urls import URLPattern, URLResolver, include, path

from zuoxi.workforce.views import board, rosters

pages: list[URLPattern | URLResolver] = [
    path("rosters/", rosters.rosters, name="rosters"),
    path("rosters/templates/", rosters.templates, name="templates"),
    path("rosters/board/<str:month>/", board.board, name="board"),
    path("rosters/board/<str:month>/cells", board.cells, name="cells"),
    path("rosters/board/<str:month>/undo", board.undo, name="undo"),
    path("rosters/board/<str:month>/write", board.write, name="write"),
    path("rosters/board/<str:month>/copy", board.copy, name="copy"),
    path("rosters/<int:pk>/", rosters.roster, name="roster"),
    path("rosters/<int:pk>/publish", rosters.publish, name="publish"),
    path("rosters/<int:pk>/file", rosters.file, name="file"),
]
urlpatterns: list[URLPattern | URLResolver] = [path("", include((pages, "workforce")))]
