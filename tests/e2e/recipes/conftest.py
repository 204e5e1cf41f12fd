"""Fixtures of the schedulers' environment, with a Prefect server for all tests, on loopback alone.

`make test-recipes` installs it and runs these tests; the rest of the suite leaves them out.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.docs.pages import ROOT, page
from tests.docs.shell import VARIABLES, exports

if TYPE_CHECKING:
    from collections.abc import Iterator

PYTHON = ROOT / "build" / "recipes" / "bin" / "python"
QUIET = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_LOGGING_LEVEL": "ERROR",
    "DAGSTER_DISABLE_TELEMETRY": "1",
}
# The migrations of a fresh database take long.
STARTING_SECONDS = 240
HARNESS = f"""\
import sys
from prefect.settings import PREFECT_API_URL
from prefect.testing.utilities import prefect_test_harness
with prefect_test_harness(server_startup_timeout={STARTING_SECONDS}):
    print(PREFECT_API_URL.value(), flush=True)
    sys.stdin.read()
"""
# Imported by each Python in this environment: refuses and records connections to other machines.
WATCH = """\
import ipaddress, os, sys

def look(event, arguments):
    if event == "socket.getaddrinfo":
        host = arguments[0]
    elif event == "socket.connect" and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    else:
        return
    host = host.decode() if isinstance(host, bytes) else host
    try:
        is_here = host in {None, "", "localhost"} or ipaddress.ip_address(host).is_loopback
    except ValueError:
        is_here = False
    if not is_here:
        with open(os.environ["REFUSED"], "a") as file:
            print(host, file=file)
        raise ConnectionRefusedError(f"{host} is not this machine")

sys.addaudithook(look)
"""


@pytest.fixture(scope="session")
def schedulers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The environment variables of programs with Prefect and Dagster; no program may try to reach another machine."""
    assert PYTHON.exists(), "the schedulers are not installed: make test-recipes"
    home = tmp_path_factory.mktemp("home")
    (home / "sitecustomize.py").write_text(WATCH, encoding="utf-8")
    kept = {name: value for name, value in os.environ.items() if name not in VARIABLES}
    variables = {**kept, **QUIET, "HOME": str(home), "PREFECT_HOME": str(home), "REFUSED": str(home / "refused")}
    variables["PYTHONPATH"] = str(home)
    started = subprocess.Popen(
        [PYTHON, "-c", HARNESS],
        env=variables,
        cwd=home,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert started.stdout
    url = started.stdout.readline().strip()
    assert url.startswith("http://127.0.0.1:"), started.communicate()
    yield {**variables, "PREFECT_API_URL": url}
    started.communicate(timeout=60)
    refused = Path(variables["REFUSED"])
    assert not refused.exists(), refused.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def shown() -> dict[str, str]:
    """The variables that the first tutorial exports, without the host."""
    found: dict[str, str] = {}
    for block in page("tutorials/first-task").blocks:
        if block.kind == "sh":
            found |= exports(block.text)
    return {name: value for name, value in found.items() if name != "ARIZE_API_HOST"}
