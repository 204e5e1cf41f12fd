"""The result of a case, and the verdict on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tests.e2e.engines.cases import (
    GRACE_SECONDS,
    IN_DOUBT,
    NEVER_ENDS,
    NOT_SENT,
    TIMEOUT,
    Case,
    Expected,
)

if TYPE_CHECKING:
    from tests.e2e.engines.engine import Engine

OK, ALLOWED, TODAY, WRONG = WORDS = ("ok", "allowed", "today", "WRONG")


class Cell(NamedTuple):
    """The result of a case with one engine and one client.

    Attributes:
        case: the name of the case.
        engine: the name of the engine.
        client: one of `CLIENTS`.
        outcome: `success`, a status, or the name of an error.
        seconds: the duration of the call.
        next: the outcome of the next call.
        message: the message of the error.
    """

    case: str
    engine: str
    client: str
    outcome: str
    seconds: float
    next: str
    message: str = ""

    @property
    def sent(self) -> str:
        """The state of the request: `not sent`, `in doubt` or `answered`."""
        if self.outcome in NOT_SENT:
            return "not sent"
        return "in doubt" if self.outcome in (IN_DOUBT, TIMEOUT, NEVER_ENDS) else "answered"


class Verdict(NamedTuple):
    """A verdict on a cell.

    Attributes:
        word: `OK`; `ALLOWED` or `TODAY` for an accepted deviation or a known defect; `WRONG`.
        reason: the reason of the deviation, or the difference.
    """

    word: str
    reason: str = ""


def judge(cell: Cell, case: Case, engine: Engine) -> Verdict:
    """Return the verdict on the result of a case.

    Args:
        cell: the result.
        case: the case.
        engine: the engine.
    """
    fault = difference(cell, case.expected, case)
    if not fault:
        return Verdict(OK)
    for word, differing in ((ALLOWED, case.allowed), (TODAY, case.today)):
        for differs in differing:
            applies = {engine.name, engine.kind} & {*differs.engines} and cell.client in differs.clients
            if applies and not difference(cell, differs.expected, case):
                return Verdict(word, f"{fault}: {differs.reason}")
    return Verdict(WRONG, f"{fault} ({cell.message})" if cell.message else fault)


def difference(cell: Cell, expected: Expected, case: Case) -> str:
    """Return the difference between a cell and the expected outcomes; empty if there is none."""
    most = case.total_seconds + GRACE_SECONDS if expected.seconds is None else expected.seconds
    faults = []
    if cell.outcome not in expected.outcomes:
        faults.append(f"wanted {' or '.join(expected.outcomes)}")
    if cell.seconds > most:
        faults.append(f"wanted within {most:g} s")
    if cell.next not in expected.next:
        faults.append(f"wanted {' or '.join(expected.next)} for the next call")
    return ", ".join(faults)
