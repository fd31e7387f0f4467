# SPDX-License-Identifier: Apache-2.0
"""The rules for programs: `POST /api/v1/evaluate`, the shape of `zuoxi evaluate`.

One object of facts in a JSON body, or JSON Lines with the rule named in the address; the answer has the same form.
"""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import Router
from pydantic import BaseModel, ConfigDict, ValidationError

from zuoxi.policy.evaluate import Asked, asked_rule, judged
from zuoxi.policy.fact_lines import BadFacts
from zuoxi.policy.packs import UnknownPack
from zuoxi.policy.rulebook import UnknownRule
from zuoxi.policy.yaml_file import PackError
from zuoxi.web.access import may, open_to_programs

at_root = Router(tags=["policy"])


class Question(BaseModel):
    """`facts`: one object, or a list of them (answered by a list)."""

    model_config = ConfigDict(extra="forbid")

    rule: str
    pack: str
    on: date | None = None
    facts: dict[str, Any] | list[dict[str, Any]]


def _error(field: str, message: str, status: int) -> JsonResponse:
    return JsonResponse({"error": {"field": field, "message": message}}, status=status)


def _one(asked: Asked, facts: dict[str, Any]) -> tuple[dict[str, Any], bool]:
    try:
        return asked.finding(facts).as_json(), True
    except BadFacts as wrong:
        return wrong.as_json(), False


def _answer(question: Question, asked: Asked) -> HttpResponse:
    several = isinstance(question.facts, list)
    given = question.facts if isinstance(question.facts, list) else [question.facts]
    made = [_one(asked, facts) for facts in given]
    status = 200 if all(good for _body, good in made) else 422
    body = [body for body, _good in made]
    return JsonResponse(body if several else body[0], safe=False, status=status)


def _lines(request: HttpRequest, asked: Asked) -> HttpResponse:
    made = list(judged(asked, [request.body]))
    status = 200 if all(good for _text, good in made) else 422
    text = "".join(text for text, _good in made)
    return HttpResponse(text, content_type="application/x-ndjson; charset=utf-8", status=status)


@at_root.post("/evaluate", summary="Judge facts by a rule of a pack")
@open_to_programs("policy.read")
@may("policy.evaluate")
def evaluate(request: HttpRequest, rule: str = "", pack: str = "", on: date | None = None) -> HttpResponse:
    """With `rule` and `pack` in the address the body is JSON Lines; else one object `{rule, pack, on, facts}`."""
    try:
        if rule or pack:
            return _lines(request, asked_rule(rule, pack, on))
        question = Question.model_validate_json(request.body)
        return _answer(question, asked_rule(question.rule, question.pack, question.on))
    except ValidationError as wrong:
        first = wrong.errors(include_url=False)[0]
        return _error(str(first["loc"][0]) if first["loc"] else "", first["msg"], 422)
    except UnknownPack as wrong:
        return _error("pack", f"no pack {wrong.args[0]!r}", 404)
    except UnknownRule as wrong:
        return _error("rule", str(wrong), 404)
    except PackError as wrong:
        return _error("pack", str(wrong), 409)
