"""Comparison of responses with a contract: pure functions over exchanges."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, TypedDict

from .openapi import ANY_MEDIA_TYPE, CHOICES, FILES, json_path, json_type, load_contract, parse_reference
from .redact import Redactor

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from axtasks.contract.dialect import Contract

    from .openapi import JsonObject, OpenApiDocument, Pointer
    from .traffic import RecordedExchange

_ROOT = "$"


class FindingKind(StrEnum):
    """A way in which a response differs from the contract."""

    UNKNOWN_FIELD = "unknown field"
    MISSING_FIELD = "missing field"
    UNKNOWN_VALUE = "unknown value"
    UNKNOWN_VARIANT = "unknown variant"
    WRONG_TYPE = "wrong type"
    WRONG_BODY = "wrong body"
    MEDIA_TYPE = "undocumented media type"
    STATUS = "undocumented status"
    OPERATION = "undocumented operation"


_OF_VALUES = (FindingKind.UNKNOWN_VALUE, FindingKind.UNKNOWN_VARIANT)
_WITHOUT_EXAMPLE = (FindingKind.MISSING_FIELD, FindingKind.WRONG_BODY, FindingKind.OPERATION)


@dataclass(frozen=True, slots=True)
class Finding:
    """One place where a response differs from the contract.

    Attributes:
        kind: the kind of difference.
        path: the place in the body, as JSONPath, such as `$.tasks[*].type`; empty outside of the body.
        pointer: the place in the contract.
        exchange: the exchange.
        operation: the id of the operation; the method if the contract lacks the operation.
        value: the value in the response, with its secrets; None if there is none.
        name: the field that is missing or unknown; of an unknown variant, the field with its tag.
    """

    kind: FindingKind
    path: str
    pointer: Pointer
    exchange: RecordedExchange
    operation: str
    value: object = None
    name: str = ""

    @property
    def example(self) -> object:
        """The value that is unusual: of an unknown variant its tag."""
        if self.kind is FindingKind.UNKNOWN_VARIANT and isinstance(self.value, dict):
            return self.value[self.name]
        return self.value


class FindingSummary(TypedDict):
    """Equal findings, without secrets. `seen` counts them; `example` is of the first."""

    kind: str
    operation: str
    status: int
    path: str
    example: str | None
    seen: int


def compare(contract: OpenApiDocument, exchanges: Iterable[RecordedExchange]) -> list[Finding]:
    """Find the places where responses differ from a contract, in the order of the exchanges.

    Requests are not checked, and of values neither limits nor formats. Of an exchange whose body is not known, the
    operation and the status are compared.

    Args:
        contract: the contract, from `load_contract`.
        exchanges: the exchanges, from `read_server` or `read_archive`.
    """
    return [finding for exchange in exchanges for finding in _Comparison(contract, exchange).findings()]


def detect_contract(exchanges: Sequence[RecordedExchange]) -> Contract:
    """Return the contract with the fewest unknown values in responses; of two, the one with the fewest findings.

    Args:
        exchanges: the exchanges, from `read_server` or `read_archive`.
    """

    def distance(name: Contract) -> tuple[int, int]:
        kinds = [finding.kind for finding in compare(load_contract(name), exchanges)]
        return sum(kind in _OF_VALUES for kind in kinds), len(kinds)

    return min(FILES, key=distance)


def summarize(findings: Iterable[Finding], *, secrets: Iterable[str] = ()) -> list[FindingSummary]:
    """Count equal findings, and redact them: of values at most 40 characters, and no secrets.

    Args:
        findings: the findings, from `compare`.
        secrets: those of the traffic.
    """
    redactor = Redactor(secrets)
    summaries: dict[tuple[object, ...], FindingSummary] = {}
    for finding in findings:
        summary = _summary(finding, redactor)
        value = summary["example"] if finding.kind in _OF_VALUES else None
        key = (finding.kind, summary["operation"], summary["status"], summary["path"], value)
        summaries.setdefault(key, summary)["seen"] += 1
    return list(summaries.values())


def _summary(finding: Finding, redactor: Redactor) -> FindingSummary:
    exchange, field = finding.exchange, finding.path.rpartition(".")[2]
    is_undocumented = finding.kind is FindingKind.OPERATION
    return {
        "kind": str(finding.kind),
        "operation": redactor.redact(f"{exchange.method} {exchange.path}" if is_undocumented else finding.operation),
        "status": exchange.status,
        "path": redactor.redact(finding.path),
        "example": None if finding.kind in _WITHOUT_EXAMPLE else redactor.shorten(field, finding.example),
        "seen": 0,
    }


class _Comparison:
    """Compares one response with the contract."""

    def __init__(self, contract: OpenApiDocument, exchange: RecordedExchange) -> None:
        self._contract = contract
        self._exchange = exchange
        self._pointer = contract.find_operation(exchange.method, exchange.path)
        self._operation = contract.at(self._pointer)["operationId"] if self._pointer else exchange.method

    def findings(self) -> Iterator[Finding]:
        """Yield all findings of the response."""
        if self._pointer is None:
            yield self._finding(FindingKind.OPERATION, "", ("paths",))
            return
        responses: Pointer = (*self._pointer, "responses")
        status = str(self._exchange.status)
        documented = self._contract.at(responses)
        key = next((each for each in (status, f"{status[0]}XX", "default") if each in documented), None)
        if key is None:
            yield self._finding(FindingKind.STATUS, "", responses, self._exchange.status)
        elif self._exchange.content is not None:
            yield from self._in_body(self._contract.resolve((*responses, key)))

    def _finding(self, kind: FindingKind, path: str, pointer: Pointer, value: object = None, name: str = "") -> Finding:
        return Finding(kind, path, pointer, self._exchange, self._operation, value, name)

    def _in_body(self, response: Pointer) -> Iterator[Finding]:
        content = self._contract.at(response).get("content", {})
        if not content or not self._exchange.content:
            is_wrong = all("schema" in media for media in content.values()) if content else self._exchange.content
            if is_wrong:
                yield self._finding(FindingKind.WRONG_BODY, _ROOT, response)
            return
        media_type = next((each for each in (self._exchange.media_type, ANY_MEDIA_TYPE) if each in content), None)
        if media_type is None:
            yield self._finding(FindingKind.MEDIA_TYPE, "", response, self._exchange.media_type)
        elif "schema" in content[media_type]:
            try:
                value = self._exchange.json()
            except ValueError:
                yield self._finding(FindingKind.WRONG_BODY, _ROOT, response)
            else:
                yield from self._in_value((*response, "content", media_type, "schema"), value, _ROOT)

    def _in_value(self, pointer: Pointer, value: object, path: str) -> Iterator[Finding]:
        pointer = self._contract.resolve(pointer)
        schema = self._contract.at(pointer)
        if not isinstance(schema, dict):
            return
        for index in range(len(schema.get("allOf", ()))):
            yield from self._in_value((*pointer, "allOf", index), value, path)
        for word in CHOICES:
            if word in schema:
                yield from self._in_choice((*pointer, word), value, path)
        if not _is_of_type(value, schema.get("type", ())):
            yield self._finding(FindingKind.WRONG_TYPE, path, pointer, value)
        elif isinstance(value, dict):
            yield from self._in_object(pointer, value, path)
        elif isinstance(value, list):
            for item in value if "items" in schema else ():
                yield from self._in_value((*pointer, "items"), item, f"{path}[*]")
        elif value not in schema.get("enum", [schema.get("const", value)]):
            yield self._finding(FindingKind.UNKNOWN_VALUE, path, pointer, value)

    def _in_choice(self, pointer: Pointer, value: object, path: str) -> Iterator[Finding]:
        """Yield the findings for the variant that the tag names; without a tag, for the most similar one."""
        schema = self._contract.at(pointer[:-1])
        discriminator = schema.get("discriminator", {})
        name, mapping = discriminator.get("propertyName", ""), discriminator.get("mapping", {})
        tag = value.get(name) if isinstance(value, dict) else None
        if mapping and isinstance(tag, str):
            if tag in mapping:
                yield from self._in_value(parse_reference(mapping[tag]), value, path)
            else:
                yield self._finding(FindingKind.UNKNOWN_VARIANT, json_path(path, name), pointer[:-1], value, name)
            return
        variants = range(len(self._contract.at(pointer)))
        tried = [list(self._in_value((*pointer, index), value, path)) for index in variants]
        of_the_type = [
            found
            for found in tried
            if not any(each.kind is FindingKind.WRONG_TYPE and each.path == path for each in found)
        ]
        if of_the_type:
            yield from min(of_the_type, key=len)
        else:
            yield self._finding(FindingKind.WRONG_TYPE, path, pointer[:-1], value)

    def _in_object(self, pointer: Pointer, value: JsonObject, path: str) -> Iterator[Finding]:
        schema = self._contract.at(pointer)
        declared = schema.get("properties", {})
        others = schema.get("additionalProperties", not declared and not any(word in schema for word in CHOICES))
        for name in schema.get("required", ()):
            if name not in value:
                yield self._finding(FindingKind.MISSING_FIELD, json_path(path, name), pointer, name=name)
        for name, inner in value.items():
            if name in declared:
                yield from self._in_value((*pointer, "properties", name), inner, json_path(path, name))
            elif isinstance(others, dict):
                yield from self._in_value((*pointer, "additionalProperties"), inner, f"{path}.*")
            elif not others and (declared or "additionalProperties" in schema):
                yield self._finding(FindingKind.UNKNOWN_FIELD, json_path(path, name), pointer, inner, name)


def _is_of_type(value: object, types: str | Iterable[str]) -> bool:
    """Return True if a value is of one of these JSON types, or if there are none."""
    allowed = {types} if isinstance(types, str) else {*types}
    if "number" in allowed:
        allowed.add("integer")
    return not allowed or json_type(value) in allowed
