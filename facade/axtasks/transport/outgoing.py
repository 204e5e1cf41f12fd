"""Encode requests as HTTP/1.1. No I/O."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from axtasks.config.endpoint import parse_address
from axtasks.errors import InvalidArgumentError

from .body import ACCEPTED_ENCODING
from .models import ACCEPTED, JSON

if TYPE_CHECKING:
    from axtasks_api_beta.operation import PreparedRequest

    from axtasks.config.settings import Settings

LONGEST_TARGET = 65_536
# Methods that have a body by their meaning, so that its absence needs a Content-Length.
_WITH_BODY = ("PATCH", "POST", "PUT")
_METHOD = re.compile(r"[A-Za-z]+")
_TARGET = re.compile(r"/[!-~]*")
# Characters that no URL has; the paths of callers may.
_NEVER_IN_URLS = str.maketrans({character: f"%{ord(character):02X}" for character in '"<>`{}'})


class Writer:
    """Encodes the requests of one client."""

    def __init__(self, settings: Settings) -> None:
        address = parse_address(settings.base_url)
        self._key = settings.api_key
        self._fixed = (
            f" HTTP/1.1\r\nHost: {address.authority}\r\nConnection: keep-alive\r\naccept: {ACCEPTED}\r\n"
            f"accept-encoding: {ACCEPTED_ENCODING}\r\nuser-agent: {settings.user_agent}\r\n"
        )

    def written(self, request: PreparedRequest, content: bytes | None) -> bytes:
        """Return a request as bytes, with the key.

        Raises:
            InvalidArgumentError: something in it cannot be sent.
        """
        flaw = ""
        target = ""
        try:
            target = _target(request)
        except UnicodeError as error:
            flaw = f"{type(error).__name__}: {error}"
        if len(target) > LONGEST_TARGET:
            flaw = "its address is too long"
        elif not flaw and (_TARGET.fullmatch(target) is None or _METHOD.fullmatch(request.method) is None):
            flaw = "its method or path has a character that is illegal there"
        if flaw:
            raise InvalidArgumentError(f"{request.operation_id} cannot be sent: {flaw}")
        about = ""
        if content is not None:
            about = f"content-type: {JSON}\r\nContent-Length: {len(content)}\r\n"
        elif request.method in _WITH_BODY:
            about = "Content-Length: 0\r\n"
        head = f"{request.method} {target}{self._fixed}{about}authorization: Bearer {self._key.reveal()}\r\n\r\n"
        return head.encode("ascii") + (content or b"")


def _target(request: PreparedRequest) -> str:
    path = request.path.translate(_NEVER_IN_URLS)
    return f"{path}?{urlencode(request.query)}" if request.query else path
