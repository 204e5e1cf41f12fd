"""`ax mock serve` as a process of its own."""

from __future__ import annotations

import importlib.util
import re
import signal
import socket
import subprocess
import sys
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest
from axtasks.extras import install_command
from axtasks.mock.cli import serve as cli
from click import ClickException
from click.testing import CliRunner

if TYPE_CHECKING:
    from types import FrameType

    from _typeshed import TraceFunction

COMMAND = [sys.executable, "-c", "from axtasks.mock.cli.serve import group; group()", "serve"]


@pytest.mark.programs
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["terminate", "interrupt"])
def test_serve_until_told_to_stop(number: signal.Signals) -> None:
    """It prints its address, responds there, and ends with status 0 on a signal."""
    process = subprocess.Popen([*COMMAND, "--port", "0"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    with process:
        assert process.stdout is not None
        assert process.stderr is not None
        line = process.stdout.readline()
        found = re.fullmatch(r"Listening on (http://127\.0\.0\.1:[1-9]\d*)\n", line)
        assert found, line + process.stderr.read()
        request = Request(f"{found[1]}/v2/tasks", headers={"Authorization": "Bearer key"})  # noqa: S310  # loopback
        with urlopen(request, timeout=10) as answer:  # noqa: S310  # loopback
            assert answer.status == 200
        process.send_signal(number)
        rest, errors = process.communicate(timeout=20)

    assert (process.returncode, rest, errors) == (0, "", "")


class ShortLivedServer:
    """A server that stops by itself once it was asked three times whether it listens."""

    def __init__(self) -> None:
        self.times = 0

    @property
    def is_listening(self) -> bool:
        """True for the first three times."""
        self.times += 1
        return self.times <= 3


def test_a_signal_ends_the_wait_whenever_it_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its handler runs between two instructions of the wait, so the wait may hold no lock that the handler takes."""
    monkeypatch.setattr(cli, "CHECK_SECONDS", 0.001)

    def wait(instruction: int) -> int:
        """Wait, with a signal before one of the instructions of the wait; return the signal that ended it."""
        passed = 0

        def trace(frame: FrameType, event: str, _: object) -> TraceFunction:
            nonlocal passed
            frame.f_trace_opcodes = True
            if event == "opcode":
                passed += 1
                if passed == instruction:
                    signal.raise_signal(signal.SIGTERM)
            return trace

        server: Any = ShortLivedServer()
        with cli._stop_signals() as stops:
            # Python 3.12 traces instructions only if a frame asks for them before the tracing begins.
            sys._getframe().f_trace_opcodes = True
            sys.settrace(trace)
            try:
                return cli._wait(stops, server)
            finally:
                sys.settrace(None)

    ends: list[int] = []
    with pytest.raises(ClickException, match="stopped by itself"):
        ends.extend(wait(instruction) for instruction in count(1))
    assert set(ends) == {signal.SIGTERM}
    assert len(ends) > 20


def test_a_taken_port() -> None:
    """A port in use is an error of one line."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])

        result = CliRunner().invoke(cli.group, ["serve", "--port", port])

    assert result.exit_code == 1
    assert f"cannot listen on 127.0.0.1:{port}" in result.output


@pytest.mark.programs
def test_an_address_that_cannot_be_printed_is_an_error() -> None:
    """If the address cannot be printed, the command fails with an error of standard output."""
    program = [sys.executable, "-c", "from axtasks.cli import main; main()", "mock", "serve", "--port", "0"]
    with Path("/dev/full").open("wb") as full:
        result = subprocess.run(program, stdout=full, stderr=subprocess.PIPE, timeout=60, check=False)

    assert result.returncode == 5
    assert result.stderr == b"Error: cannot write to standard output: No space left on device\n"


@pytest.mark.parametrize(
    "option",
    [
        ["--port", "70000"],
        ["--run-seconds", "-1"],
        ["--run-seconds", "soon"],
        ["--run-seconds", "nan"],
        ["--latency", "nan"],
        ["--latency", "inf"],
        ["--chaos", "nan"],
    ],
    ids=" ".join,
)
def test_impossible_options(option: list[str]) -> None:
    """Options out of range are usage errors."""
    assert CliRunner().invoke(cli.group, ["serve", *option]).exit_code == 2


def test_missing_libraries(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extra the command says what to install, and from where."""
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "uvicorn" else object())

    result = CliRunner().invoke(cli.group, ["serve"])

    assert result.exit_code == 1
    assert f"the mock server needs uvicorn: {install_command('mock')}\n" in result.output


@pytest.mark.parametrize("arguments", [["--help"], ["serve", "--help"]], ids=" ".join)
def test_help(arguments: list[str]) -> None:
    """The group and its command have help."""
    result = CliRunner().invoke(cli.group, arguments)

    assert result.exit_code == 0
    assert "mock" in result.output


@pytest.mark.parametrize(
    ("options", "said"),
    [
        pytest.param(["--lifecycle", "sometimes"], "a lifecycle is", id="no lifecycle"),
        pytest.param(["--lifecycle", "reads:2 lost"], "a run ends as one of", id="no end"),
        pytest.param(["--lifecycle", "manual", "--run-seconds", "1"], "give one of them", id="two of one kind"),
    ],
)
def test_invalid_lifecycles(options: list[str], said: str) -> None:
    """Invalid lifecycles are usage errors that say what is wrong."""
    finished = CliRunner().invoke(cli.group, ["serve", "--port", "0", *options])

    assert finished.exit_code == 2
    assert said in finished.stderr


@pytest.mark.programs
def test_more_connections_than_files() -> None:
    """It reports once that connections have to wait, and responds when others are closed."""
    program = ["sh", "-c", 'ulimit -n 40; exec "$@"', "sh", *COMMAND, "--port", "0"]
    with subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = process.stdout.readline().removeprefix("Listening on ").strip()
        address = urlsplit(url)
        with ExitStack() as stack:
            for _ in range(60):
                stack.enter_context(socket.create_connection((address.hostname, address.port), timeout=10))
            assert process.stderr is not None
            first = process.stderr.readline()
        with urlopen(f"{url}/__mock/health", timeout=20) as answer:  # noqa: S310  # loopback
            assert answer.status == 200
        process.terminate()
        _, rest = process.communicate(timeout=20)

    assert (first, rest) == ("too many open files: further connections wait until others are closed\n", "")


@pytest.mark.parametrize("text", ["localhost:3000", "http://localhost:3000/app", "ftp://x", "http://"])
def test_texts_that_are_no_origin(text: str) -> None:
    """Texts that are no origin are usage errors that say what an origin is."""
    finished = CliRunner().invoke(cli.group, ["serve", "--port", "0", "--cors", text])

    assert finished.exit_code == 2
    assert "an origin is scheme://host:port" in finished.stderr
