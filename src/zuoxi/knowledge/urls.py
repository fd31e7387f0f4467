# SPDX-License-Identifier: Apache-2.0
from django.urls import URLPattern, URLResolver, include, path

from zuoxi.knowledge.views import keeping, looking, saying, writing

pages: list[URLPattern | URLResolver] = [
    path("knowledge/", looking.home, name="home"),
    path("knowledge/find/", looking.find, name="find"),
    path("knowledge/desk/", looking.desk, name="desk"),
    path("knowledge/tick/", looking.tick, name="tick"),
    path("knowledge/wish/", looking.wish, name="wish"),
    path("knowledge/no/<str:code>/", looking.by_code, name="by_code"),
    path("knowledge/new/", writing.new, name="new"),
    path("knowledge/articles/<int:pk>/", looking.article, name="article"),
    path("knowledge/articles/<int:pk>/edit/", writing.edit, name="edit"),
    path("knowledge/articles/<int:pk>/read/", looking.confirm, name="confirm"),
    path("knowledge/articles/<int:pk>/vote/", looking.vote, name="vote"),
    path("knowledge/articles/<int:pk>/retire/", writing.retire, name="retire"),
    path("knowledge/articles/<int:pk>/receipts/", keeping.receipts, name="receipts"),
    path("knowledge/versions/<int:pk>/hand-in/", writing.hand_in, name="hand_in"),
    path("knowledge/versions/<int:pk>/decide/", writing.decide, name="decide"),
    path("knowledge/review/", keeping.review, name="review"),
    path("knowledge/due/", keeping.due, name="due"),
    path("knowledge/asked/", keeping.asked, name="asked"),
    path("knowledge/asked/<int:pk>/settle/", keeping.settle, name="settle"),
    path("knowledge/reading/", keeping.reading, name="reading"),
    path("knowledge/figures/", keeping.figures, name="figures"),
    path("knowledge/scripts/", saying.script_list, name="scripts"),
    path("knowledge/scripts/<str:key>/", saying.script, name="script"),
    path("knowledge/scripts/<str:key>/print/", saying.print_script, name="print"),
    path("knowledge/taboo/", saying.taboo, name="taboo"),
    path("knowledge/days-off/", saying.days_off, name="days_off"),
    path("knowledge/days-off/tell/", saying.tell_day_off, name="tell_day_off"),
    path("knowledge/days-off/<int:pk>/drop/", saying.drop_day_off, name="drop_day_off"),
    path("guide/", saying.guide, name="guide"),
]
urlpatterns: list[URLPattern | URLResolver] = [path("", include((pages, "knowledge")))]
