"""The command group `ax mock`. The server and what it needs are imported when a command runs, not before."""

from __future__ import annotations

import importlib.util
import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

    from .server import MockServer

NEEDED = ("jsonschema_rs", "starlette", "uvicorn")
DEFAULT_PORT = 8765
LOOK_SECONDS = 1.0


@click.group(name="mock")
def group() -> None:
    """Run a mock of the Tasks API, for work without an account or a network."""


@group.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=DEFAULT_PORT,
    show_default=True,
    help="Port to listen on; 0 picks a free one.",
)
@click.option(
    "--run-seconds",
    type=click.FloatRange(0, 1_000_000_000),
    default=2.0,
    show_default=True,
    help="How long a run takes from being triggered to being completed.",
)
def serve(host: str, port: int, run_seconds: float) -> None:
    """Serve the mock until it is interrupted.

    Prints where it listens once it accepts connections. State is kept in memory; POST /__mock/reset starts over.
    """
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        raise click.ClickException(f"the mock server needs {', '.join(missing)}: pip install 'ax-tasks[mock]'")
    from .server import MockServer  # only this command needs the server

    try:
        with _stop_signals() as stop, MockServer(host=host, port=port, run_seconds=run_seconds) as server:
            click.echo(f"Listening on {server.url}")
            _wait(stop, server)
    except OSError as error:
        raise click.ClickException(f"cannot listen on {host}:{port}: {error.strerror or error}") from error


def _wait(stop: threading.Event, server: MockServer) -> None:
    while not stop.wait(LOOK_SECONDS):
        if not server.is_listening:
            raise click.ClickException("the server stopped by itself")


@contextmanager
def _stop_signals() -> Iterator[threading.Event]:
    """An event that is set by an interrupt or a request to terminate."""
    stop = threading.Event()

    def handle(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    before = {number: signal.signal(number, handle) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
