"""A contract as it ships with the client: its operations, and the schemas at the places of the document."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources
from typing import Any

DOCUMENTS, BETA = "documents", "beta"
_PACKAGES = {DOCUMENTS: "axtasks_api", BETA: "axtasks_api_beta"}
_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_PARAMETER = re.compile(r"\{[^}/]+\}")

Pointer = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class DocumentedOperation:
    """One method on one path.

    Attributes:
        id: what the contract calls it.
        method: the method, in capitals.
        path: the path, with parameters in braces.
    """

    id: str
    method: str
    path: str

    @property
    def pointer(self) -> Pointer:
        """Where it stands in the document."""
        return ("paths", self.path, self.method.lower())


class OpenApiDocument:
    """A contract, to look up what it says of an answer.

    Args:
        name: what it is called.
        document: the OpenAPI document.
    """

    def __init__(self, name: str, document: dict[str, Any]) -> None:
        self.name = name
        self.document = document

    def at(self, pointer: Pointer) -> Any:
        """Return what stands at a place of the document."""
        found: Any = self.document
        for step in pointer:
            found = found[step]
        return found

    def resolved(self, pointer: Pointer) -> Pointer:
        """The place itself, or the one that it refers to."""
        while isinstance(found := self.at(pointer), dict) and "$ref" in found:
            pointer = referred(found["$ref"])
        return pointer

    @cached_property
    def operations(self) -> list[DocumentedOperation]:
        """All operations; those with more of their path written out come first."""
        found = [
            DocumentedOperation(item[method].get("operationId", f"{method.upper()} {path}"), method.upper(), path)
            for path, item in self.document["paths"].items()
            for method in _METHODS
            if method in item
        ]
        return sorted(found, key=lambda operation: operation.path.count("{"))

    @cached_property
    def folder(self) -> str:
        """The folder that all paths of the contract begin with, such as `/v2/`."""
        first, *others = {path.split("/")[1] for path in self.document["paths"]}
        return "/" if others else f"/{first}/"

    def find(self, method: str, path: str) -> DocumentedOperation | None:
        """The operation that a request was for; None when the contract has none."""
        return next((each for each in self.operations if each.method == method and fits(each.path, path)), None)


def referred(reference: str) -> Pointer:
    """The place that a reference within the document names."""
    return tuple(step.replace("~1", "/").replace("~0", "~") for step in reference.removeprefix("#/").split("/"))


def fits(template: str, path: str) -> bool:
    """Return True if a path is one of those that a path with parameters stands for."""
    return _pattern(template).fullmatch(path) is not None


@cache
def _pattern(template: str) -> re.Pattern[str]:
    return re.compile("[^/]+".join(re.escape(part) for part in _PARAMETER.split(template)))


@cache
def bundled(name: str) -> OpenApiDocument:
    """The contract of a name, read when it is first asked for.

    Args:
        name: "documents" or "beta".
    """
    text = resources.files(_PACKAGES[name]).joinpath("openapi.json").read_text(encoding="utf-8")
    return OpenApiDocument(name, json.loads(text))
