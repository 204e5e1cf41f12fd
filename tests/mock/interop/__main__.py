"""Tells the whole story with the vendor's published clients, unpatched: `python -m tests.mock.interop FOLDER`.

FOLDER is the environment in which they are installed. The mock is served by its command, each teller has a fresh one.
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
def served() -> Iterator[str]:
    """Where a mock listens that is served by its command."""
    with subprocess.Popen([sys.executable, *SERVE], stdout=subprocess.PIPE, text=True) as server:
        try:
            first = server.stdout.readline() if server.stdout is not None else ""
            if not first.startswith(READY):
                raise SystemExit("the mock did not start")
            yield first.removeprefix(READY).strip()
        finally:
            server.terminate()


def main(folder: Path) -> int:
    """Tell it all; 0 when it went as it should."""
    with served() as url:
        sdk = subprocess.run([folder / "bin" / "python", "-m", "tests.mock.interop.sdk", url], check=False)
    if sdk.returncode:
        return sdk.returncode
    with served() as url, tempfile.TemporaryDirectory() as home:
        command.tell(command.CommandLine(folder / "bin" / "ax", Path(home), url))
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).absolute()))
