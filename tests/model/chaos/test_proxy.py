"""The disturbances of the proxy, byte by byte."""

from __future__ import annotations

import socket
import time
from contextlib import contextmanager
from queue import SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING

import pytest

from tests.model.chaos.proxy import HOST, Action, Disturbance, Proxy, Side

if TYPE_CHECKING:
    from collections.abc import Iterator

ASKED = b"request: 12\n"
ANSWERED = b"response\n"
PATIENCE_SECONDS = 20
PAUSE_SECONDS = 0.01


class LineServer:
    """A server that responds to each line, one connection after another.

    Attributes:
        url: the URL of the server.
        ended: the bytes and the ending of each connection.
    """

    def __init__(self) -> None:
        self._listener = socket.create_server((HOST, 0))
        self.url = f"http://{HOST}:{self._listener.getsockname()[1]}"
        self.ended: SimpleQueue[tuple[bytes, str]] = SimpleQueue()
        self._thread = Thread(target=self._serve)

    def __enter__(self) -> LineServer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        # Closing alone does not end the wait for a connection.
        self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._listener.close()

    def _serve(self) -> None:
        while True:
            try:
                link, _ = self._listener.accept()
            except OSError:
                return
            with link:
                self._respond(link)

    def _respond(self, link: socket.socket) -> None:
        data, ending = b"", "end"
        try:
            while piece := link.recv(1024):
                link.sendall(ANSWERED * piece.count(b"\n"))
                data += piece
        except OSError:
            ending = "reset"
        self.ended.put((data, ending))

    def result(self) -> tuple[bytes, str]:
        """Return the bytes and the ending of a connection."""
        return self.ended.get(timeout=PATIENCE_SECONDS)


@contextmanager
def proxied() -> Iterator[tuple[LineServer, Proxy]]:
    """Provide a server and a proxy before it."""
    with LineServer() as server, Proxy(server.url) as proxy:
        yield server, proxy


@contextmanager
def connected(proxy: Proxy) -> Iterator[socket.socket]:
    """Provide a connection to a proxy."""
    host, _, port = proxy.url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=PATIENCE_SECONDS) as link:
        yield link


def received(link: socket.socket, most: int = 1024) -> tuple[bytes, str]:
    """Return the received bytes, up to a limit, and the ending."""
    data = b""
    try:
        while len(data) < most:
            piece = link.recv(most - len(data))
            if not piece:
                return data, "end"
            data += piece
    except ConnectionResetError:
        return data, "reset"
    return data, "open"


def test_nothing_is_disturbed_unless_it_is_armed() -> None:
    """Both sides and their ends are forwarded."""
    with proxied() as (server, proxy), connected(proxy) as link:
        link.sendall(ASKED * 2)
        link.shutdown(socket.SHUT_WR)
        got = received(link)

    assert got == (ANSWERED * 2, "end")
    assert server.result() == (ASKED * 2, "end")


@pytest.mark.parametrize("at", range(len(ANSWERED) + 1))
@pytest.mark.parametrize(
    ("action", "ending"), [(Action.CLOSE, "end"), (Action.HALF_CLOSE, "end"), (Action.RESET, "reset")]
)
def test_a_response_is_cut(action: Action, ending: str, at: int) -> None:
    """The client gets so many bytes; the server has got the whole request."""
    with proxied() as (server, proxy):
        disturbance = proxy.arm(Disturbance(Side.RESPONSE, at, action))
        with connected(proxy) as link:
            link.sendall(ASKED)
            got = received(link)

    data, ended = got
    assert ended == ending
    # A reset may overtake bytes that were sent before it.
    assert data == ANSWERED[:at] or (action is Action.RESET and ANSWERED[:at].startswith(data))
    assert server.result()[0] == ASKED
    assert disturbance.is_done


@pytest.mark.parametrize("at", range(len(ASKED)))
@pytest.mark.parametrize(
    ("action", "ending"), [(Action.CLOSE, "end"), (Action.HALF_CLOSE, "end"), (Action.RESET, "reset")]
)
def test_a_request_is_cut(action: Action, ending: str, at: int) -> None:
    """The server gets so many bytes, and the client no response."""
    with proxied() as (server, proxy), connected(proxy) as link:
        # A connection that is reset before the server has accepted it may never show there.
        link.sendall(ASKED)
        before = received(link, len(ANSWERED))
        proxy.arm(Disturbance(Side.REQUEST, at, action))
        link.sendall(ASKED)
        got = received(link)
        if action is Action.HALF_CLOSE:
            link.shutdown(socket.SHUT_WR)
        data, ended = server.result()

    assert before == (ANSWERED, "open")
    assert got == (b"", ending)
    assert ended == ending
    assert data == ASKED + ASKED[:at] or (action is Action.RESET and (ASKED + ASKED[:at]).startswith(data))


