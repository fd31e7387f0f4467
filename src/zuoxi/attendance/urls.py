# SPDX-License-Identifier: Apache-2.0
from django.urls import URLPattern, URLResolver, include, path

from zuoxi.attendance.views import books, figures, imports, own, sheet, team

pages: list[URLPattern | URLResolver] = [
    path("me/attendance/", own.mine, name="mine"),
    path("attendance/today/", team.board, name="board"),
    path("attendance/people/<str:code>/<str:month>/", own.person, name="person"),
    path("attendance/people/<str:code>/<str:month>/<slug:figure>/", figures.person_figure, name="figure"),
    path("attendance/days/<str:code>/<str:day>/", own.day, name="day"),
    path("attendance/statistics/", team.statistics, name="statistics"),
    path("attendance/sheets/", sheet.current, name="sheets"),
    path("attendance/sheets/<str:month>/", sheet.sheet, name="sheet"),
    path("attendance/sheets/<str:month>/figures/<slug:figure>/", figures.sheet_figure, name="sheet_figure"),
    path("attendance/sheets/<str:month>/sign/", sheet.sign, name="sign"),
    path("attendance/sheets/<str:month>/compute/", sheet.compute, name="compute"),
    path("attendance/sheets/<str:month>/attendance.xlsx", sheet.export, name="export"),
    path("attendance/books/", books.corrections, name="corrections"),
    path("attendance/books/add/", books.correct, name="correct"),
    path("attendance/books/excuses/", books.excuses, name="excuses"),
    path("attendance/books/excuses/<int:pk>/untrue/", books.untrue, name="untrue"),
    path("attendance/books/suspicions/", books.suspicions, name="suspicions"),
    path("attendance/import/", imports.upload, name="import"),
    path("attendance/import/<slug:token>/", imports.checked, name="import_checked"),
    path("attendance/import/<slug:token>/take/", imports.take, name="import_take"),
    path("attendance/import/<slug:token>/rejects.csv", imports.rejects, name="import_rejects"),
]
urlpatterns: list[URLPattern | URLResolver] = [path("", include((pages, "attendance")))]
