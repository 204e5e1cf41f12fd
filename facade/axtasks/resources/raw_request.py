"""Send a request that the contract does not know, and return the response as it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, cast
from urllib.parse import parse_qsl, unquote

from axtasks_api.operation import Operation, PreparedRequest

from axtasks.engine.attempts import send
from axtasks.engine.retry import READ
from axtasks.errors import InvalidArgumentError
from axtasks.validation import kind_of, text

if TYPE_CHECKING:
    from axtasks.engine.context import ClientContext
    from axtasks.engine.effects import Flow


# Path segments that are refused, percent-encoded or not: servers differ in when they resolve them.
_DOTS = (".", "..")


class RawAnswer(NamedTuple):
    """The response to a request of your own, as it came.

    Attributes:
        status_code: the HTTP status, whatever it is.
        headers: the headers, with lower-case names.
        content: the body.
    """

    status_code: int
    headers: Mapping[str, str]
    content: bytes


def request(
    context: ClientContext,
    method: str,
    path: str,
    *,
    query: Mapping[str, str] | None = None,
    body: dict[str, Any] | list[Any] | None = None,
) -> Flow[RawAnswer]:
    """Send a request of your own and return the response, an error response included.

    Args:
        method: the HTTP method, such as GET.
        path: the path on the server, percent-encoded, such as `/v2/tasks?limit=5`.
        query: query parameters, besides those in the path.
        body: what to send as JSON; nothing when left out.

    Raises:
        InvalidArgumentError: the method, the path, the query or the body could not be sent.
        TransportError: no answer came.
    """
    verb = text("method", method).upper()
    if not verb.isascii() or not verb.isalpha():
        raise InvalidArgumentError(f"method has to be a word such as GET, not {method!r}")
    bare, _, query_text = text("path", path).partition("?")
    if not bare.startswith("/") or bare.startswith("//") or any(unquote(part) in _DOTS for part in bare.split("/")):
        raise InvalidArgumentError(f"path has to begin with one / and have no part . or .., not {path!r}")
    if any(not "!" <= character <= "~" or character in "#\\" for character in bare):
        raise InvalidArgumentError(f"path has to be percent-encoded, not {path!r}")
    parameters: object = {} if query is None else query
    # For callers without a type checker: engines would send None in different ways.
    if not isinstance(parameters, Mapping) or not _are_texts(*parameters, *parameters.values()):
        raise InvalidArgumentError(f"query has to be a dict of texts by name, not {kind_of(query)}")
    prepared = PreparedRequest(
        operation_id=request.__name__,
        method=verb,
        path=bare,
        query=(*parse_qsl(query_text, keep_blank_values=True), *parameters.items()),
        body=cast("dict[str, Any] | None", body),
    )
    # Without a path template: this operation has many paths.
    operation = Operation(request.__name__, method=verb, path="", encode=lambda: prepared, decode=RawAnswer)
    try:
        return (yield from send(context, operation))
    finally:
        if verb != READ:
            # It may have changed what any cached name stands for.
            context.names.clear()


def _are_texts(*values: object) -> bool:
    return all(isinstance(value, str) for value in values)
