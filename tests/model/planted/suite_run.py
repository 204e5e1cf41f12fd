"""Whether tests find a planted bug: they run against a copy of the code that has it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from typing import TYPE_CHECKING, NamedTuple

from .bug import CODE, ROOT

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

# Those that see most of the code come first, so that a bug is soon found. Whether bugs still fit is no property.
NO_SHRINK = ("-p", "tests.model.planted.no_shrink")
_QUICK = ("names", "windows", "cursors", "evaluator_lists", "lost_writes")
_FIRST = tuple(f"test_{name}.py" for name in (*_QUICK, "model", "request_sequences", "operations", "stateful_links"))
_FILES = {path.name: f"tests/model/{path.name}" for path in sorted((ROOT / "tests" / "model").glob("test_*.py"))}
PROPERTY_TESTS = (
    *(_FILES.pop(name) for name in _FIRST),
    *(file for name, file in _FILES.items() if name != "test_planted_bugs.py"),
    *NO_SHRINK,
)
# Those that hold the ways to the mock against each other.
DOOR_TESTS = (
    "tests/mock/serving/test_doors.py",
    "tests/mock/serving/test_connections.py",
    "tests/mock/serving/test_asgi.py",
)
# The rest of the suite, by what the bug is in; tests that start programs at length come last or not at all.
MOCK_TESTS = (
    "tests/mock",
    "tests/testing",
    "tests/unit",
    "--ignore=tests/e2e/browser",
    "--ignore=tests/e2e/interop",
)
CLIENT_TESTS = ("tests/unit", "tests/model/chaos", "tests/cli")
MOST_SECONDS = 900
# Plugins that tests of other kinds need not wait for.
FEWER_PLUGINS = tuple(
    part for name in ("schemathesis", "hypothesispytest", "anyio", "xdist") for part in ("-p", f"no:{name}")
)
PASSED, FAILED = 0, 1
_FAILING_TEST = re.compile(r"^(?:FAILED|ERROR) (.+?)(?: - .*)?$", re.MULTILINE)
_WHERE = "import axtasks, axtasks_api; print(axtasks.__file__); print(axtasks_api.__file__)"


class SuiteRunError(Exception):
    """The tests said nothing about the bug, as they did not run as they should."""


class SuiteRun(NamedTuple):
    """How a run of tests went.

    Attributes:
        culprit: the first test that failed; None where all passed, or time was over.
        seconds: how long it took.
    """

    failing_test: str | None
    seconds: float


def environment(copy: Path) -> dict[str, str]:
    """The environment in which the copy is imported instead of the code in the tree.

    Args:
        copy: a folder with a copy of the code.
    """
    return {**os.environ, "PYTHONPATH": os.pathsep.join(str(copy / name) for name in CODE)}


def check_imported(copy: Path) -> None:
    """Nothing, once it is sure that tests import the copy.

    Args:
        copy: a folder with a copy of the code.

    Raises:
        HuntError: they would import something else.
    """
    command = [sys.executable, "-c", _WHERE]
    done = subprocess.run(command, cwd=ROOT, env=environment(copy), capture_output=True, text=True, check=True)
    for found in done.stdout.split():
        if not found.startswith(f"{copy}{os.sep}"):
            raise SuiteRunError(f"{found} would be imported rather than what is in {copy}")


def run_suite(copy: Path, tests: Sequence[str], *, most_seconds: float = MOST_SECONDS) -> SuiteRun:
    """How these tests go with a copy of the code; they stop at the first that fails.

    Args:
        copy: a folder with a copy of the code.
        tests: folders and options of pytest.
        most_seconds: how long they may take.

    Raises:
        HuntError: pytest did not get as far as running tests.
    """
    started = time.monotonic()
    command = [sys.executable, "-m", "pytest", "-x", "-q", "--no-header", "--tb=no", "-p", "no:cacheprovider", *tests]
    try:
        done = subprocess.run(
            command, cwd=ROOT, env=environment(copy), capture_output=True, text=True, check=False, timeout=most_seconds
        )
    except subprocess.TimeoutExpired:
        return SuiteRun(None, time.monotonic() - started)
    taken = time.monotonic() - started
    if done.returncode == PASSED:
        return SuiteRun(None, taken)
    failing_test = _FAILING_TEST.search(done.stdout)
    if done.returncode != FAILED or failing_test is None:
        raise SuiteRunError(f"pytest ended with {done.returncode}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return SuiteRun(failing_test[1], taken)
