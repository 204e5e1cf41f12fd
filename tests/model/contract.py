"""The contract as data: operations, schema checks, and the spelling of values.

Everything is read from the current contract (`tests.dialects.spoken`) at each access, so that the same tests check
servers of both contracts.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import unquote

from jsonschema_rs import Draft202012Validator

from tests.dialects import BETA, DOCUMENTS, spoken

if TYPE_CHECKING:
    from collections.abc import Callable

Json = Any
ROOT = Path(__file__).parents[2]
BUNDLES = {
    DOCUMENTS: ROOT / "generated" / "axtasks_api" / "openapi.json",
    BETA: ROOT / "generated" / "axtasks_api" / "openapi.beta.json",
}
SOURCES = {DOCUMENTS: ROOT / "spec" / "openapi.yaml", BETA: BUNDLES[BETA]}
"""The files of the contracts: the source, or the bundle with the overlay applied."""
METHODS = ("get", "post", "patch", "delete", "put")


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation: its path, its parameters and body, and its documented statuses.

    Attributes:
        path_kinds: the types of the ids in the path, by parameter.
        filter_kinds: the types of the ids among the query parameters.
    """

    id: str
    method: str
    path: str
    query: dict[str, Json]
    body: Json
    needs_body: bool
    statuses: frozenset[int]
    path_kinds: dict[str, str]
    filter_kinds: dict[str, str]

    @property
    def is_read(self) -> bool:
        """True if the operation only reads."""
        return self.method == "GET"

    @property
    def listed(self) -> str | None:
        """The type of resource that the operation lists; None if it is no list."""
        return self.id.removeprefix("list_") if self.id.startswith("list_") else None


def is_beta() -> bool:
    """Return True if the current contract is the beta."""
    return spoken.contract == BETA


def document() -> Json:
    """Return the whole contract."""
    return _document(spoken.contract)


@cache
def _document(name: str) -> Json:
    return json.loads(BUNDLES[name].read_text(encoding="utf-8"))


def resolved(part: Json, name: str | None = None) -> Json:
    """Resolve a `$ref`, in the current contract or a named one."""
    while "$ref" in part:
        found = _document(name or spoken.contract)
        for step in part["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        part = found
    return part


def schema(name: str) -> Json:
    """Return a schema by its name."""
    return document()["components"]["schemas"][name]


def word(enum: str, meaning: str) -> str:
    """Return the value of an enumeration with this meaning, in the spelling of the contract."""
    return next(str(value) for value in schema(enum)["enum"] if value.lower() == meaning)


def tag(shape: str, name: str = "type") -> str:
    """Return the discriminator value of a variant of a union."""
    return str(schema(shape)["properties"][name]["const"])


def fields(shape: str) -> frozenset[str]:
    """Return the property names of an object schema."""
    return _fields(spoken.contract, shape)


@cache
def _fields(name: str, shape: str) -> frozenset[str]:
    return frozenset(_document(name)["components"]["schemas"][shape]["properties"])


def operations() -> dict[str, Operation]:
    """Return all operations by their ids."""
    return _operations(spoken.contract)


@cache
def _operations(name: str) -> dict[str, Operation]:
    found = {}
    for path, item in _document(name)["paths"].items():
        for method in METHODS:
            if method not in item:
                continue
            described = item[method]
            parameters = [
                resolved(each, name) for each in (*item.get("parameters", ()), *described.get("parameters", ()))
            ]
            sent = resolved(described.get("requestBody", {}), name)
            found[described["operationId"]] = Operation(
                id=described["operationId"],
                method=method.upper(),
                path=path,
                query={each["name"]: each["schema"] for each in parameters if each["in"] == "query"},
                body=sent["content"]["application/json"]["schema"] if sent else None,
                needs_body=sent.get("required", False),
                statuses=frozenset(map(int, described["responses"])),
                path_kinds=(kinds := _path_kinds(path)),
                filter_kinds={
                    each["name"]: _filter_kind(each["name"], kinds)
                    for each in parameters
                    if each["in"] == "query" and each["name"].endswith("_id")
                },
            )
    return found


def _path_kinds(path: str) -> dict[str, str]:
    """Return the type of each id in a path: the segment before it names the type."""
    return {name[1:-1]: kind.replace("-", "_") for kind, name in pairwise(path.split("/")) if name.startswith("{")}


def _filter_kind(name: str, path_kinds: dict[str, str]) -> str:
    """Return the type of an id filter; a version is one of the resource in the path."""
    if name == "version_id":
        (owner,) = path_kinds.values()
        return f"{owner.removesuffix('s')}_versions"
    return {"org_id": "organizations"}.get(name, f"{name.removesuffix('_id')}s")


@cache
def all_operations() -> dict[str, Operation]:
    """Return the operations of all contracts by their ids."""
    return {name: each for which in BUNDLES for name, each in _operations(which).items()}


def match_operation(method: str, path: str) -> tuple[Operation, dict[str, str]] | None:
    """Return the operation of a request and its path parameters; None if there is none."""
    segments = path.split("/")
    for operation in operations().values():
        template = operation.path.split("/")
        if operation.method != method or len(template) != len(segments):
            continue
        pairs = list(zip(template, map(unquote, segments), strict=True))
        if all(given == expected or (expected.startswith("{") and given) for expected, given in pairs):
            return operation, {name[1:-1]: given for name, given in pairs if name.startswith("{")}
    return None


@cache
def _validator(_: str, operation: str, part: str) -> Draft202012Validator:
    described = operations()[operation]
    core = described.body if part == "body" else {"type": "object", "properties": described.query}
    whole = {**core, "components": document()["components"]}
    # A text that is no date matches the schema. It is refused by another rule, with another status (C32).
    return Draft202012Validator(cast("dict[str, object]", whole), validate_formats=False)


def body_fits(operation: str, body: Json) -> bool:
    """Return True if a body matches its schema."""
    return _validator(spoken.contract, operation, "body").is_valid(body)


WHOLE_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)", re.ASCII)


