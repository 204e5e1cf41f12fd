"""Deviations of responses from the contract: pure functions over exchanges."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from .openapi import BETA, DOCUMENTS, OpenApiDocument, Pointer, bundled, referred

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .traffic import RecordedExchange

_PLAIN_NAME = re.compile(r"[A-Za-z_]\w*")
_ROOT = "$"
ANY_MEDIA_TYPE = "*/*"
CHOICES = ("oneOf", "anyOf")
_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "object": (dict,),
    "array": (list,),
    "null": (type(None),),
}


class FindingKind(StrEnum):
    """In which way an answer is not as the contract says."""

    UNKNOWN_FIELD = "unknown field"
    MISSING_FIELD = "missing field"
    UNKNOWN_VALUE = "unknown value"
    UNKNOWN_VARIANT = "unknown variant"
    WRONG_TYPE = "wrong type"
    WRONG_BODY = "wrong body"
    MEDIA_TYPE = "undocumented media type"
    STATUS = "undocumented status"
    OPERATION = "undocumented operation"


@dataclass(frozen=True, slots=True)
class Finding:
    """One place where an answer is not as the contract says.

    Attributes:
        kind: in which way.
        path: where in the answer, such as `$.tasks[*].type`.
        pointer: where in the contract.
        value: what stands there in the answer; None where nothing does.
        name: the field that is missing or unknown, or that tells variants apart.
    """

    kind: FindingKind
    path: str
    pointer: Pointer
    value: Any = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """A finding with the exchange that it is of.

    Attributes:
        finding: the finding.
        exchange: the exchange.
        operation: the id of the operation; for one that the contract does not know, the method.
    """

    finding: Finding
    exchange: RecordedExchange
    operation: str


def compare(contract: OpenApiDocument, exchanges: Iterable[RecordedExchange]) -> list[Seen]:
    """All places where answers are not as a contract says, in the order of the exchanges.

    Requests that are not for the API, such as those for the pages around it, are left out.

    Args:
        contract: the contract.
        exchanges: what to compare with it.
    """
    found = []
    for exchange in exchanges:
        if not exchange.path.startswith(contract.folder):
            continue
        operation = contract.find(exchange.method, exchange.path)
        if operation is None:
            finding = Finding(FindingKind.OPERATION, "", ("paths",))
            found.append(Seen(finding, exchange, exchange.method))
        else:
            places = _in_answer(contract, (*operation.pointer, "responses"), exchange)
            found += [Seen(finding, exchange, operation.id) for finding in places]
    return found


def spoken(exchanges: Iterable[RecordedExchange]) -> str:
    """The name of the contract that exchanges go with best, first by the values in them, then by everything else."""
    known = list(exchanges)

    def strangeness(name: str) -> tuple[int, int]:
        kinds = [seen.finding.kind for seen in compare(bundled(name), known)]
        return sum(kind in {FindingKind.UNKNOWN_VALUE, FindingKind.UNKNOWN_VARIANT} for kind in kinds), len(kinds)

    return min((DOCUMENTS, BETA), key=strangeness)


def _in_answer(contract: OpenApiDocument, responses: Pointer, exchange: RecordedExchange) -> Iterator[Finding]:
    status = str(exchange.status)
    keys = [key for key in (status, f"{status[0]}XX", "default") if key in contract.at(responses)]
    if not keys:
        yield Finding(FindingKind.STATUS, "", responses, exchange.status)
        return
    response = contract.resolved((*responses, keys[0]))
    content = contract.at(response).get("content", {})
    if exchange.content is None or exchange.method == "HEAD":
        return
    if not content or not exchange.content:
        unfit = all("schema" in media for media in content.values()) if content else bool(exchange.content)
        if unfit:
            yield Finding(FindingKind.WRONG_BODY, _ROOT, response)
        return
    media_type = next((each for each in (exchange.media_type, ANY_MEDIA_TYPE) if each in content), None)
    if media_type is None:
        yield Finding(FindingKind.MEDIA_TYPE, "", response, exchange.media_type)
    elif "schema" in content[media_type]:
        yield from _in_body(contract, (*response, "content", media_type), exchange)


def _in_body(contract: OpenApiDocument, media: Pointer, exchange: RecordedExchange) -> Iterator[Finding]:
    try:
        body = exchange.json
    except ValueError:
        yield Finding(FindingKind.WRONG_BODY, _ROOT, media[:-2])
        return
    yield from _in_value(contract, (*media, "schema"), body, _ROOT)


def _in_value(contract: OpenApiDocument, pointer: Pointer, value: Any, path: str) -> Iterator[Finding]:
    pointer = contract.resolved(pointer)
    schema = contract.at(pointer)
    if not isinstance(schema, dict):
        return
    for index in range(len(schema.get("allOf", ()))):
        yield from _in_value(contract, (*pointer, "allOf", index), value, path)
    for word in CHOICES:
        if word in schema:
            yield from _in_choice(contract, (*pointer, word), value, path)
    if not is_of_type(value, schema.get("type", [])):
        yield Finding(FindingKind.WRONG_TYPE, path, pointer, value)
        return
    yield from _in_members(contract, pointer, value, path)


def _in_members(contract: OpenApiDocument, pointer: Pointer, value: Any, path: str) -> Iterator[Finding]:
    """Yield the findings in a value of the right type."""
    schema = contract.at(pointer)
    if isinstance(value, dict):
        yield from _in_object(contract, pointer, value, path)
    elif isinstance(value, list):
        for item in value if "items" in schema else ():
            yield from _in_value(contract, (*pointer, "items"), item, f"{path}[*]")
    elif value not in schema.get("enum", [schema.get("const", value)]):
        yield Finding(FindingKind.UNKNOWN_VALUE, path, pointer, value)


def is_of_type(value: Any, types: str | list[str]) -> bool:
    """Return True if a value is of one of some JSON types; without any, everything is."""
    allowed = [types] if isinstance(types, str) else types
    if isinstance(value, bool):
        return not allowed or "boolean" in allowed
    return not allowed or any(isinstance(value, _TYPES[each]) for each in allowed)


def _in_choice(contract: OpenApiDocument, pointer: Pointer, value: Any, path: str) -> Iterator[Finding]:
    """Yield the findings in a value of several variants: of the one its tag names, or of the most similar one."""
    schema = contract.at(pointer[:-1])
    told = schema.get("discriminator", {})
    name, mapping = told.get("propertyName", ""), told.get("mapping", {})
    tag = value.get(name) if isinstance(value, dict) else None
    if mapping and isinstance(tag, str):
        if tag in mapping:
            yield from _in_value(contract, referred(mapping[tag]), value, path)
        else:
            yield Finding(FindingKind.UNKNOWN_VARIANT, below(path, name), pointer[:-1], value, name)
        return
    tried = [list(_in_value(contract, (*pointer, index), value, path)) for index in range(len(contract.at(pointer)))]
    likely = [found for found in tried if not any(_is_of_another_type(each, path) for each in found)]
    if likely:
        yield from min(likely, key=len)
    else:
        yield Finding(FindingKind.WRONG_TYPE, path, pointer[:-1], value)


def _is_of_another_type(finding: Finding, path: str) -> bool:
    return finding.kind is FindingKind.WRONG_TYPE and finding.path == path


def _in_object(contract: OpenApiDocument, pointer: Pointer, value: dict[str, Any], path: str) -> Iterator[Finding]:
    schema = contract.at(pointer)
    declared = schema.get("properties", {})
    others = schema.get("additionalProperties", not declared and not any(word in schema for word in CHOICES))
    for name in schema.get("required", ()):
        if name not in value:
            yield Finding(FindingKind.MISSING_FIELD, below(path, name), pointer, None, name)
    for name, inner in value.items():
        if name in declared:
            yield from _in_value(contract, (*pointer, "properties", name), inner, below(path, name))
        elif isinstance(others, dict):
            yield from _in_value(contract, (*pointer, "additionalProperties"), inner, f"{path}.*")
        elif not others and (declared or "additionalProperties" in schema):
            yield Finding(FindingKind.UNKNOWN_FIELD, below(path, name), pointer, inner, name)


def below(path: str, name: str) -> str:
    """The JSON path of a member."""
    if _PLAIN_NAME.fullmatch(name):
        return f"{path}.{name}"
    quoted = name.replace("\\", "\\\\").replace("'", "\\'")
    return f"{path}['{quoted}']"
