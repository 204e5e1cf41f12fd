"""The cases of the nasty server as data: the server's behaviour, the expected outcomes, and deviations of engines."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tests.e2e.engines import behaviours as does
from tests.e2e.engines.engine import AWAITING, BLOCKING, CLIENTS, GIVEN, OWN, PROXY
from tests.e2e.engines.server import (
    IPV6_HOST,
    LOOKUP_SECONDS,
    MOST_DRIP_SECONDS,
    MOST_ENDLESS_SECONDS,
    SILENT,
    SLOW,
    answer_well,
    response,
)

if TYPE_CHECKING:
    from tests.e2e.engines.server import Behaviour

SUCCESS = "success"
IN_DOUBT = "TransportError"
TIMEOUT = "RequestTimeoutError"
UNSENT = "ConnectionFailedError"
UNTRUSTED_CERTIFICATE = "UntrustedCertificateError"
PROXY_FAILED = "ProxyFailedError"
NOT_SENT = (UNSENT, UNTRUSTED_CERTIFICATE, PROXY_FAILED)
# The id of the run in the call that meets the misbehaviour.
STRUCK_RUN = "VGFza1J1bjoxOnN0cnVr"
TOO_LARGE = "ResponseTooLargeError"
UNDECODABLE = "UndecodableBodyError"
TOO_EARLY = "413"
MISREAD = "MISREAD"
"""The outcome of a call that got a response to another request."""
WITH_COOKIES = "success with the cookies"
NEVER_ENDS = "NEVER ENDS"

CONNECT_SECONDS = READ_SECONDS = 1.0
TOTAL_SECONDS = 1.5
LONG_SECONDS = 12.0
"""The timeout of uploads that the server reads slowly."""
BUSY_SECONDS = 5.0
GRACE_SECONDS = 0.5
"""The most seconds that a call may end after its timeout."""
ADDRESS_SECONDS = 0.3
"""The time after which a client has to try the next address of a name."""

READ, WRITE, UPLOAD, LARGE_UPLOAD = "read", "write", "upload", "large upload"
BODY_BYTES = {WRITE: 10, UPLOAD: 8_000_000, LARGE_UPLOAD: 24_000_000}
"""The kinds of calls that have a body, and its size."""


class Expected(NamedTuple):
    """The right outcomes of a call.

    Attributes:
        outcomes: the right outcomes: `success`, a status, or the name of an error.
        next: the right outcomes of the next call; `success` is the response to its own request.
        seconds: the longest duration of the call; its timeout and `GRACE_SECONDS` when None.
    """

    outcomes: tuple[str, ...]
    next: tuple[str, ...] = (SUCCESS,)
    seconds: float | None = None


class Deviation(NamedTuple):
    """Other right outcomes for some engines.

    Attributes:
        engines: names of engines, or kinds of them.
        expected: their right outcomes.
        clients: the clients for which this holds.
        reason: the reason; it begins with `bound:` where the client can only limit what httpx does.
    """

    engines: tuple[str, ...]
    expected: Expected
    clients: tuple[str, ...] = CLIENTS
    reason: str = ""


class Case(NamedTuple):
    """One way of a server to misbehave.

    Attributes:
        name: the name in the table.
        does: the behaviour on the first connection.
        expected: the right outcomes.
        call: the kind of the call that meets it.
        is_second: true if another call on the same connection has to succeed before.
        host: an address to listen on, or a kind of host name.
        is_secure: true if the server speaks TLS.
        is_busy: true if it keeps a processor busy: it runs alone, and data may take the whole timeout.
        total_seconds: the timeout of the call.
        allowed: deviations that are accepted.
        today: deviations that are known defects.
    """

    name: str
    does: Behaviour
    expected: Expected
    call: str = READ
    is_second: bool = False
    host: str = ""
    is_secure: bool = False
    is_busy: bool = False
    total_seconds: float = TOTAL_SECONDS
    allowed: tuple[Deviation, ...] = ()
    today: tuple[Deviation, ...] = ()


FINE = Expected((SUCCESS,))
BROKEN = Expected((IN_DOUBT,))
LATE = Expected((TIMEOUT,))
UNREACHED = Expected((UNSENT,))
UNTRUSTED = Expected((UNTRUSTED_CERTIFICATE,))
ENDLESS = Expected((IN_DOUBT,))

LEFT_OVER = "bound: httpx keeps a connection on which more has come than the response"
OPEN_413 = (
    Deviation(
        (PROXY,),
        Expected((TOO_EARLY, TIMEOUT), next=(SUCCESS, IN_DOUBT, TIMEOUT)),
        reason="the proxy may take all of the body, so that the connection looks sound",
    ),
    Deviation((GIVEN,), Expected((TOO_EARLY, TIMEOUT)), reason="bound: httpx does not read before all is sent"),
)
BY_TIME = (Deviation((GIVEN,), LATE, reason="bound: httpx counts nothing, so the timeout ends it"),)


def left_over(
    *, outcomes: tuple[str, ...] = (SUCCESS,), following: tuple[str, ...] = (SUCCESS,)
) -> tuple[Deviation, ...]:
    """Return the deviation of httpx after a response with more bytes behind it.

    Args:
        outcomes: the outcomes of the call.
        following: the outcomes of the next call.
    """
    return (Deviation((GIVEN,), Expected(outcomes, next=following), reason=LEFT_OVER),)


CASES: tuple[Case, ...] = (
    Case("well behaved", answer_well, FINE),
    Case("well behaved over TLS", answer_well, FINE, is_secure=True),
    # Kept connections
    Case("closed while idle", does.close_while_idle, FINE, is_second=True),
    Case("closed as the request goes out", does.close_on_request, BROKEN, is_second=True),
    Case("garbage while idle", does.say_while_idle(does.GARBAGE), FINE, is_second=True),
    Case("second response while idle", does.say_while_idle(response()), FINE, is_second=True),
    Case("second response while idle, TLS", does.say_while_idle(response()), FINE, is_second=True, is_secure=True),
    Case(
        "garbage in one segment",
        does.say_in_one_segment(does.GARBAGE),
        FINE,
        is_second=True,
        allowed=left_over(outcomes=(IN_DOUBT,)),
    ),
    Case(
        "second response in one segment",
        does.say_in_one_segment(response()),
        FINE,
        is_second=True,
        allowed=left_over(outcomes=(MISREAD,), following=(SUCCESS, MISREAD)),
    ),
    # Requests that are not read completely
    Case("reset mid-request", does.reset_on_head, BROKEN, call=UPLOAD),
    Case(
        "413 to the head of 8 MB, left open",
        does.refuse_and_stay,
        Expected((TOO_EARLY,)),
        call=UPLOAD,
        allowed=OPEN_413,
    ),
    Case(
        "413 to the head of 8 MB, closed",
        does.refuse_and_close,
        Expected((TOO_EARLY,)),
        call=UPLOAD,
        allowed=(
            Deviation((OWN, PROXY, GIVEN), BROKEN, (AWAITING,), "the reset may be seen before the response"),
            Deviation((PROXY,), BROKEN, reason="the proxy may see the reset before the response"),
        ),
    ),
    Case(
        "24 MB read slowly",
        does.read_slowly,
        FINE,
        call=LARGE_UPLOAD,
        total_seconds=LONG_SECONDS,
        allowed=(
            Deviation((GIVEN,), LATE, (AWAITING,), "bound: httpx counts a whole body as one wait"),
            Deviation((PROXY,), LATE, reason="what stands in the proxy may take longer than one wait"),
        ),
    ),
    Case("24 MB never read", does.never_read, LATE, call=LARGE_UPLOAD),
    # Responses that end early
    Case("cut in the head", does.cut(30), BROKEN),
    Case("cut in the body", does.cut(-20), BROKEN),
    Case("cut in a chunk", does.cut_in_chunk, BROKEN),
    # Responses with odd framing
    Case("1xx before the response", does.say(before=b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\n\r\n"), FINE),
    Case(
        "204 with a body",
        does.send_204_with_body,
        Expected(("204",)),
        call=WRITE,
        allowed=left_over(outcomes=("204",), following=(MISREAD,)),
    ),
    Case(
        "body longer than its length",
        does.say(after=b"}}" + response()),
        FINE,
        allowed=left_over(following=(IN_DOUBT,)),
    ),
    Case("length twice, the same", does.lengths("N", "N"), Expected((SUCCESS, IN_DOUBT))),
    Case("two lengths", does.lengths("N", "7"), BROKEN),
    Case("length that is no number", does.lengths("N+1"), BROKEN),
    Case("length below zero", does.lengths("-1"), BROKEN),
    Case("length that is too long", does.lengths("9N", close=True), BROKEN),
    Case("length and chunks", does.both_lengths, Expected((SUCCESS, IN_DOUBT))),
    Case("chunks with trailers", does.chunks_with_trailers, FINE),
    Case("HTTP/1.0 without a length", does.http10, FINE),
    Case(
        "a hundred cookies",
        does.many_cookies,
        FINE,
        allowed=(
            Deviation((GIVEN,), Expected((SUCCESS,), next=(WITH_COOKIES,)), reason="its cookies are its caller's"),
        ),
    ),
    # To a parser the banner is an incomplete head, and no more comes.
    Case("SSH banner", does.ssh_banner, Expected((IN_DOUBT, TIMEOUT))),
    Case(
        "head that drips",
        does.drip_head,
        LATE,
        allowed=(
            Deviation(
                (GIVEN,),
                Expected((TIMEOUT,), seconds=MOST_DRIP_SECONDS + GRACE_SECONDS),
                (BLOCKING,),
                "bound: each wait ends in time, and all together with the head",
            ),
        ),
    ),
    # Responses without end
    Case("endless heads", does.endless_heads, ENDLESS, is_busy=True),
    Case("one endless header", does.endless_line, ENDLESS, is_busy=True),
    Case("one endless chunk extension", does.endless_extension, ENDLESS, is_busy=True),
    Case("endless chunk extensions", does.endless_extensions, ENDLESS, is_busy=True, allowed=BY_TIME),
    Case("endless trailers", does.endless_trailers, ENDLESS, is_busy=True),
    Case(
        "endless 1xx",
        does.endless_1xx,
        ENDLESS,
        is_busy=True,
        allowed=(
            *BY_TIME,
            Deviation(
                (GIVEN,),
                Expected((IN_DOUBT, TIMEOUT), seconds=2 * MOST_ENDLESS_SECONDS + GRACE_SECONDS),
                (BLOCKING,),
                "bound: httpx reads on in one call until the server ends it",
            ),
        ),
    ),
    # Decompressing 64 MB takes long on a shared processor.
    Case("gzip bomb", does.bomb("200 OK"), Expected((TOO_LARGE,)), is_busy=True, total_seconds=BUSY_SECONDS),
    Case(
        "gzip bomb as a refusal",
        does.bomb("400 Bad Request"),
        Expected(("400",)),
        is_busy=True,
        total_seconds=BUSY_SECONDS,
    ),
    Case("JSON of a million levels", does.deep_json, Expected((UNDECODABLE,)), is_busy=True),
    # Connecting
    Case(
        "silent first address",
        answer_well,
        Expected((SUCCESS,), seconds=ADDRESS_SECONDS + GRACE_SECONDS),
        host=SILENT,
        allowed=(Deviation((GIVEN,), FINE, (BLOCKING,), "bound: httpx tries one address after the other"),),
    ),
    Case(
        "name that takes 6 s to look up",
        answer_well,
        # The next call may still wait for the same name.
        Expected((UNSENT, PROXY_FAILED), next=(SUCCESS, UNSENT, PROXY_FAILED)),
        host=SLOW,
        allowed=(
            Deviation(
                (GIVEN,),
                Expected((UNSENT, TIMEOUT), seconds=LOOKUP_SECONDS + GRACE_SECONDS),
                (BLOCKING,),
                "bound: nothing ends a look-up of httpx",
            ),
        ),
    ),
    Case("IPv6", answer_well, FINE, host=IPV6_HOST),
    Case("TLS that is silent", does.silent_tls, UNREACHED, is_secure=True),
    Case("TLS that drips", does.drip_tls, UNREACHED, is_secure=True),
    Case("TLS with a wrong name", does.wrong_name, UNTRUSTED, is_secure=True),
    Case("TLS of an unknown authority", does.unknown_authority, UNTRUSTED, is_secure=True),
)
