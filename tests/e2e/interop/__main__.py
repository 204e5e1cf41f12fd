"""Tells the whole story with our clients and the vendor's: `python -m tests.e2e.interop CONTRACT FOLDER`.

FOLDER is the environment in which the vendor's, of the contract's time and unpatched, are installed. The mock is served
by its command, by that contract; each teller has a fresh one.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from axtasks.contract.dialect import BETA, DOCUMENTS

from tests.e2e.interop import command, facade, story

if TYPE_CHECKING:
    from collections.abc import Iterator

    from axtasks.contract.dialect import Contract, ContractChoice

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


def main(contract: Contract, folder: Path) -> int:
    """Tell it all; 0 when it went as it should."""
    choices: tuple[ContractChoice, ...] = (contract, "auto")
    for given in choices:
        for awaits in (False, True):
            with served(contract) as url:
                facade.tell(url, given, contract, awaits=awaits)
    with served(contract) as url:
        told = [str(folder / "bin" / "python"), "-m", "tests.e2e.interop.sdk", url, contract]
        sdk = subprocess.run(told, check=False)
    if sdk.returncode:
        return sdk.returncode
    with served(contract) as url, tempfile.TemporaryDirectory() as home:
        command.tell(command.CommandLine(folder / "bin" / "ax", Path(home), url), contract)
    return 0


if __name__ == "__main__":
    sys.exit(main(DOCUMENTS if sys.argv[1] == DOCUMENTS else BETA, Path(sys.argv[2]).absolute()))
