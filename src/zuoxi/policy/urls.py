# SPDX-License-Identifier: Apache-2.0
from django.urls import URLPattern, URLResolver, include, path, register_converter

from zuoxi.policy.views import amendments, clauses, figures, handbook, law


class ClauseId:
    """ATT-002."""

    regex = r"[A-Z]{2,4}-[0-9]{3}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(ClauseId, "clause")
pages: list[URLPattern | URLResolver] = [
    path("clauses/", clauses.clauses, name="clauses"),
    path("clauses/<clause:code>/", clauses.clause, name="clause"),
    path("clauses/<slug:code>/", clauses.domain, name="domain"),
    path("handbook/", handbook.home, name="home"),
    path("handbook/figures/", figures.figures, name="figures"),
    path("handbook/figures/<str:key>/", figures.figure, name="figure"),
    path("handbook/figures/<str:key>/amend/", figures.amend, name="amend"),
    path("handbook/rules/", handbook.rules, name="rules"),
    path("handbook/rules/<str:name>/", handbook.rule, name="rule"),
    path("handbook/questions/", handbook.questions, name="questions"),
    path("handbook/compare/", handbook.compare, name="compare"),
    path("handbook/law/", law.law, name="law"),
    path("handbook/law/switch/", law.switch, name="switch"),
    path("handbook/amendments/", amendments.amendments, name="amendments"),
    path("handbook/amendments/<int:number>/", amendments.amendment, name="amendment"),
    path("handbook/amendments/<int:number>/replay/", amendments.ask_replay, name="ask_replay"),
    path("handbook/replays/<int:number>/", amendments.replay, name="replay"),
    path("handbook/replays/<int:number>/<int:change>/", amendments.replay_change, name="replay_change"),
]
urlpatterns: list[URLPattern | URLResolver] = [path("", include((pages, "policy")))]
