"""A trial of contract changes, which finds the files that have to be edited by hand: `make changes`.

Each change is made to a copy of the project: to spec/openapi.yaml, and to its overlay where that quotes what changed.
The package is generated anew, and the tests of the client, the command line and the mock run under both contracts.
Where a file has to be edited by hand, the tests of completeness name it; fields that are read or sent already need no
edit.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).parents[2]
SPEC, OVERLAY = "spec/openapi.yaml", "spec/overlays/8.40.yaml"
COPIED = ("spec", "facade", "generated", "tests", "docs")
SUITE = ("tests/unit", "tests/cli", "tests/mock", "tests/model/chaos")
# Texts of pages and of help as they are today, and no behaviour.
LEFT_OUT = (
    "tests/mock/operations/test_rule_coverage.py",
    "tests/cli/test_snapshots.py",
    "tests/cli/test_help.py::TestEveryCommand::test_snapshot",
    "tests/cli/test_documented_examples.py",
)
COMPLETE = "tests/contract/test_complete.py"
# Without plugins that none of these tests needs.
QUIETLY = ("-q", *(f"-pno:{name}" for name in ("cacheprovider", "schemathesis", "hypothesispytest")))
_NAMED = re.compile(r"facade/axtasks/[\w/.]*?(?:\w\.py|/)(?= )")
_FAILED = re.compile(r"^(?:FAILED|ERROR) (.+?)(?: - .*)?$", re.MULTILINE)


class Edit(NamedTuple):
    """A text that is in a file exactly once, and its replacement."""

    file: str
    old: str
    new: str

    def make(self, folder: Path) -> None:
        """Make the edit in a copy of the project."""
        path = folder / self.file
        text = path.read_text(encoding="utf-8")
        if text.count(self.old) != 1:
            raise ValueError(f"{self.file} has this {text.count(self.old)} times: {self.old!r}")
        path.write_text(text.replace(self.old, self.new), encoding="utf-8")


class Change(NamedTuple):
    """A change that a vendor could make.

    Attributes:
        name: its name.
        edits: the edits of the contract.
        by_hand: the files, or folders, of the client and the mock that have to be edited after generating.
        told: tests of the mock's start, whose message then names operations without a handler.
    """

    name: str
    edits: tuple[Edit, ...]
    by_hand: frozenset[str] = frozenset()
    told: tuple[str, ...] = ()


STATUSES = "      enum: [pending, running, completed, failed, cancelled]\n"
TYPES = "      enum: [template_evaluation, code_evaluation, run_experiment]\n"
TYPE_FILTER = "        - $ref: '#/components/parameters/TaskTypeFilter'\n"
TASK_REQUIRED = "        - type\n        - is_continuous\n"
COPY_TASK = """\
  /v2/tasks/{task_id}/copy:
    parameters:
      - $ref: '#/components/parameters/TaskId'
    post:
      operationId: copy_task
      tags: [tasks]
      summary: Copy a task
      description: Creates a task like this one.
      responses:
        '201':
          description: The copy.
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/Task'
        '404':
          $ref: '#/components/responses/NotFound'
