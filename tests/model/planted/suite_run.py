"""Runs of the test suite against a copy of the code with a planted bug."""

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

# The tests that cover most of the code run first, to find bugs soon. `test_planted_bugs.py` tests no property.
NO_SHRINK = ("-p", "tests.model.planted.no_shrink")
_QUICK = ("names", "windows", "cursors", "evaluator_lists", "lost_writes")
_FIRST = tuple(f"test_{name}.py" for name in (*_QUICK, "model", "request_sequences", "operations", "stateful_links"))
_FILES = {path.name: f"tests/model/{path.name}" for path in sorted((ROOT / "tests" / "model").glob("test_*.py"))}
PROPERTY_TESTS = (
    *(_FILES.pop(name) for name in _FIRST),
    *(file for name, file in _FILES.items() if name != "test_planted_bugs.py"),
    *NO_SHRINK,
)
# The tests that compare the ways to the mock.
DOOR_TESTS = (
    "tests/mock/serving/test_doors.py",
    "tests/mock/serving/test_connections.py",
    "tests/mock/serving/test_asgi.py",
)
# The rest of the suite, by the part with the bug; slow tests that start programs run last or not at all.
MOCK_TESTS = (
    "tests/mock",
    "tests/testing",
    "tests/unit",
    "--ignore=tests/e2e/browser",
    "--ignore=tests/e2e/interop",
)
CLIENT_TESTS = ("tests/unit", "tests/model/chaos", "tests/cli")
MOST_SECONDS = 900
# Plugins that only property-based tests need.
FEWER_PLUGINS = tuple(
    part for name in ("schemathesis", "hypothesispytest", "anyio", "xdist") for part in ("-p", f"no:{name}")
)
PASSED, FAILED = 0, 1
_FAILING_TEST = re.compile(r"^(?:FAILED|ERROR) (.+?)(?: - .*)?$", re.MULTILINE)
_WHERE = "import axtasks, axtasks_api; print(axtasks.__file__); print(axtasks_api.__file__)"


class SuiteRunError(Exception):
    """Raised when pytest did not run the tests as expected, so that they say nothing about the bug."""


class SuiteRun(NamedTuple):
    """The result of a test run.

    Attributes:
        failing_test: the first test that failed; None if all passed or the time was over.
        seconds: the duration.
    """

    failing_test: str | None
    seconds: float


def environment(copy: Path) -> dict[str, str]:
    """Return the environment in which Python imports the copy instead of the working tree.

    Args:
        copy: a folder with a copy of the code.
    """
    return {**os.environ, "PYTHONPATH": os.pathsep.join(str(copy / name) for name in CODE)}


def check_imported(copy: Path) -> None:
    """Check that the tests would import the copy.

    Args:
        copy: a folder with a copy of the code.

    Raises:
        SuiteRunError: they would import something else.
    """
    command = [sys.executable, "-c", _WHERE]
    done = subprocess.run(command, cwd=ROOT, env=environment(copy), capture_output=True, text=True, check=True)
    for found in done.stdout.split():
        if not found.startswith(f"{copy}{os.sep}"):
            raise SuiteRunError(f"{found} would be imported rather than what is in {copy}")


def run_suite(copy: Path, tests: Sequence[str], *, most_seconds: float = MOST_SECONDS) -> SuiteRun:
    """Run tests against a copy of the code, up to the first failure.

    Args:
        copy: a folder with a copy of the code.
        tests: folders, files and options of pytest.
        most_seconds: the time limit.

    Raises:
        SuiteRunError: pytest could not run the tests.
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
