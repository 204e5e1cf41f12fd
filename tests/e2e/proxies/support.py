"""Scenario for a route through a proxy: trigger a run and wait for it, and try to reset the mock."""

from __future__ import annotations

import subprocess
from contextlib import contextmanager
from dataclasses import dataclass
from socket import create_connection, create_server
from time import monotonic, sleep
from typing import TYPE_CHECKING

import httpx
import trustme
from axtasks import AxClient

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HOST = "127.0.0.1"
FORBIDDEN = 403
START_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """The final status of the run, and the HTTP status of a reset of the mock."""

    run: str
    reset_status: int

    @property
    def is_right(self) -> bool:
        """True if the run completed and the reset was refused."""
        return self.run == "completed" and self.reset_status == FORBIDDEN


def free_port() -> int:
    """Return a port that nothing listens on."""
    with create_server((HOST, 0)) as probe:
        return int(probe.getsockname()[1])


def write_certificates(folder: Path) -> None:
    """Write `ca.pem`, and `chain.pem` with `key.pem` of a server on this machine with a certificate by that CA."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    certificate = authority.issue_cert(HOST)
    certificate.private_key_pem.write_to_path(str(folder / "key.pem"))
    for part in certificate.cert_chain_pems:
        part.write_to_path(str(folder / "chain.pem"), append=True)


@contextmanager
def program(*command: str, port: int) -> Iterator[None]:
    """Run a program while the block lasts, which begins once the program listens on the port.

    Raises:
        RuntimeError: It ended, or did not listen within 30 seconds.
    """
    with subprocess.Popen(command) as process:
        try:
            until = monotonic() + START_SECONDS
            while not _listens(port):
                if process.poll() is not None or monotonic() > until:
                    raise RuntimeError(f"{command[0]} does not listen on port {port}")
                sleep(0.05)
            yield
        finally:
            process.terminate()


def run_scenario(url: str, ca_file: Path | None) -> Outcome:
    """Try to reset the mock, then trigger a task and wait for its run, through the proxies of the environment."""
    with httpx.Client(verify=str(ca_file) if ca_file else True) as http:
        reset_status = http.post(f"{url}/__mock/reset").status_code
    with AxClient(api_key="any-key", base_url=url, ca_file=ca_file, space="demo") as ax:
        run = ax.tasks.trigger_run("Golden Set Review")
        return Outcome(str(ax.tasks.wait_for_run(run.id).status), reset_status)


def _listens(port: int) -> bool:
    """Return true if a program listens on a port of this machine."""
    try:
        create_connection((HOST, port), timeout=1).close()
    except OSError:
        return False
    return True
