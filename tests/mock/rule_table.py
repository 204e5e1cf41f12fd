"""The part of the mock's README.md that its tests write: which of them hold which operation to which rule."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from axtasks.mock import contract

from tests.docs.readme import ROOT
from tests.docs.written import renewed
from tests.mock import rule_report

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.mock.rule_report import Noted

PAGE = ROOT / "facade" / "axtasks" / "mock" / "README.md"


def noted(*options: str) -> list[Noted]:
    """What a test session of its own, with these options, has to tell of the rules' tests.

    Raises:
        RuntimeError: a test failed, or there was none.
    """
    command = [sys.executable, "-m", "pytest", "-q", "-m", "rule", "-p", "no:xdist", "-p", "no:cacheprovider"]
    # The session may be started by a test: nothing of the outer session is meant for it.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "noted.json"
        done = subprocess.run(
            [*command, "--rules-to", str(file), *options, "tests/mock"],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(done.stdout + done.stderr)
        return rule_report.read(file)


def table(found: Iterable[Noted]) -> str:
    """A row for each operation and rule, with the tests in which the one is held to the other."""
    tests: defaultdict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    for each in found:
        for operation in each.operations:
            tests[operation, each.rule][each.test] = None
    rows = [
        f"| `{operation}` | {rule} | {'; '.join(tests[operation, rule]).replace('|', '&#124;')} |"
        for operation in contract.of(contract.DOCUMENTS).operations
        for rule in rule_report.rules()
        if (operation, rule) in tests
    ]
    return "\n".join(["| Operation | Rule | Tests |", "| --- | --- | --- |", *rows])


if __name__ == "__main__":
    PAGE.write_text(renewed(PAGE.read_text(encoding="utf-8"), table(noted())), encoding="utf-8")
    sys.stdout.write(f"{PAGE.relative_to(ROOT)} is what the tests say\n")
