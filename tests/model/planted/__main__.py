"""Plants each bug in a copy of the code, and reports the test that finds it.

    python -m tests.model.planted [ID …]

The property-based tests run first, or the door tests for a bug in a way to the mock, and then the rest of the suite if
no test has failed. The program fails if the property-based tests miss more than 2 of 25, or if no test finds a bug.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, NamedTuple

from .bug import PlantedBug, copy_code
from .catalogue import ALL
from .in_doors import IN_DOORS
from .suite_run import (
    CLIENT_TESTS,
    DOOR_TESTS,
    MOCK_TESTS,
    NO_SHRINK,
    PROPERTY_TESTS,
    SuiteRun,
    SuiteRunError,
    check_imported,
    run_suite,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

# The property-based tests alone must find 23 of 25 bugs. They do not use the doors, so bugs there do not count.
ENOUGH, OUT_OF = 23, 25


class Report(NamedTuple):
    """The result for one bug.

    Attributes:
        bug: the bug.
        first: the result of the property-based tests, or of the door tests for a bug in a door.
        rest: the result of the rest of the suite; None if a test failed before.
    """

    bug: PlantedBug
    first: SuiteRun
    rest: SuiteRun | None

    @property
    def is_in_a_door(self) -> bool:
        """True if the bug is in a way to the mock, which the property-based tests do not use."""
        return self.bug in IN_DOORS

    @property
    def is_found(self) -> bool:
        """True if any test found the bug."""
        return self.first.failing_test is not None or (self.rest is not None and self.rest.failing_test is not None)

    def __str__(self) -> str:
        seconds = self.first.seconds + (self.rest.seconds if self.rest else 0)
        by = self.first.failing_test or f"(the rest) {(self.rest and self.rest.failing_test) or 'NOTHING'}"
        verdict = "-" if self.is_in_a_door else "yes" if self.first.failing_test else "NO"
        return f"{self.bug.id:40} {verdict:4} {seconds:6.0f} s  {by.removeprefix('tests/model/')}"


def main(arguments: Sequence[str]) -> int:
    """Plant the bugs and print a table; return the exit code.

    Args:
        arguments: the command line.
    """
    parser = argparse.ArgumentParser(prog="python -m tests.model.planted", description=__doc__)
    parser.add_argument("ids", nargs="*", metavar="ID", help="bugs to plant; all by default")
    parser.add_argument("--jobs", type=int, default=1, help="the number of bugs to try at the same time")
    options = parser.parse_args(arguments)
    if unknown := set(options.ids) - {bug.id for bug in ALL}:
        parser.error(f"there is no bug called {', '.join(sorted(unknown))}")
    bugs = [bug for bug in ALL if not options.ids or bug.id in options.ids]
    with tempfile.TemporaryDirectory() as folder:
        copies = [Path(folder, str(number)).resolve() for number in range(options.jobs)]
        for copy in copies:
            copy_code(copy)
            check_imported(copy)
        return summary(try_all(bugs, copies))


def try_all(bugs: Sequence[PlantedBug], copies: Sequence[Path]) -> list[Report]:
    """Try all bugs, and print each result as it arrives.

    Args:
        bugs: the bugs to plant.
        copies: folders with copies of the code, each for one bug at a time.
    """
    passing: set[str] = set()
    free: SimpleQueue[Path] = SimpleQueue()
    for copy in copies:
        free.put(copy)

    def try_one(bug: PlantedBug) -> Report:
        copy = free.get()
        try:
            first = try_bug(bug, copy, DOOR_TESTS if bug in IN_DOORS else PROPERTY_TESTS, passing)
            others = MOCK_TESTS if bug.file.startswith("mock/") else CLIENT_TESTS
            report = Report(bug, first, None if first.failing_test else try_bug(bug, copy, others, passing))
        finally:
            free.put(copy)
        print(report, flush=True)
        return report

    print(f"{'bug':40} {'by properties':17} first test that fails")
    with ThreadPoolExecutor(len(copies)) as pool:
        return list(pool.map(try_one, bugs))


def try_bug(bug: PlantedBug, copy: Path, tests: Sequence[str], passing: set[str]) -> SuiteRun:
    """Run tests with a planted bug. A failing test must fail again with the bug, and pass without it.

    Args:
        bug: the bug to plant.
        copy: a folder with a copy of the code, without a bug before and after.
        tests: folders, files and options of pytest.
        passing: tests that are known to pass without a bug; this function adds to them.

    Raises:
        SuiteRunError: a test fails by chance, or also fails without the bug.
    """
    bug.plant(copy)
    try:
        found = run_suite(copy, tests)
        if found.failing_test and run_suite(copy, [*NO_SHRINK, found.failing_test]).failing_test is None:
            raise SuiteRunError(f"{found.failing_test} fails with {bug.id} by chance")
    finally:
        bug.remove(copy)
    if found.failing_test and found.failing_test not in passing:
        if run_suite(copy, [found.failing_test]).failing_test:
            raise SuiteRunError(f"{found.failing_test} fails without a bug as well as with {bug.id}")
        passing.add(found.failing_test)
    return found


def summary(reports: Sequence[Report]) -> int:
    """Print the totals, and return the exit code.

    Args:
        reports: the result for each bug.
    """
    in_doors = [report for report in reports if report.is_in_a_door]
    others = [report for report in reports if not report.is_in_a_door]
    by_doors, by_properties = (
        sum(each.first.failing_test is not None for each in group) for group in (in_doors, others)
    )
    found = sum(report.is_found for report in reports)
    print(f"\n{len(reports)} bugs, {found} found by the suite")
    print(f"{by_properties} of {len(others)} found by the property-based tests alone")
    print(f"{by_doors} of {len(in_doors)} in doors found by the door tests alone")
    for report in reports:
        if report.first.failing_test is None:
            kind = "doors" if report.is_in_a_door else "properties"
            print(f"- not by {kind}: {report.bug.id}: {report.bug.breaks}")
    return int(found < len(reports) or by_properties * OUT_OF < ENOUGH * len(others))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
