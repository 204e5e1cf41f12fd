"""Bugs to plant in the ways to the mock: the core, the httpx transport, and the socket.

The property-based tests do not cover these, so the door tests run first.
"""

from __future__ import annotations

from .bug import PlantedBug

_FROM_MOCK = "httpx.Response(response.status, headers=list(response.headers), content=response.body)"

IN_DOORS = (
    PlantedBug(
        "head-with-a-body",
        "the answer to HEAD has no body",
        "mock/mock.py",
        'if routed.request.method == "HEAD" else',
        "if False else",
    ),
    PlantedBug(
        "transport-loses-headers",
        "every header of an answer arrives",
        "mock/serving/httpx_transport.py",
        _FROM_MOCK,
        "httpx.Response(response.status, headers=list(response.headers)[:3], content=response.body)",
    ),
    PlantedBug(
        "transport-sends-plain-text",
        "the media type is that of the answer",
        "mock/serving/httpx_transport.py",
        _FROM_MOCK,
        "httpx.Response(response.status, headers=list(response.headers)[1:], text=response.body.decode())",
    ),
    PlantedBug(
        "transport-merges-headers",
        "a header that is sent twice arrives twice",
        "mock/serving/httpx_transport.py",
        'tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw)',
        "tuple(request.headers.items())",
    ),
    PlantedBug(
        "length-on-a-204",
        "RFC 9110, 8.6: a 204 has no Content-Length",
        "mock/serving/asgi.py",
        "WITHOUT_LENGTH = {HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED}",
        "WITHOUT_LENGTH = {HTTPStatus.NOT_MODIFIED}",
    ),
    PlantedBug(
        "refusal-without-its-body",
        "every refusal is a problem with a body",
        "mock/serving/asgi.py",
        '            await _send(answer, send, is_head=asked.method == "HEAD")\n',
        "            answer = answer if answer.status != 405 else type(answer)(405, answer.headers)\n"
        '            await _send(answer, send, is_head=asked.method == "HEAD")\n',
    ),
    PlantedBug(
        "slash-in-an-id-is-decoded",
        "each segment of a path is decoded by itself",
        "mock/serving/asgi.py",
        'ORIGIN.sub("", scope["raw_path"].decode("latin-1"))',
        'ORIGIN.sub("", scope["path"])',
    ),
    PlantedBug(
        "large-body-is-kept",
        "of a body over the limit no more is kept than shows that it is over",
        "mock/serving/asgi.py",
        "        if len(body) <= limit:\n",
        "        if True:\n",
    ),
    PlantedBug(
        "connection-is-kept-after-half-an-answer",
        "a connection ends with an answer that is cut short",
        "mock/serving/asgi.py",
        "    connection_of(scope).end(reset=ending is Ending.RESET)\n",
        "    if ending is not Ending.TRUNCATED:\n        connection_of(scope).end(reset=ending is Ending.RESET)\n",
    ),
    PlantedBug(
        "date-of-the-machine",
        "the Date of an answer is that of the mock's clock",
        "mock/serving/server.py",
        "                date_header=False,\n",
        "                date_header=True,\n",
    ),
)
