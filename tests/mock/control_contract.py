"""Check of the admin API's requests and responses against its OpenAPI file."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from axtasks.mock.admin.routes import PREFIX, ROUTER, description
from axtasks.mock.messages import find_header
from axtasks.mock.mock import is_below
from axtasks.mock.problems import RefusalError
from jsonschema_rs import Draft202012Validator

if TYPE_CHECKING:
    from axtasks.mock import MockRequest, MockResponse

Json = Any
DOCUMENT = cast("dict[str, Any]", description())
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def operations() -> dict[str, tuple[str, str, Json]]:
    """Return the operations by id: method, path and description."""
    return {
        operation["operationId"]: (method.upper(), path, operation)
        for path, item in DOCUMENT["paths"].items()
        for method, operation in item.items()
    }


def resolved(node: Json) -> Json:
    """Return a node with its references resolved."""
    while "$ref" in node:
        target: Json = DOCUMENT
        for step in node["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        node = target
    return node


@cache
def _validator(schema: str) -> Draft202012Validator:
    whole = {"$schema": DIALECT, **json.loads(schema), "components": DOCUMENT["components"]}
    return Draft202012Validator(whole, validate_formats=True)


def _assert_valid(schema: Json, value: Json) -> None:
    assert [str(error) for error in _validator(json.dumps(schema)).iter_errors(value)] == []


def check(request: MockRequest, response: MockResponse) -> None:
    """Fail if a response of the admin API is not in its file, or if an invalid request was carried out."""
    if not is_below(PREFIX, request.path):
        return
    if request.method == "HEAD":
        assert response.body == b""
        return
    operation = _operation_for(request)
    if operation is None:
        assert response.status in {403, 404, 405}
        _assert_valid({"$ref": "#/components/schemas/Problem"}, json.loads(response.body))
        return
    _check_answer(operation, response)
    if response.status < 400:
        _check_request(operation, request)


def _operation_for(request: MockRequest) -> Json:
    try:
        return operations()[ROUTER.match(request.method, request.path)[0].__name__][2]
    except RefusalError:
        return None


def _check_answer(operation: Json, response: MockResponse) -> None:
    assert str(response.status) in operation["responses"], response
    declared = resolved(operation["responses"][str(response.status)])
    if "content" not in declared:
        assert response.body == b""
        return
    media_type = find_header(response.headers, "content-type")
    assert media_type in declared["content"]
    value = response.body.decode() if media_type == "application/yaml" else json.loads(response.body)
    _assert_valid(declared["content"][media_type]["schema"], value)


def _check_request(operation: Json, request: MockRequest) -> None:
    if not request.body:
        assert not resolved(operation.get("requestBody", {})).get("required", False)
        return
    content = resolved(operation["requestBody"])["content"]
    if "application/yaml" not in content:
        _assert_valid(content["application/json"]["schema"], json.loads(request.body))
