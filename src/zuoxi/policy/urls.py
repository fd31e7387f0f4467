# SPDX-License-Identifier: Apache-2.0
from django.urls import URLPattern, URLResolver, include, path, register_converter

from zuoxi.policy import views


class ClauseId:
    """ATT-002."""

    regex = r"[A-Z]{2,4}-[0-9]{3}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(ClauseId, "clause")
pages: list[URLPattern | URLResolver] = [
    path("clauses/", views.clauses, name="clauses"),
    path("clauses/<clause:code>/", views.clause, name="clause"),
    path("clauses/<slug:code>/", views.domain, name="domain"),
]
urlpatterns: list[URLPattern | URLResolver] = [path("", include((pages, "policy")))]
