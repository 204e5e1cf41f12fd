# Generated from spec/openapi.yaml and spec/overlays/ by "make generate"; do not edit.
"""The I/O-free operation: how the arguments of an endpoint become a request, and its answer a model."""

from __future__ import annotations

import json
from datetime import datetime
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, ParamSpec, Protocol, TypeVar
from urllib.parse import quote

from .codec import DecodeError, Origin, decode_from, enum_text, is_blank, reason_of, timestamp_text
from .dialect import DEFAULT_DIALECT, DIALECTS
from .errors import UnexpectedStatus
from .problem import decode_problem
from .types import Response, Unset

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    import httpx

    from .client import AuthenticatedClient, Client
    from .codec import Spelling
    from .problem import Problem

P = ParamSpec("P")
T = TypeVar("T")

JsonBody = dict[str, Any] | list[Any] | str | float | None

JSON = "application/json"
FORM, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"
SUCCESSES = range(200, 300)
# Less than that is read before anything quicker could be imported.
LARGE_BYTES = 4096
# What a path steps with; written otherwise they are names.
_STEPS = (".", "..")


class PreparedRequest(NamedTuple):
    """A request that is ready to be sent, relative to the server.

    Attributes:
        operation_id: the operation of the contract it belongs to.
        method: the HTTP method.
        path: the path with every parameter percent-encoded.
        query: names and texts of the query parameters, not encoded.
        body: what goes out as JSON; None for no body at all.
        media_type: how the body goes out, if not as JSON.
        headers: names and texts of further headers.
    """

    operation_id: str
    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    body: JsonBody = None
    media_type: str = JSON
    headers: tuple[tuple[str, str], ...] = ()


class Refusal(NamedTuple):
    """An answer that is not a success, with its Problem Details where the body has them."""

    status_code: int
    problem: Problem | None


class Operation(Generic[P, T]):
    """One endpoint of the contract without I/O: `encode` makes the request, `decode` reads the answer.

    `encode` takes the name of a `dialect` besides; it is that of `DEFAULT_DIALECT` when left out.
    """

    __slots__ = ("decode", "encode", "id", "method", "path")
    id: str
    method: str
    path: str
    encode: Callable[P, PreparedRequest]
    decode: Callable[[int, Mapping[str, str], bytes], T | Refusal]

    def __init__(
        self,
        id: str,
        *,
        method: str,
        path: str,
        encode: Callable[P, PreparedRequest],
        decode: Callable[[int, Mapping[str, str], bytes], T | Refusal],
    ) -> None:
        for name, value in (("id", id), ("method", method), ("path", path), ("encode", encode), ("decode", decode)):
            object.__setattr__(self, name, value)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{self!r} is frozen: {name} cannot be set")

    def __repr__(self) -> str:
        return f"<Operation {self.id}: {self.method} {self.path}>"


def path_segment(value: object, dialect: str = DEFAULT_DIALECT) -> str:
    """A path parameter, percent-encoded so that it stays one segment, also where it looks like a step of the path."""
    segment = "" if value is None or isinstance(value, Unset) else quote(query_text(value, dialect), safe="")
    if not segment:
        raise ValueError("a parameter of the path is empty: the request would go to another resource")
    return segment.replace(".", "%2E") if segment in _STEPS else segment


class Sendable(Protocol):
    """A model, as the body of a request."""

    def to_dict(self, spelling: Spelling) -> dict[str, Any]:
        """The JSON object in a spelling."""
        ...


def request_body(body: Sendable | Unset, dialect: str) -> dict[str, Any] | None:
    """The JSON object of a body, as a dialect spells it; None for none."""
    return None if isinstance(body, Unset) else body.to_dict(DIALECTS[dialect].spelling)


def query_pairs(values: Iterable[tuple[str, object]], dialect: str) -> tuple[tuple[str, str], ...]:
    """The query parameters that were given, as text; one that has several values is there for each of them."""
    # By way of a list: each tuple that Python makes of an iterator leaves one more free one behind, up to 2000.
    return tuple(
        [
            (name, query_text(each, dialect))
            for name, value in values
            for each in (value if isinstance(value, list | tuple | set) else (value,))
            if each is not None and not isinstance(each, Unset)
        ]
    )


