"""Requests never open a file: a file's name in a body, query, header or path is only text."""

from __future__ import annotations

import asyncio
import json
import re
import sys
import threading
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

import pytest
from axtasks.mock import default_world as known
from axtasks.mock.admin.routes import description
from axtasks.mock.serving.asgi import Application

from tests.mock.support import AUTHORIZED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from axtasks.mock import Mock

# The application is called without a server, so that everything happens in the thread that is audited.
pytestmark = pytest.mark.one_door

Json = Any
Request = tuple[str, str, bytes, bytes, list[tuple[bytes, bytes]]]
"""Method, path, query, body and headers."""

WATCHED = ("open", "os.", "glob.", "shutil.", "sqlite3.", "subprocess.", "socket.connect", "socket.getaddrinfo")
INSIDE = "only-the-file-says-so"
METHODS = ("get", "put", "post", "patch", "delete")
PARAMETER = re.compile(r"\{(\w+)\}")
IDS = {
    "dataset_id": known.GOLDEN_SET,
    "evaluator_id": known.HALLUCINATION,
    "experiment_id": known.BASELINE,
    "integration_id": known.OPENAI_MAIN,
    "project_id": known.CHAT_PROD,
    "prompt_id": known.SUMMARIZE,
    "run_id": known.CHAT_QUALITY_RUN,
    "space_id": known.DEMO,
    "task_id": known.CHAT_QUALITY,
    "version_id": known.GOLDEN_SET_VERSION,
}
HEADERS = ("Accept", "Accept-Encoding", "Content-Type", "If-None-Match", "Range", "X-Request-Id", "Origin")

watched: list[tuple[int, list[str]]] = []


@cache
def _watch() -> None:
    """Add an audit hook to the process; it cannot be removed, and records only inside `files_and_connections`."""

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if watched and event.startswith(WATCHED) and watched[-1][0] == threading.get_ident():
            watched[-1][1].append(f"{event} {arguments[:1]}")

    sys.addaudithook(hook)


@contextmanager
def files_and_connections() -> Iterator[list[str]]:
    """Record the files, folders, processes and connections that this thread opens while the block lasts."""
    _watch()
    found: list[str] = []
    watched.append((threading.get_ident(), found))
    try:
        yield found
    finally:
        watched.pop()


def texts(file: Path) -> list[str]:
    """Return several ways to name a file."""
    climbing = "../" * (len(file.parts) + 30) + str(file).lstrip("/")
    return [str(file), f"file://{file}", climbing]