def test_a_side_that_is_half_closed_leaves_the_other_open() -> None:
    """The client has seen the end, and the server still gets its bytes."""
    with proxied() as (server, proxy):
        proxy.arm(Disturbance(Side.RESPONSE, 3, Action.HALF_CLOSE))
        with connected(proxy) as link:
            link.sendall(ASKED)
            got = received(link)
            link.sendall(b"more")

    assert got == (ANSWERED[:3], "end")
    assert server.result() == (ASKED + b"more", "end")


@pytest.mark.parametrize("action", [Action.DELAY, Action.THROTTLE])
@pytest.mark.parametrize("side", Side)
def test_a_side_is_slow(side: Side, action: Action) -> None:
    """All bytes arrive, after a pause before the rest or before each byte of it."""
    asked = time.monotonic()
    with proxied() as (server, proxy):
        proxy.arm(Disturbance(side, 4, action, seconds=PAUSE_SECONDS))
        with connected(proxy) as link:
            link.sendall(ASKED)
            got = received(link, len(ANSWERED))

    pauses = 1 if action is Action.DELAY else len({Side.REQUEST: ASKED, Side.RESPONSE: ANSWERED}[side]) - 4
    assert got == (ANSWERED, "open")
    assert server.result()[0] == ASKED
    assert time.monotonic() - asked >= pauses * PAUSE_SECONDS


def test_a_response_is_held_back_until_the_client_hangs_up() -> None:
    """The first bytes arrive, and then none. The connection to the server ends with the client's."""
    with proxied() as (server, proxy):
        proxy.arm(Disturbance(Side.RESPONSE, 4, Action.DELAY, seconds=PATIENCE_SECONDS))
        with connected(proxy) as link:
            link.sendall(ASKED)
            got = received(link, 4)
            link.settimeout(PAUSE_SECONDS)
            with pytest.raises(TimeoutError):
                link.recv(1)

    assert got == (ANSWERED[:4], "open")
    assert server.result() == (ASKED, "end")


@pytest.mark.parametrize("at", [0, 1, 4, len(ANSWERED)])
def test_a_response_is_sent_twice(at: int) -> None:
    """The bytes so far arrive again, then the rest."""
    with proxied() as (_, proxy):
        proxy.arm(Disturbance(Side.RESPONSE, at, Action.DUPLICATE))
        with connected(proxy) as link:
            link.sendall(ASKED)
            link.shutdown(socket.SHUT_WR)
            got = received(link)

    assert got == (ANSWERED[:at] + ANSWERED, "end")


def test_a_request_is_sent_twice() -> None:
    """The server gets it twice, and responds twice."""
    with proxied() as (server, proxy):
        proxy.arm(Disturbance(Side.REQUEST, len(ASKED), Action.DUPLICATE))
        with connected(proxy) as link:
            link.sendall(ASKED)
            got = received(link, 2 * len(ANSWERED))

    assert got == (ANSWERED * 2, "open")
    assert server.result() == (ASKED * 2, "end")


def test_only_the_chosen_request_is_disturbed() -> None:
    """Earlier requests are forwarded, on the same connection too; only the request's own bytes are counted."""
    with proxied() as (server, proxy):
        disturbance = proxy.arm(Disturbance(Side.RESPONSE, 2, Action.CLOSE), beginning=b"POST")
        with connected(proxy) as link:
            link.sendall(b"GET\n")
            before = received(link, len(ANSWERED))
            link.sendall(b"POST\n")
            got = received(link)

    assert before == (ANSWERED, "open")
    assert got == (ANSWERED[:2], "end")
    assert server.result()[0] == b"GET\nPOST\n"
    assert disturbance.received == {Side.REQUEST: b"POST\n", Side.RESPONSE: ANSWERED}


def test_an_absent_server_resets_the_connection() -> None:
    """The client's connection is reset."""
    with socket.socket() as silent:
        # A bound port without a listener.
        silent.bind((HOST, 0))
        url = f"http://{HOST}:{silent.getsockname()[1]}"
        # The reset may arrive while the connection is being made.
        with Proxy(url) as proxy, pytest.raises(ConnectionResetError), connected(proxy) as link:
            link.recv(1)
