"""OpenAPI documents: their operations, the places in them, and the JSON types of their schemas."""

from __future__ import annotations

import json
import re
from functools import cache, cached_property
from importlib import resources
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from axtasks.contract.dialect import Contract

JsonObject: TypeAlias = dict[str, Any]
# The steps from the root of a document to a place in it.
Pointer: TypeAlias = tuple[str | int, ...]

ANY_MEDIA_TYPE = "*/*"
CHOICES = ("oneOf", "anyOf")
# The files that the contracts ship as.
FILES: dict[Contract, str] = {"documents": "openapi.json", "beta": "openapi.beta.json"}
_METHODS = ("GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE")
_PARAMETER = re.compile(r"\{[^}/]+\}")
_PLAIN_NAME = re.compile(r"[A-Za-z_]\w*")
_TYPES: dict[type, str] = {
    bool: "boolean",
    int: "integer",
    float: "number",
    str: "string",
    dict: "object",
    list: "array",
    type(None): "null",
}


class OpenApiDocument:
    """An OpenAPI document, to look up operations and schemas in.

    Args:
        name: the name of the contract.
        document: the document as JSON.
    """

    def __init__(self, name: str, document: JsonObject) -> None:
        self.name = name
        self.document = document

    def at(self, pointer: Pointer) -> Any:
        """Return the part of the document at a place."""
        found: Any = self.document
        for step in pointer:
            found = found[step]
        return found

    def resolve(self, pointer: Pointer) -> Pointer:
        """Follow references from a place to the place that they lead to."""
        while isinstance(found := self.at(pointer), dict) and "$ref" in found:
            pointer = parse_reference(found["$ref"])
        return pointer

    @cached_property
    def prefix(self) -> str:
        """The start that all paths share, such as `/v2/`."""
        first, *others = {path.split("/")[1] for path in self.document["paths"]}
        return "/" if others else f"/{first}/"

    def templates(self, path: str) -> list[str]:
        """Return the documented paths that the path of a request fits, those with the fewest parameters first."""
        found = [template for template in self.document["paths"] if _path_pattern(template).fullmatch(path)]
        return sorted(found, key=lambda template: template.count("{"))

    def find_operation(self, method: str, path: str) -> Pointer | None:
        """Return the place of the operation that a request was for; None if the document lacks it."""
        pointers = [("paths", template, method.lower()) for template in self.templates(path)]
        return next((each for each in pointers if method in _METHODS and each[-1] in self.at(each[:-1])), None)


@cache
def load_contract(name: Contract) -> OpenApiDocument:
    """Read a contract that ships with the client, once.

    Args:
        name: "documents" or "beta".
    """
    text = resources.files("axtasks_api").joinpath(FILES[name]).read_text(encoding="utf-8")
    return OpenApiDocument(name, json.loads(text))


def find_base_paths(paths: Iterable[str]) -> list[str]:
    """Return what stands before documented paths in the paths of requests, the longest first; nothing is among it."""
    found = {"", *(start for path in paths for start in _starts(path))}
    return sorted(found, key=lambda start: (-len(start), start))


def _starts(path: str) -> Iterator[str]:
    """Yield what stands before the first documented path at the end of a path, if there is one."""
    contracts = [load_contract(name) for name in FILES]
    for match in re.finditer(re.escape(contracts[0].prefix), path):
        if any(contract.templates(path[match.start() :]) for contract in contracts):
            yield path[: match.start()]
            return


def path_below(base_paths: Iterable[str], path: str) -> str | None:
    """Return the path of the API in that of a request; None if the request is for something else."""
    starts = [start for start in base_paths if path.startswith(f"{start}{load_contract('documents').prefix}")]
    return path.removeprefix(starts[0]) if starts else None


def parse_reference(reference: str) -> Pointer:
    """Parse a reference within a document, such as `#/components/schemas/Task` (RFC 6901)."""
    return tuple(step.replace("~1", "/").replace("~0", "~") for step in reference.removeprefix("#/").split("/"))


@cache
def _path_pattern(template: str) -> re.Pattern[str]:
    return re.compile("[^/]+".join(map(re.escape, _PARAMETER.split(template))))


def json_type(value: object) -> str:
    """Return the JSON type of a value."""
    return _TYPES[type(value)]


def json_path(start: str, *steps: str | int) -> str:
    """Extend a JSONPath (RFC 9535) by members and items."""
    return start + "".join(
        f".{step}" if _PLAIN_NAME.fullmatch(str(step)) else f"[{step if isinstance(step, int) else quote(step)}]"
        for step in steps
    )


def quote(text: str) -> str:
    """Return a string literal of JSONPath."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