"""
CHANGES = (
    Change(
        "a-value-is-renamed",
        (
            Edit(
                SPEC,
                STATUSES,
                STATUSES.replace("cancelled", "stopped")
                + "      x-python-values: [pending, running, completed, failed, cancelled]\n",
            ),
            Edit(SPEC, "                    status: cancelled\n", "                    status: stopped\n"),
            Edit(OVERLAY, "[?@.status == 'cancelled']", "[?@.status == 'stopped']"),
        ),
    ),
    Change(
        "a-field-is-added",
        (
            Edit(
                SPEC,
                "        num_errors:\n",
                "        region:\n          type: string\n          description: Where the run was carried out.\n"
                "        num_errors:\n",
            ),
        ),
    ),
    Change(
        "a-query-parameter-is-added",
        (
            Edit(
                SPEC,
                TYPE_FILTER,
                f"{TYPE_FILTER}        - name: created_by\n          in: query\n"
                "          description: Only tasks that this user created.\n          schema: {type: string}\n",
            ),
        ),
    ),
    Change(
        "a-field-is-no-longer-required",
        (Edit(SPEC, TASK_REQUIRED, TASK_REQUIRED.replace("        - is_continuous\n", "")),),
    ),
    Change(
        "a-task-type-is-added",
        (
            Edit(SPEC, TYPES, TYPES.replace("]", ", session_replay]")),
            Edit(OVERLAY, "CODE_EVALUATION, RUN_EXPERIMENT]", "CODE_EVALUATION, RUN_EXPERIMENT, SESSION_REPLAY]"),
            Edit(OVERLAY, "code_evaluation, run_experiment]", "code_evaluation, run_experiment, session_replay]"),
        ),
        frozenset({"facade/axtasks/inputs/task_bodies.py", "facade/axtasks/mock/contract/vocabulary.py"}),
    ),
    Change(
        "an-endpoint-is-added",
        (Edit(SPEC, "  /v2/task-runs/{run_id}/cancel:\n", COPY_TASK + "  /v2/task-runs/{run_id}/cancel:\n"),),
        frozenset({"facade/axtasks/resources/", "facade/axtasks/mock/operations/registry.py"}),
        told=("tests/mock/cli/test_serve.py", "tests/mock/cli/test_serve_options.py"),
    ),
    Change(
        "a-status-is-added",
        (
            Edit(
                SPEC,
                "        '201':\n          description: The created task.\n",
                "        '402':\n          $ref: '#/components/responses/UnprocessableEntity'\n"
                "        '201':\n          description: The created task.\n",
            ),
        ),
    ),
)


class Outcome(NamedTuple):
    """The outcome of changes that were made together.

    Attributes:
        changes: the changes.
        named: the files that the tests of completeness name, each as often as they do.
        failed: the tests of the suite that failed.
        passed: the number of passed tests.
        seconds: the time it took.
    """

    changes: tuple[Change, ...]
    named: tuple[str, ...]
    failed: tuple[str, ...]
    passed: int
    seconds: float

    @property
    def is_as_expected(self) -> bool:
        """True if exactly the known files have to be edited, and no other test failed."""
        known = sorted(name for change in self.changes for name in change.by_hand)
        return sorted(self.named) == known and self.passed > 0 and not self.failed

    def __str__(self) -> str:
        hands = ", ".join(sorted(self.named)) or "nothing"
        verdict = "as expected" if self.is_as_expected else "OTHERWISE THAN EXPECTED"
        names = ", ".join(change.name for change in self.changes)
        lines = [f"{names}: {verdict}; by hand: {hands}; {self.passed} tests passed in {self.seconds:.0f} s"]
        return "\n  failed: ".join([*lines, *self.failed])


def main(arguments: Sequence[str]) -> int:
    """Try the changes and print their outcomes; return 0 if all were expected.

    Args:
        arguments: those of the command line.
    """
    names = [change.name for change in CHANGES]
    parser = argparse.ArgumentParser(prog="python -m tests.contract.changes", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"changes to try, all when left out: {names}")
    parser.add_argument("--workers", default="auto", help="how many tests run at once")
    options = parser.parse_args(arguments)
    if unknown := set(options.names) - set(names):
        parser.error(f"there is no change called {', '.join(sorted(unknown))}; there are {', '.join(names)}")
    expected = True
    for change in CHANGES:
        if not options.names or change.name in options.names:
            outcome = tried(change, workers=options.workers)
            print(outcome, flush=True)
            expected = expected and outcome.is_as_expected
    return int(not expected)


def tried(*changes: Change, workers: str, suite: Sequence[str] = SUITE) -> Outcome:
    """Make changes in a copy, run the tests there, and return the outcome.

    Args:
        changes: the changes, which are made together.
        workers: the number of tests that run at once.
        suite: the tests to run besides those of completeness.
    """
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        copy_project(folder)
        for edit in (edit for change in changes for edit in change.edits):
            edit.make(folder)
        generated = run(folder, "spec.generator")
        if generated.returncode:
            raise RuntimeError(generated.stdout + generated.stderr)
        left_out = (*LEFT_OUT, *(test for change in changes for test in change.told))
        rest = ("--contract=both", *(f"--deselect={test}" for test in left_out), *suite, COMPLETE)
        done = run(folder, "pytest", *QUIETLY, "--tb=line", "-n", workers, *rest)
    passed = re.search(r"(\d+) passed", done.stdout)
    if passed is None:
        raise RuntimeError(done.stdout + done.stderr)
    lines = [line for line in done.stdout.splitlines() if re.search(r"^E   .*Error: ", line)]
    named = tuple(name for line in lines for name in _NAMED.findall(line))
    # The tests of completeness fail by naming files.
    failed = tuple(test for test in _FAILED.findall(done.stdout) if not test.startswith(COMPLETE))
    return Outcome(changes, named, failed, int(passed[1]), time.monotonic() - started)


def copy_project(folder: Path) -> None:
    """Copy the files that generating and the tests need.

    Args:
        folder: the target folder.
    """
    for name in COPIED:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for file in ROOT.iterdir():
        if file.is_file():
            shutil.copy2(file, folder / file.name)


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run a module of a copy, with the copy's packages before those that are installed."""
    paths = os.pathsep.join(str(folder / name) for name in (".", "facade", "generated"))
    # What is meant for a session of tests around this one is not for that of the copy.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    return subprocess.run(
        [sys.executable, "-m", *command],
        cwd=folder,
        env={**environment, "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=False,
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
