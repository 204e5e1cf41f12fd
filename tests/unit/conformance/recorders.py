"""The exchanges of a mock's archive in the forms that other recording programs write."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.archives import Har

HOST = "https://gateway.invalid"


def _request(entry: Har, base_path: str) -> Har:
    path = f"/v2{entry['request']['url'].partition('/v2')[2]}"
    headers = [{"name": "Authorization", "value": "Bearer k3y-of-the-archive"}]
    return {"method": entry["request"]["method"], "url": f"{HOST}{base_path}{path}", "headers": headers, "cookies": []}


def _asked(method: str, path: str) -> Har:
    return {"method": method, "url": f"{HOST}{path}", "headers": [], "cookies": []}


def _base64(text: str) -> Har:
    return {"text": base64.b64encode(text.encode()).decode(), "encoding": "base64"}


def chromium(entry: Har, base_path: str = "") -> Har:
    """Return an entry as DevTools writes it: problems in base64, empty bodies without text and type."""
    content = entry["response"]["content"]
    written: Har = {"size": len(content["text"]), "mimeType": content["mimeType"] or "x-unknown"}
    if content["text"]:
        written |= _base64(content["text"]) if "problem" in content["mimeType"] else {"text": content["text"]}
    response = {"status": entry["response"]["status"], "headers": [], "cookies": [], "content": written, "bodySize": -1}
    return {"_resourceType": "fetch", "request": _request(entry, base_path), "response": {**response, "_error": None}}


def mitmproxy(entry: Har, base_path: str = "") -> Har:
    """Return an entry as mitmproxy writes it: empty bodies as an empty text, with their type."""
    content = entry["response"]["content"]
    written = {"size": len(content["text"]), "compression": 0, "mimeType": content["mimeType"], "text": content["text"]}
    response = {"status": entry["response"]["status"], "headers": [], "cookies": [], "content": written}
    return {"request": _request(entry, base_path), "response": {**response, "bodySize": written["size"]}}


RECORDERS: dict[str, Callable[..., Har]] = {"chromium": chromium, "mitmproxy": mitmproxy}


def _beside(method: str, status: int, content: Any, path: str = "/v2/tasks", **fields: Any) -> Har:
    response = {"status": status, "headers": [], "cookies": [], "content": content, "bodySize": -1}
    response |= {name: fields.pop(name) for name in ("_error", "_failureText") if name in fields}
    return {"request": _asked(method, path), "response": response, **fields}


NOTHING = {"size": 0, "mimeType": "x-unknown"}
# What is recorded beside the exchanges: it says nothing of the contract.
PASSED_OVER = {
    "a preflight of Chromium": _beside("OPTIONS", 200, NOTHING, _resourceType="preflight"),
    "a preflight of mitmproxy": _beside("OPTIONS", 204, {"size": 0, "mimeType": "", "text": ""}),
    "what had not changed": _beside("GET", 304, {"size": 0, "mimeType": "", "text": ""}),
    "what Chromium aborted": _beside("GET", 0, NOTHING, _error="net::ERR_ABORTED"),
    "what Chromium aborted amid the body": _beside(
        "GET", 200, {"size": 9, "mimeType": "application/json", "text": '{"tasks":'}, _error="net::ERR_ABORTED"
    ),
    "what Playwright aborted": _beside("GET", -1, {"size": -1, "mimeType": "x-unknown"}, _failureText="aborted"),
    "what mitmproxy got no response to": _beside("GET", 0, {}, _error="connection reset"),
    "a WebSocket of Chromium": _beside("GET", 101, NOTHING, "/v2/live", _resourceType="websocket"),
    "a WebSocket of mitmproxy": _beside("GET", 101, {"size": 0, "mimeType": "", "text": ""}, "/v2/live"),
    "a picture of a page": _beside("GET", 200, {"size": 9, "mimeType": "image/png"}, "/logo.png"),
    "a page about the API": _beside("GET", 200, {"mimeType": "text/html", "text": "<p>"}, "/docs/v2/tasks"),
}
