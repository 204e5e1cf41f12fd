"""The effects of faults on responses, as functions without state."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode

from axtasks.mock.contract.contract import inside
from axtasks.mock.jsontypes import JsonObject, JsonValue, as_object
from axtasks.mock.messages import Ending, MockResponse
from axtasks.mock.problems import RefusalError

from .fault import Fault, FaultKind

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from axtasks.mock.messages import Headers, MockRequest

JSON = "application/json"
HTML = "text/html; charset=utf-8"
PAGE = b"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body><h1>502 Bad Gateway</h1></body>\r\n</html>\r\n"
GARBAGE = b'{"\x80\xfe]garbage:\x00}{'
RETRY_AFTER_SECONDS = 1
"""`Retry-After` of a 429 without another value: the contract declares the header for this status."""
UNHEARD_OF = "unheard_of"
"""A name, and a value, that the contract does not have."""

ENDINGS = {
    FaultKind.TRUNCATE: Ending.TRUNCATED,
    FaultKind.ACCEPT_THEN_DROP: Ending.DROPPED,
    FaultKind.RESET: Ending.RESET,
}


def refusal(fault: Fault) -> RefusalError:
    """Return what a request is told that a fault keeps from being carried out."""
    status = HTTPStatus.BAD_GATEWAY if fault.status is None else fault.status
    default = RETRY_AFTER_SECONDS if status == HTTPStatus.TOO_MANY_REQUESTS else None
    seconds = default if fault.retry_after is None else fault.retry_after
    headers: Headers = () if seconds is None else (("Retry-After", str(seconds)),)
    return RefusalError(status, f"the mock was told to fail: {fault}", headers=headers)


def instead(fault: Fault, refused: MockResponse) -> MockResponse:
    """Return the response to a request that is not carried out: the refusal, or what a fault has for it."""
    if fault.kind is FaultKind.HTML_502:
        return _with_body(refused, PAGE, HTML)
    return MockResponse(0) if fault.kind is FaultKind.RESET else refused


def altered(fault: Fault, response: MockResponse) -> MockResponse:
    """Return the response as a fault leaves it."""
    delivery = response.delivery
    match fault.kind:
        case FaultKind.EMPTY:
            response = _with_body(replace(response, status=HTTPStatus.OK), b"", JSON)
        case FaultKind.GARBAGE:
            status = HTTPStatus.OK if response.status == HTTPStatus.NO_CONTENT else response.status
            response = _with_body(replace(response, status=status), GARBAGE, response.header("content-type") or JSON)
        case FaultKind.UNKNOWN_ENUM if _is_success(response):
            content = _json(response)
            for resource in _resources(content):
                resource.update(dict.fromkeys(resource.keys() & _enum_members(), UNHEARD_OF))
            response = _with_json(response, content)
        case FaultKind.EXTRA_FIELD if response.body:
            response = _with_json(response, _with_unknown_members(_json(response)))
        case FaultKind.DELAY:
            delivery = delivery.later(fault.seconds or 0)
        case FaultKind.SLOW_DRIP:
            delivery = replace(delivery, drip_seconds=fault.seconds)
        case kind if kind in ENDINGS:
            delivery = replace(delivery, ending=ENDINGS[kind])
    return replace(response, delivery=delivery)


def _is_success(response: MockResponse) -> bool:
    return response.status in range(200, 300) and bool(response.body)


def _with_body(response: MockResponse, body: bytes, media_type: str) -> MockResponse:
    others = tuple((name, value) for name, value in response.headers if name.lower() != "content-type")
    return replace(response, headers=(("Content-Type", media_type), *others), body=body)


def _json(response: MockResponse) -> JsonValue:
    value: JsonValue = json.loads(response.body)
    return value


def _with_json(response: MockResponse, value: JsonValue) -> MockResponse:
    return replace(response, body=json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())


@cache
def _enum_members() -> frozenset[str]:
    """The names of all members that have one of a few values in a contract."""
    contract = inside()
    schemas = as_object(as_object(contract.document["components"])["schemas"])
    return frozenset(
        name
        for schema in schemas.values()
        for name, declared in as_object(as_object(schema).get("properties", {})).items()
        if "enum" in contract.resolve(declared)
    )


def _resources(value: JsonValue) -> Iterator[JsonObject]:
    """The resource that is answered, or all those of a list."""
    if isinstance(value, dict):
        yield value
        for member in value.values():
            if "pagination" in value and isinstance(member, list):
                yield from (each for each in member if isinstance(each, dict))


def _with_unknown_members(value: JsonValue) -> JsonValue:
    if isinstance(value, list):
        return [_with_unknown_members(each) for each in value]
    if isinstance(value, dict):
        return {**{name: _with_unknown_members(each) for name, each in value.items()}, UNHEARD_OF: UNHEARD_OF}
    return value


def page_before(request: MockRequest, response: MockResponse) -> Generator[MockRequest, MockResponse, MockResponse]:
    """Find the page whose next one was asked for; when there is none any more, it is this one, leading to itself.

    It yields requests for pages, to be sent their responses, and returns what the fault makes of the response.
    """
    given = parse_qsl(request.query, keep_blank_values=True)
    cursor = dict(given).get("cursor")
    if cursor is None or request.method != "GET" or not _is_success(response):
        return response
    others = [(name, value) for name, value in given if name != "cursor"]
    before = yield replace(request, query=urlencode(others))
    while (following := _next_cursor(before)) not in {None, cursor}:
        before = yield replace(request, query=urlencode([*others, ("cursor", str(following))]))
    if following == cursor:
        return replace(response, body=before.body)
    page = as_object(_json(response))
    return _with_json(response, {**page, "pagination": {"has_more": True, "next_cursor": cursor}})


def _next_cursor(response: MockResponse) -> JsonValue:
    page = _json(response) if _is_success(response) else None
    pagination = page.get("pagination") if isinstance(page, dict) else None
    return pagination.get("next_cursor") if isinstance(pagination, dict) else None
