# SPDX-License-Identifier: Apache-2.0
"""What the OpenAPI document says beyond the shapes of parameters and answers."""

from __future__ import annotations

from typing import Any, Final

from zuoxi.gateway import doors
from zuoxi.web.problems import CONTENT_TYPE

PREFIX: Final = "/api/v1"
PROBLEM: Final = {
    "type": "object",
    "title": "Problem",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "remedy": {"type": "string", "description": "What to do about it, where there is something (409)."},
        "needs": {"type": "string", "description": "The scope or right that is missing (403)."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"where": {"type": "string"}, "message": {"type": "string"}},
            },
        },
    },
}
REFUSALS: Final = {
    "401": "No token, or one that is not in force",
    "403": "The scope or the right is missing",
    "413": "The call is longer than 5 MB",
    "422": "The call could not be read",
    "429": "Too many calls in this minute; Retry-After says how many seconds to wait",
}
KEY: Final = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "The same key with the same body acts once; the answer is kept for 24 hours.",
    "schema": {"type": "string", "maxLength": 128},
}


def completed(schema: dict[str, Any]) -> dict[str, Any]:
    """The same document with security, scopes, keys and errors; scopes stand as `x-scope` and in the description."""
    parts = schema.setdefault("components", {})
    parts.setdefault("schemas", {})["Problem"] = PROBLEM
    parts["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer", "description": "A token of an application: zx_…"},
        "session": {"type": "apiKey", "in": "cookie", "name": "sessionid"},
    }
    scopes = {(one.path, one.method.lower()): one.scope for one in doors.doors()}
    for path, methods in schema.get("paths", {}).items():
        for method, operation in methods.items():
            _complete(operation, method, scopes.get((_own(path, scopes), method), ""))
    return schema


def _own(path: str, scopes: dict[tuple[str, str], str]) -> str:
    """The address as the router wrote it: the document drops the converters ("{int:pk}" → "{pk}")."""
    short = path.removeprefix(PREFIX)
    return next((own for own, _method in scopes if _plain(own) == short), short)


def _plain(path: str) -> str:
    return "/".join(
        "{" + part[1:-1].rpartition(":")[2] + "}" if part.startswith("{") else part for part in path.split("/")
    )


def _complete(operation: dict[str, Any], method: str, scope: str) -> None:
    operation["security"] = [{"session": []}, *([{"token": []}] if scope else [])]
    if scope:
        operation["x-scope"] = scope
        operation["description"] = f"{operation.get('description', '')}\n\nScope: `{scope}`".strip()
    if method != "get":
        operation.setdefault("parameters", []).append(KEY)
    refusals = REFUSALS | (
        {"409": "The key was used for another call, or the step was taken already"} if method != "get" else {}
    )
    for status, told in refusals.items():
        shape = {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
        operation.setdefault("responses", {}).setdefault(status, {"description": told, "content": shape})