def query_fits(operation: str, query: dict[str, str]) -> bool:
    """Return True if the query parameters match their schemas."""
    declared = operations()[operation].query
    values = {
        name: int(text) if resolved(declared[name]).get("type") == "integer" and WHOLE_NUMBER.fullmatch(text) else text
        for name, text in query.items()
    }
    return _validator(spoken.contract, operation, "query").is_valid(values)


def parse_json(body: bytes) -> tuple[bool, Json]:
    """Parse JSON strictly: return whether it is valid, and its value."""

    def refuse(text: str) -> None:
        raise ValueError(text)

    def unique(pairs: list[tuple[str, Json]]) -> Json:
        if len(found := dict(pairs)) < len(pairs):
            raise ValueError(pairs)
        return found

    try:
        value = json.loads(body.decode("utf-8"), object_pairs_hook=unique, parse_constant=refuse)
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode("utf-8")
    except (ValueError, RecursionError):
        return False, None
    return True, value


def _status(meaning: str) -> Callable[[], str]:
    return lambda: word("TaskRunStatus", meaning)


# Words of the contract, without values here: each access looks the word up in the current contract.
TEMPLATE_EVALUATION: str
CODE_EVALUATION: str
RUN_EXPERIMENT: str
EVALUATOR_FOR: dict[str, str]
LLM_GENERATION: str
TEMPLATE_EXPERIMENT: str
AGENT_CALL: str
PENDING: str
RUNNING: str
COMPLETED: str
FAILED: str
CANCELLED: str
TERMINAL: frozenset[str]

_LOOKED_UP: dict[str, Callable[[], object]] = {
    "TEMPLATE_EVALUATION": lambda: tag("CreateTemplateEvaluationTaskRequest"),
    "CODE_EVALUATION": lambda: tag("CreateCodeEvaluationTaskRequest"),
    "RUN_EXPERIMENT": lambda: tag("CreateRunExperimentTaskRequest"),
    "EVALUATOR_FOR": lambda: {
        tag("CreateTemplateEvaluationTaskRequest"): word("EvaluatorType", "template"),
        tag("CreateCodeEvaluationTaskRequest"): word("EvaluatorType", "code"),
    },
    "LLM_GENERATION": lambda: tag("LlmGenerationRunConfig", "experiment_type"),
    "TEMPLATE_EXPERIMENT": lambda: tag("TemplateEvaluationRunConfig", "experiment_type"),
    "AGENT_CALL": lambda: tag("AgentCallRunConfig", "experiment_type"),
    "PENDING": _status("pending"),
    "RUNNING": _status("running"),
    "COMPLETED": _status("completed"),
    "FAILED": _status("failed"),
    "CANCELLED": _status("cancelled"),
    "TERMINAL": lambda: frozenset(word("TaskRunStatus", each) for each in ("completed", "failed", "cancelled")),
}


@cache
def _looked_up(_: str, name: str) -> object:
    return _LOOKED_UP[name]()


if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        """Look a word up in the current contract; type checkers use the declarations above."""
        if name not in _LOOKED_UP:
            raise AttributeError(name)
        return _looked_up(spoken.contract, name)
