"""No cell in the tables of the nasty server is wrong, and no client takes memory without limit."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.e2e.engines.cases import CASES, FINE, IN_DOUBT, MISREAD, SUCCESS, UNSENT, Case, Deviation, Expected
from tests.e2e.engines.engine import AWAITING, BLOCKING, ENGINES, GIVEN, OWN
from tests.e2e.engines.table import deserves_another_try
from tests.e2e.engines.verdict import ALLOWED, OK, TODAY, WRONG, Cell, judge

ROOT = Path(__file__).parents[3]
AT_ONCE = 3
CELL = Cell("a case", "httpx2-given", AWAITING, SUCCESS, 0.1, SUCCESS)
CASE = Case("a case", lambda _: None, FINE)


@pytest.mark.posix
@pytest.mark.programs
def test_nothing_in_the_tables_is_wrong() -> None:
    tables = [[name] for name in ENGINES]
    tables += [["--memory", name] for name, engine in ENGINES.items() if engine.kind == OWN]
    # Their calls mostly wait, so several tables run at once.
    with ThreadPoolExecutor(AT_ONCE) as pool:
        wrong = [printed for printed in pool.map(what_is_wrong, tables) if printed]

    assert wrong == [], "\n".join(wrong)


def what_is_wrong(arguments: list[str]) -> str:
    """Print tables; return their wrong lines, or all output if the program failed otherwise."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.e2e.engines", *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if not name.startswith("ARIZE_")},
    )
    if not done.returncode and not done.stderr:
        return ""
    lines = [line for line in done.stdout.splitlines() if WRONG in line]
    return "\n".join([" ".join(arguments), *(lines or [done.stdout]), done.stderr])


def test_the_names_of_the_cases_differ() -> None:
    assert len({case.name for case in CASES}) == len(CASES)


@pytest.mark.parametrize(
    ("cell", "case", "word"),
    [
        (CELL, CASE, OK),
        (CELL._replace(seconds=2.1), CASE, WRONG),
        (CELL._replace(outcome=MISREAD), CASE, WRONG),
        (CELL._replace(next=MISREAD), CASE, WRONG),
        (
            CELL._replace(outcome=IN_DOUBT),
            CASE._replace(allowed=(Deviation((GIVEN,), Expected((IN_DOUBT,))),)),
            ALLOWED,
        ),
        (CELL._replace(outcome=IN_DOUBT), CASE._replace(allowed=(Deviation((OWN,), Expected((IN_DOUBT,))),)), WRONG),
        (
            CELL._replace(outcome=IN_DOUBT),
            CASE._replace(today=(Deviation((CELL.engine,), Expected((IN_DOUBT,))),)),
            TODAY,
        ),
        (
            CELL._replace(outcome=IN_DOUBT),
            CASE._replace(today=(Deviation((CELL.engine,), Expected((IN_DOUBT,)), (BLOCKING,)),)),
            WRONG,
        ),
        (CELL._replace(outcome="httpx2.ConnectError"), CASE._replace(expected=Expected((UNSENT,))), WRONG),
    ],
    ids=[
        "expected",
        "late",
        "misread",
        "next-misread",
        "allowed",
        "allowed-for-another-engine",
        "today",
        "today-with-the-other-client",
        "not-translated",
    ],
)
def test_a_cell_is_judged_by_what_its_case_says(cell: Cell, case: Case, word: str) -> None:
    assert judge(cell, case, ENGINES[cell.engine]).word == word


@pytest.mark.parametrize(
    ("cell", "case", "is_tried_again"),
    [
        (CELL._replace(seconds=2.1), CASE, True),
        (CELL._replace(next=MISREAD), CASE, False),
        (
            CELL._replace(next=MISREAD, seconds=2.1),
            CASE._replace(allowed=(Deviation((GIVEN,), Expected(CASE.expected.outcomes, next=(MISREAD,))),)),
            True,
        ),
        (CELL, CASE, False),
    ],
    ids=["late", "misread", "late-and-misread-as-accepted", "expected"],
)
def test_a_cell_is_tried_again_if_it_may_only_be_late(cell: Cell, case: Case, is_tried_again: bool) -> None:
    assert deserves_another_try(cell, case, ENGINES[cell.engine]) == is_tried_again