def resolved(node: Json, document: Json) -> Json:
    """Return a schema node with its references resolved."""
    while "$ref" in node:
        target = document
        for step in node["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        node = target
    return node


def fields(schema: Json, document: Json) -> set[str]:
    """Return the names of an object's fields, in all branches of its schema."""
    schema = resolved(schema, document)
    branches = [branch for word in ("oneOf", "anyOf", "allOf") for branch in schema.get(word, [])]
    return set(schema.get("properties", {})).union(*(fields(branch, document) for branch in branches))


def bodies(operation: Json, document: Json, text: str) -> Iterator[bytes]:
    """Yield bodies that name a file: plain, as JSON and YAML, and in each field of the operation."""
    yield text.encode()
    yield f"{text}\n".encode()
    yield json.dumps(text).encode()
    yield json.dumps([text]).encode()
    yield json.dumps({"$ref": text, "extends": text}).encode()
    yield f"extends: {text}\n".encode()
    yield f"spaces: !include {text}\n".encode()
    yield f"!!python/object/apply:open [{json.dumps(text)}]\n".encode()
    content = resolved(operation.get("requestBody", {}), document).get("content", {})
    for each in sorted(set().union(*(fields(media["schema"], document) for media in content.values()))):
        yield json.dumps({each: text}).encode()
        yield json.dumps({each: {"$ref": text, "source": text}}).encode()


def requests(document: Json, text: str) -> Iterator[Request]:
    """Yield requests for all operations of an OpenAPI document that name a file wherever there is text."""
    plain = [(name.lower().encode(), value.encode()) for name, value in AUTHORIZED]
    for path, item in document["paths"].items():
        there = PARAMETER.sub(lambda found: quote(IDS[found[1]], safe=""), path)
        for verb in (each for each in METHODS if each in item):
            method, operation = verb.upper(), item[verb]
            parameters = (*item.get("parameters", ()), *operation.get("parameters", ()))
            declared = [resolved(each, document) for each in parameters]
            queries = [each["name"] for each in declared if each["in"] == "query"]
            yield method, PARAMETER.sub(quote(text, safe=""), path), b"", b"", plain
            for name in (*queries, "file", "path"):
                yield method, there, urlencode({name: text}).encode(), b"", plain
            for name in HEADERS:
                yield method, there, b"", b"", [*plain, (name.lower().encode(), text.encode())]
            yield method, there, b"", b"", [(b"authorization", f"Bearer {text}".encode())]
            for body in bodies(operation, document, text):
                yield method, there, b"", body, [*plain, (b"content-type", b"application/json")]
            yield "POST", "/__mock/reset", b"", b"", plain


def paths(text: str) -> Iterator[Request]:
    """Yield requests whose path leads to a file."""
    for written in (text, quote(text), quote(text, safe="").replace(".", "%2e")):
        for prefix in ("", "/", "/__mock/", "/__mock/page/", "/v2/"):
            yield "GET", prefix + written, b"", b"", [(b"accept", b"text/html, image/*, */*")]


async def answers(mock: Mock, asked: Iterable[Request]) -> list[tuple[int, bytes]]:
    """Return the status and the body of each response of the application."""
    served = Application(mock)
    found: list[tuple[int, bytes]] = []
    for method, path, query, body, headers in asked:
        sent: list[Json] = []
        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "raw_path": path.encode(),
            "query_string": query,
            "client": ("127.0.0.1", 50000),
            "headers": headers,
        }

        async def receive(body: bytes = body) -> Json:
            return {"type": "http.request", "body": body}

        async def send(message: Json, sent: list[Json] = sent) -> None:
            sent.append(message)

        await served(scope, receive, send)
        found.append((sent[0]["status"], b"".join(each.get("body", b"") for each in sent)))
    return found


def test_no_request_opens_a_file_or_a_connection(mock: Mock, tmp_path: Path) -> None:
    """Each route is requested twice; the second time, with another file, its own lazy imports are done."""
    documents = (description(), mock.state.contract.document)
    found: list[str] = []
    # One way to name the first file is enough for the lazy imports.
    for name, ways in (("first.yaml", 1), ("second.yaml", None)):
        file = tmp_path / name
        file.write_text(f"spaces: [{{name: {INSIDE}}}]\n", encoding="utf-8")
        asked = [
            request
            for text in texts(file)[:ways]
            for request in (*paths(text), *(each for document in documents for each in requests(document, text)))
        ]
        with asyncio.Runner() as runner:
            runner.get_loop()
            with files_and_connections() as found:
                answered = runner.run(answers(mock, asked))

        assert not [request for request, (_, body) in zip(asked, answered, strict=True) if INSIDE.encode() in body]
    assert found == []


def test_the_audit_sees_a_file_that_is_opened(tmp_path: Path) -> None:
    with files_and_connections() as found:
        (tmp_path / "any.yaml").write_text("", encoding="utf-8")

    assert [each.partition(" ")[0] for each in found] == ["open"]


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_a_world_of_one_line_that_looks_like_a_path_is_text(mock: Mock, tmp_path: Path, method: str) -> None:
    file = tmp_path / "world.yaml"
    file.write_text(f"spaces: [{{name: {INSIDE}}}]\n", encoding="utf-8")

    ((status, body),) = asyncio.run(answers(mock, [(method, "/__mock/world", b"", str(file).encode(), [])]))

    assert (status, b"a world has to be an object" in body) == (400, True)
