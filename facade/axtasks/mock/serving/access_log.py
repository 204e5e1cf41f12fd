"""A line for every request: what was asked, what came of it, how long it took, and the identifier to find it by."""

from __future__ import annotations

import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import quote

from axtasks.mock.messages import Ending
from axtasks.mock.mock import Mock
from axtasks.mock.problems import PATH_CHARACTERS

if TYPE_CHECKING:
    from axtasks.mock.messages import MockRequest, MockResponse


class LoggedMock(Mock):
    """A mock that writes a line on stderr for every request.

    Neither the query nor headers nor bodies are in it, so that nothing secret can be.
    """

    def handle(self, request: MockRequest) -> MockResponse:
        """The answer to a request."""
        start = time.perf_counter()
        response = super().handle(request)
        with suppress(OSError):  # nobody reads the lines any more, as with `2>&1 | head`
            sys.stderr.write(f"{line(request, response, (time.perf_counter() - start) * 1000)}\n")
            sys.stderr.flush()
        return response


def line(request: MockRequest, response: MockResponse, milliseconds: float) -> str:
    """Return the line for a request; the status 000 stands for a connection that ends without a response."""
    method = request.method if request.method.isalpha() else "?"
    path = quote(request.path, safe=PATH_CHARACTERS)
    identifier = response.header("X-Request-Id") or "-"
    status = 0 if response.delivery.ending_for(response.body) is Ending.DROPPED else response.status
    return f"{method} {path} {status:03d} {milliseconds:.1f}ms {identifier}"
