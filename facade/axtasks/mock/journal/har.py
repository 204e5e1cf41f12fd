"""Exchanges as an HTTP archive, version 1.2: what browsers and proxies read and show."""

from __future__ import annotations

from base64 import b64encode
from http import HTTPStatus
from typing import TYPE_CHECKING

from axtasks.mock.clock import timestamp
from axtasks.mock.jsontypes import JsonObject, JsonValue, as_object
from axtasks.mock.messages import find_header

from .exchange import pairs_in

if TYPE_CHECKING:
    from collections.abc import Iterable

    from axtasks.mock.contract.contract import Contract

    from .exchange import Exchange

VERSION = "1.2"
CREATOR = "ax-tasks mock"
HTTP = "HTTP/1.1"
NO_HOST = "mock.invalid"
UNKNOWN_SIZE = -1


def archive(exchanges: Iterable[Exchange], contract: Contract) -> JsonObject:
    """The archive of some exchanges; its creator bears the version of the contract that is served."""
    creator: JsonObject = {"name": CREATOR, "version": as_object(contract.document["info"])["version"]}
    return {"log": {"version": VERSION, "creator": creator, "entries": [_entry(each) for each in exchanges]}}


def text_of(body: bytes) -> str:
    """A body as text; bytes that are none are written as escapes."""
    return body.decode("utf-8", "backslashreplace")


def _entry(exchange: Exchange) -> JsonObject:
    entry: JsonObject = {
        "startedDateTime": timestamp(exchange.at),
        "time": 0,
        "request": _request(exchange),
        "response": _response(exchange),
        "cache": {},
        "timings": {"send": 0, "wait": 0, "receive": 0},
        "comment": f"{exchange.number}: {exchange.operation or 'no operation'}",
    }
    if exchange.fault is not None:
        entry["_fault"] = exchange.fault
    return entry


def _request(exchange: Exchange) -> JsonObject:
    host = find_header(exchange.request_headers, "host") or NO_HOST
    target = f"{exchange.path}?{exchange.query}" if exchange.query else exchange.path
    request: JsonObject = {
        "method": exchange.method,
        "url": f"http://{host}{target}",
        "httpVersion": HTTP,
        "cookies": [],
        "headers": _named(exchange.request_headers),
        "queryString": _named(pairs_in(exchange.query)),
        "headersSize": UNKNOWN_SIZE,
        "bodySize": len(exchange.request_body),
    }
    if exchange.request_body:
        media_type = find_header(exchange.request_headers, "content-type") or ""
        request["postData"] = {"mimeType": media_type, "text": text_of(exchange.request_body)}
    return request


def _response(exchange: Exchange) -> JsonObject:
    media_type = find_header(exchange.response_headers, "content-type") or ""
    return {
        "status": exchange.status,
        "statusText": HTTPStatus(exchange.status).phrase if exchange.status in set(HTTPStatus) else "",
        "httpVersion": HTTP,
        "cookies": [],
        "headers": _named(exchange.response_headers),
        "content": {"size": len(exchange.response_body), "mimeType": media_type, **_text(exchange.response_body)},
        "redirectURL": "",
        "headersSize": UNKNOWN_SIZE,
        "bodySize": len(exchange.response_body),
    }


def _text(body: bytes) -> JsonObject:
    """The text of a body, in base64 where it is none: so it is read back to the same bytes."""
    try:
        return {"text": body.decode()}
    except UnicodeError:
        return {"text": b64encode(body).decode(), "encoding": "base64"}


def _named(pairs: Iterable[tuple[str, str]]) -> list[JsonValue]:
    return [{"name": name, "value": value} for name, value in pairs]
