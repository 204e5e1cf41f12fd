"""Responses that lack one field: the fields of each response model, and a transport that removes one."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote

import httpx

from tests.unit.support import Recorder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.unit.support import Sent

    Answer = Callable[[Sent], httpx.Response]

CONTRACT = json.loads(files("axtasks_api").joinpath("openapi.beta.json").read_text(encoding="utf-8"))


class Place(NamedTuple):
    """A field of a model in responses."""

    model: str
    field: str

    def __str__(self) -> str:
        return f"{self.model}.{self.field}"


def objects_in(value: Any, schema: dict[str, Any], name: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each object in JSON that a schema of the contract describes, with the name of its schema.

    Args:
        value: the JSON.
        schema: the schema.
        name: its name, if it has one.
    """
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        yield from objects_in(value, CONTRACT["components"]["schemas"][name], name)
    elif isinstance(value, list):
        for item in value:
            yield from objects_in(item, schema["items"])
    elif isinstance(value, dict):
        for choice in (*schema.get("oneOf", ()), *schema.get("anyOf", ())):
            if choice.get("type") != "null" and _is_described(value, choice):
                yield from objects_in(value, choice, name)
        properties = schema.get("properties", {})
        if properties:
            yield name, value
        for key, inner in properties.items():
            if key in value:
                yield from objects_in(value[key], inner)


def _is_described(value: dict[str, Any], schema: dict[str, Any]) -> bool:
    """Return True if an object's tag is that of a variant."""
    variant = CONTRACT["components"]["schemas"][schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    tag = variant.get("properties", {}).get("experiment_type", {})
    words = [*tag.get("enum", ()), *([tag["const"]] if "const" in tag else ())]
    return not words or value.get("experiment_type", "").casefold() in {word.casefold() for word in words}


def schema_of(sent: Sent) -> dict[str, Any]:
    """Return the success schema of a request's operation; empty for one without a body."""
    for path, methods in CONTRACT["paths"].items():
        if sent.method.lower() in methods and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", path), sent.path):
            responses = methods[sent.method.lower()]["responses"]
            success = next(responses[status] for status in responses if status.startswith("2"))
            schema: dict[str, Any] = success.get("content", {}).get("application/json", {}).get("schema", {})
            return schema
    raise LookupError(unquote(sent.path))


def noting(answer: Answer, places: set[Place]) -> Recorder:
    """Return a transport that records the fields of its responses."""

    def noted(sent: Sent) -> httpx.Response:
        response = answer(sent)
        if response.is_success and response.content:
            for model, found in objects_in(json.loads(response.content), schema_of(sent)):
                places.update(Place(model, field) for field in found)
        return response

    return Recorder(noted)


def without(place: Place, answer: Answer) -> Recorder:
    """Return a transport whose successful responses all lack one field."""

    def shortened(sent: Sent) -> httpx.Response:
        response = answer(sent)
        if not response.is_success or not response.content:
            return response
        body = json.loads(response.content)
        for model, found in list(objects_in(body, schema_of(sent))):
            if model == place.model:
                found.pop(place.field, None)
        return httpx.Response(response.status_code, headers=response.headers, content=json.dumps(body).encode())

    return Recorder(shortened)