def query_text(value: object, dialect: str = DEFAULT_DIALECT) -> str:
    """The text of a parameter."""
    if isinstance(value, Enum):
        return str(enum_text(value, type(value).__name__, DIALECTS[dialect].spelling))
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return timestamp_text(value)
    return ",".join(query_text(one, dialect) for one in value) if isinstance(value, list | tuple | set) else str(value)


def decode_answer(status_code: int, content: bytes, decode: Callable[[Any], T]) -> T | Refusal:
    """Decode a response: the model of a success, or a refusal.

    Raises:
        DecodeError: the body of a success is not the JSON that the contract promises.
    """
    if status_code not in SUCCESSES:
        return Refusal(status_code, decode_problem(content))
    try:
        answer = decode(read_json(content))
    except DecodeError:
        raise
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise DecodeError(reason_of(error)) from error
    if is_blank(answer):
        # Any field may be missing; what has none of them came from something else.
        raise DecodeError(f"expected {type(answer).__name__}, got an object without any of its fields")
    return answer


def read_json(content: bytes) -> Any:
    """Read a JSON document as `json.loads` does; where msgspec is installed, it reads large ones.

    Raises:
        ValueError: it is not JSON.
        RecursionError: it is nested too deeply.
    """
    return (_reader_of_large() if len(content) >= LARGE_BYTES else json.loads)(content)


@cache
def _reader_of_large() -> Callable[[bytes], Any]:
    from contextlib import suppress
    from importlib.util import find_spec

    if find_spec("msgspec") is None:
        return json.loads

    from msgspec import MsgspecError
    from msgspec.json import decode

    def read(content: bytes) -> Any:
        # It refuses some texts that are read elsewhere, such as half a surrogate pair.
        with suppress(MsgspecError, ValueError, RecursionError):
            return decode(content)
        return json.loads(content)

    return read


def decode_nothing(status_code: int, content: bytes) -> Refusal | None:
    """None for a success, which has no body, or a refusal."""
    return None if status_code in SUCCESSES else Refusal(status_code, decode_problem(content))


def exchange(
    client: AuthenticatedClient | Client, operation: Operation[..., T], request: PreparedRequest
) -> Response[T | Problem]:
    """Sends a request and reads the answer."""
    sent = client.get_httpx_client().request(request.method, request.path, **_parts(request))
    answer = _decode(operation, sent)
    return read(client, answer, sent)


def _parts(request: PreparedRequest) -> dict[str, Any]:
    """The query, the headers and the body as httpx takes them."""
    parts: dict[str, Any] = {"params": request.query, "headers": request.headers}
    if request.media_type == FORM:
        return {**parts, "data": request.body}
    if request.media_type == MULTIPART and isinstance(request.body, list):
        return {**parts, "files": [(name, tuple(part)) for name, *part in request.body]}
    return {**parts, "json": request.body}


async def exchange_async(
    client: AuthenticatedClient | Client, operation: Operation[..., T], request: PreparedRequest
) -> Response[T | Problem]:
    """Sends a request and reads the answer."""
    sent = await client.get_async_httpx_client().request(request.method, request.path, **_parts(request))
    answer = _decode(operation, sent)
    return read(client, answer, sent)


def _decode(operation: Operation[..., T], sent: httpx.Response) -> T | Refusal:
    origin = Origin(operation.id, sent.headers.get("x-request-id"))
    return decode_from(origin, operation.decode, sent.status_code, sent.headers, sent.content)


def read(client: AuthenticatedClient | Client, answer: T | Refusal, sent: httpx.Response) -> Response[T | Problem]:
    """An answer in the form of the generator's own functions.

    Raises:
        UnexpectedStatus: the answer is no success, has no Problem Details, and the client is set to raise on that.
    """
    parsed = answer.problem if isinstance(answer, Refusal) else answer
    if isinstance(answer, Refusal) and parsed is None and client.raise_on_unexpected_status:
        raise UnexpectedStatus(sent.status_code, sent.content)
    return Response(status_code=sent.status_code, content=sent.content, headers=sent.headers, parsed=parsed)
