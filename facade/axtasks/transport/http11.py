"""One exchange of HTTP/1.1 as h11 writes and reads it, the same whoever carries the bytes. No I/O."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import h11

from axtasks.config.endpoint import parse_address
from axtasks.errors import InvalidArgumentError

from .body import BodyDecoder
from .errors import ProtocolError
from .models import MOST_BESIDE_A_BYTE, MOST_HEAD_BYTES, Response, join_headers, most_body_bytes, request_headers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from axtasks_api.operation import PreparedRequest

    from axtasks.config.endpoint import Address
    from axtasks.config.proxy import Proxy
    from axtasks.config.settings import Settings

PIECE_BYTES = 65_536
LONGEST_TARGET = 65_536
LONGEST_MESSAGE = 300
MOST_HEADS_KEPT = 64
# Methods that have a body by their meaning, so that its absence has to be told.
_WITH_BODY = ("PATCH", "POST", "PUT")
# Characters that no URL has; the paths of callers may.
_NEVER_IN_URLS = str.maketrans({character: f"%{ord(character):02X}" for character in '"<>`{}'})
_SWITCHING = 101
_END = h11.EndOfMessage()
_BOTH_DONE = {h11.CLIENT: h11.DONE, h11.SERVER: h11.DONE}


class RequestWriter:
    """Turns the requests of one client into those of h11, with the API key; a proxy is named if they are sent to it."""

    def __init__(self, settings: Settings, proxy: Proxy | None = None) -> None:
        self._settings = settings
        self._prefix = "" if proxy is None else settings.base_url
        self._headers = [
            ("Host", parse_address(settings.base_url).authority),
            ("Connection", "keep-alive"),
            *(proxy.headers if proxy else ()),
        ]
        # h11 checks each header again: a tenth of a small call, and who polls sends the same request again and again.
        self._head = lru_cache(MOST_HEADS_KEPT)(self._make_head)

    def request(self, request: PreparedRequest, content: bytes | None) -> h11.Request:
        """Return the head of a request; raise InvalidArgumentError if something in it cannot be sent."""
        length = str(len(content or b"")) if content is not None or request.method in _WITH_BODY else None
        try:
            target = _target(request)
            return self._head(request.method, self._prefix + target, length, has_content=content is not None)
        except (ValueError, h11.LocalProtocolError) as error:
            flaw = f"{type(error).__name__}: {error}"
        raise InvalidArgumentError(f"{request.operation_id} cannot be sent: {flaw}")

    def _make_head(self, method: str, target: str, length: str | None, *, has_content: bool) -> h11.Request:
        headers = [*self._headers, *request_headers(self._settings, has_content=has_content).items()]
        if length is not None:
            headers.append(("Content-Length", length))
        return h11.Request(method=method, target=target, headers=headers)


def tunnel_request(address: Address, proxy: Proxy) -> h11.Request:
    """Return the head of a request to a proxy to connect to a server (RFC 9110, CONNECT)."""
    name = f"[{address.host}]" if ":" in address.host else address.host
    target = f"{name}:{address.port}"
    return h11.Request(method="CONNECT", target=target, headers=[("Host", target), *proxy.headers])


class Exchange:
    """One request and its response, of which the unpacked body may have `most_bytes`.

    Attributes:
        is_complete: True once all of the response is here.
        is_reusable: True if the connection can carry another exchange after this one.
    """

    def __init__(self, request: h11.Request, content: bytes | None, *, most_bytes: int) -> None:
        self.is_complete = False
        self.is_reusable = False
        self._request = request
        self._content = content or b""
        self._most = most_bytes
        # How many bytes may still come that are not of the body: heads, chunk sizes and their extensions, trailers.
        self._beside = MOST_HEAD_BYTES
        self._head: Response | None = None
        # Made with the head.
        self._body: BodyDecoder
        self._protocol = h11.Connection(h11.CLIENT, max_incomplete_event_size=MOST_HEAD_BYTES)

    @property
    def has_begun(self) -> bool:
        """True once the head of the response is here."""
        return self._head is not None

    def pieces(self) -> Iterator[bytes]:
        """Yield the bytes of the request in pieces; the head goes out with the first piece of the body."""
        send = self._protocol.send
        data = send(self._request) or b""
        for start in range(0, len(self._content), PIECE_BYTES):
            yield data + (send(h11.Data(self._content[start : start + PIECE_BYTES])) or b"")
            data = b""
        data += send(_END) or b""
        if data:
            yield data

    def receive(self, data: bytes) -> None:
        """Take the next bytes of the response; none where the server has closed the connection.

        Raises:
            ProtocolError: this is not HTTP, or too much of it is not of the body.
            BodyError: the body cannot be unpacked.
            BodyTooLargeError: the body has more bytes than the limit.
        """
        if not data and self._head is None and not self._protocol.trailing_data[0]:
            raise ProtocolError("the connection ended without an answer")
        try:
            self._protocol.receive_data(data)
            self._read()
        except h11.ProtocolError as error:
            raise ProtocolError(_shortened(error)) from error
        self._beside -= len(data)
        if self._beside < 0 and not self.is_complete:
            raise ProtocolError("what comes beside the body is too long")

    def response(self) -> Response:
        """Return the response, with as much of its body as is here; raise ProtocolError if not even its head is."""
        if self._head is None:
            raise ProtocolError("there is no answer yet")
        return Response(self._head.status_code, self._head.headers, self._body.received())

    def _read(self) -> None:
        """Read all events that are here."""
        protocol = self._protocol
        while not self.is_complete:
            event = protocol.next_event()
            if event is h11.NEED_DATA:
                return
            if event is h11.PAUSED:
                # A tunnel is open, and the server may not have spoken first.
                self.is_complete, self.is_reusable = True, protocol.trailing_data == (b"", False)
                return
            if isinstance(event, h11.Data):
                self._beside += len(event.data) * (1 + MOST_BESIDE_A_BYTE)
                self._body.add(bytes(event.data))
            elif isinstance(event, h11.Response):
                headers = join_headers(event.headers)
                self._head = Response(event.status_code, headers, b"")
                most = most_body_bytes(event.status_code, self._most)
                self._body = BodyDecoder(headers.get("content-encoding", ""), most_bytes=most)
            elif isinstance(event, h11.EndOfMessage):
                self._body.whole()
                self.is_complete = True
                # Data after the end was not asked for, so the connection cannot be trusted with another exchange.
                self.is_reusable = protocol.states == _BOTH_DONE and protocol.trailing_data == (b"", False)
            elif not isinstance(event, h11.InformationalResponse) or event.status_code == _SWITCHING:
                raise ProtocolError("the server speaks another protocol from here on")


def _target(request: PreparedRequest) -> str:
    path = request.path.translate(_NEVER_IN_URLS)
    target = f"{path}?{urlencode(request.query)}" if request.query else path
    if not path.startswith("/") or len(target) > LONGEST_TARGET:
        raise ValueError("its address is no path, or too long")
    return target


def _shortened(error: h11.ProtocolError) -> str:
    """Return the message, without what it quotes where that is long: half a key is not recognized as the key."""
    text = str(error)
    return text if len(text) <= LONGEST_MESSAGE else text.partition(":")[0]
