"""The cases of the nasty server, as data: what it does, what a call may come to, and where engines differ."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tests.e2e.engines import behaviours as does
from tests.e2e.engines.carriers import CLIENTS
from tests.e2e.engines.server import IPV6_HOST, SILENT, SLOW, response
from tests.unit.wire import reply

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.e2e.engines.server import Peer

SUCCESS = "success"
IN_DOUBT = "TransportError"
TIMEOUT = "RequestTimeoutError"
UNSENT = "ConnectionFailedError"
TOO_LARGE = "ResponseTooLargeError"
UNDECODABLE = "UndecodableBodyError"
TOO_EARLY = "413"

CONNECT_SECONDS = READ_SECONDS = 1.0
TOTAL_SECONDS = 1.5
LONG_SECONDS = 15.0
"""For uploads that take long because of the server."""
GRACE_SECONDS = 0.5
"""How much later than its timeout a call may end."""
ADDRESS_SECONDS = 0.3
"""After how long the next address of a name has to be tried."""

READ, WRITE, UPLOAD, LARGE_UPLOAD = "read", "write", "upload", "large upload"
BODY_BYTES = {WRITE: 10, UPLOAD: 8_000_000, LARGE_UPLOAD: 24_000_000}
"""The kinds of calls that have a body, and its size."""


class Expected(NamedTuple):
    """What a call may come to.

    Attributes:
        outcomes: each of them is right: `success`, a status, or the name of an error.
        next: the same for the next call; `success` is the response that it asked for.
        seconds: the call takes no longer; its timeout and `GRACE_SECONDS` when None.
        reason: why it may differ.
    """

    outcomes: tuple[str, ...]
    next: tuple[str, ...] = (SUCCESS,)
    seconds: float | None = None
    reason: str = ""


class Differs(NamedTuple):
    """An engine whose outcome is another.

    Attributes:
        engines: their names, or kinds of them.
        expected: what holds for them.
        clients: with these clients.
    """

    engines: tuple[str, ...]
    expected: Expected
    clients: tuple[str, ...] = CLIENTS


class Case(NamedTuple):
    """One way of a server to misbehave.

    Attributes:
        name: what it does.
        does: plays the first connection.
        expected: what a call may come to.
        call: the kind of call that it strikes.
        is_second: whether another call has to succeed before on the same connection.
        host: an address to listen on, or a kind of name to be reached by.
        is_secure: whether it speaks TLS.
        is_busy: whether it keeps a processor busy, so that other cases do not run meanwhile.
        total_seconds: the timeout of the call.
        allowed: where the outcome may differ for good.
        today: where it differs, and should not.
    """

    name: str
    does: Callable[[Peer], None]
    expected: Expected
    call: str = READ
    is_second: bool = False
    host: str = ""
    is_secure: bool = False
    is_busy: bool = False
    total_seconds: float = TOTAL_SECONDS
    allowed: tuple[Differs, ...] = ()
    today: tuple[Differs, ...] = ()


FINE = Expected((SUCCESS,))
BROKEN = Expected((IN_DOUBT,))
LATE = Expected((TIMEOUT,))
UNREACHED = Expected((UNSENT,))
ENDLESS = Expected((IN_DOUBT,))

CASES: tuple[Case, ...] = (
    Case("well behaved", does.answer_well, FINE),
    Case("well behaved over TLS", does.answer_well, FINE, is_secure=True),
    # Connections that are kept
    Case("closed while idle", does.close_while_idle, FINE, is_second=True),
    Case("closed as the request goes out", does.close_on_request, BROKEN, is_second=True),
    Case("garbage while idle", does.say_while_idle(does.GARBAGE), FINE, is_second=True),
    Case("second response while idle", does.say_while_idle(response()), FINE, is_second=True),
    Case("garbage in one segment", does.say_in_one_segment(does.GARBAGE), FINE, is_second=True),
    Case("second response in one segment", does.say_in_one_segment(response()), FINE, is_second=True),
    # Requests that are not read to their end
    Case("reset mid-request", does.reset_on_head, BROKEN, call=UPLOAD),
    Case("413 to the head of 8 MB, left open", does.refuse_and_stay, Expected((TOO_EARLY,)), call=UPLOAD),
    Case("413 to the head of 8 MB, closed", does.refuse_and_close, Expected((TOO_EARLY,)), call=UPLOAD),
    Case(
        "24 MB read slowly",
        does.read_slowly,
        FINE,
        call=LARGE_UPLOAD,
        total_seconds=LONG_SECONDS,
    ),
    Case("24 MB never read", does.never_read, LATE, call=LARGE_UPLOAD),
    # Responses that end early
    Case("cut in the head", does.cut(30), BROKEN),
    Case("cut in the body", does.cut(-20), BROKEN),
    Case("cut in a chunk", does.cut(-1, does.CHUNKED + b"\r\nff\r\n{"), BROKEN),
    # Responses that are framed oddly
    Case("1xx before the response", does.say(before=b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\n\r\n"), FINE),
    Case("204 with a body", does.send_204_with_body, Expected(("204",)), call=WRITE),
    Case("body longer than its length", does.say(after=b"}}" + response()), FINE),
    Case("length twice, the same", does.lengths("N", "N"), Expected((SUCCESS, IN_DOUBT))),
    Case("two lengths", does.lengths("N", "7"), BROKEN),
    Case("length that is no number", does.lengths("N+1"), BROKEN),
    Case("length below zero", does.lengths("-1"), BROKEN),
    Case("length that is too long", does.lengths("9N", close=True), BROKEN),
    Case("length and chunks", does.both_lengths, Expected((SUCCESS, IN_DOUBT))),
    Case("chunks with trailers", does.chunks_with_trailers, FINE),
    Case("HTTP/1.0 without a length", does.http10, FINE),
    Case("a hundred cookies", does.many_cookies, FINE),
    Case("SSH banner", does.ssh_banner, Expected((IN_DOUBT, TIMEOUT))),
    Case("head that drips", does.drip_head, LATE),
    # Responses without end
    *(
        Case(name, behaviour, ENDLESS, is_busy=True)
        for name, behaviour in does.ENDLESS.items()
        if not name.startswith("gzip")
    ),
    Case("gzip bomb", does.bomb("200 OK"), Expected((TOO_LARGE,)), is_busy=True),
    Case("gzip bomb as a refusal", does.bomb("400 Bad Request"), Expected(("400",)), is_busy=True),
    Case("JSON of a million levels", does.deep_json, Expected((UNDECODABLE,)), is_busy=True),
    # Connecting
    Case("silent first address", does.answer_well, Expected((SUCCESS,), seconds=ADDRESS_SECONDS + GRACE_SECONDS), host=SILENT),
    Case("name that takes 6 s to look up", does.answer_well, UNREACHED, host=SLOW),
    Case("IPv6", does.answer_well, FINE, host=IPV6_HOST),
    Case("TLS that is silent", does.silent_tls, UNREACHED, is_secure=True),
    Case("TLS that drips", does.drip_tls, UNREACHED, is_secure=True),
    Case("TLS with a wrong name", does.wrong_name, UNREACHED, is_secure=True),
    Case("TLS of an unknown authority", does.unknown_authority, UNREACHED, is_secure=True),
)
