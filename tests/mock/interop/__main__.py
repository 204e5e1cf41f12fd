"""Tells the whole story with the vendor's published clients, unpatched: `python -m tests.mock.interop CONTRACT FOLDER`.

FOLDER is the environment in which those of the contract's time are installed. The mock is served by its command, by
that contract; each teller has a fresh one.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tests.mock.interop import command, story

if TYPE_CHECKING:
    from collections.abc import Iterator

SERVE = ("-c", "from axtasks.cli import main; main()", "mock", "serve", "--port", "0", "--lifecycle", story.LIFECYCLE)
READY = "Listening on "


@contextmanager
def served(contract: str) -> Iterator[str]:
    """Where a mock listens that is served by its command."""
    with subprocess.Popen(
        [sys.executable, *SERVE, "--contract", contract], stdout=subprocess.PIPE, text=True
    ) as server:
        try:
            first = server.stdout.readline() if server.stdout is not None else ""
            if not first.startswith(READY):
                raise SystemExit("the mock did not start")
            yield first.removeprefix(READY).strip()
        finally:
            server.terminate()


def main(contract: str, folder: Path) -> int:
    """Tell it all; 0 when it went as it should."""
    with served(contract) as url:
        told = [str(folder / "bin" / "python"), "-m", "tests.mock.interop.sdk", url, contract]
        sdk = subprocess.run(told, check=False)
    if sdk.returncode:
        return sdk.returncode
    with served(contract) as url, tempfile.TemporaryDirectory() as home:
        command.tell(command.CommandLine(folder / "bin" / "ax", Path(home), url), contract)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2]).absolute()))
