"""The outcome of a case, and the judgement of it."""

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
    """The outcome of a case.

    Attributes:
        case: its name.
        engine: the name of the engine.
        client: the client.
        outcome: `success`, a status, or the name of an error.
        seconds: how long the call took.
        next: the same for the next call.
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
        """`not sent`, `in doubt` or `answered`: what is known of the request."""
        if self.outcome in NOT_SENT:
            return "not sent"
        return "in doubt" if self.outcome in (IN_DOUBT, TIMEOUT, NEVER_ENDS) else "answered"


class Verdict(NamedTuple):
    """A judgement.

    Attributes:
        word: `OK`; `ALLOWED` or `TODAY` where the case says that it may differ for good, or does today; `WRONG`.
        reason: why it differs from what is expected, or in what.
    """

    word: str
    reason: str = ""


def judge(cell: Cell, case: Case, engine: Engine) -> Verdict:
    """Judge what came of a case.

    Args:
        cell: what came of it.
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
    """Return in what a cell differs from what is expected; empty if in nothing."""
    most = case.total_seconds + GRACE_SECONDS if expected.seconds is None else expected.seconds
    faults = []
    if cell.outcome not in expected.outcomes:
        faults.append(f"wanted {' or '.join(expected.outcomes)}")
    if cell.seconds > most:
        faults.append(f"wanted within {most:g} s")
    if cell.next not in expected.next:
        faults.append(f"wanted {' or '.join(expected.next)} for the next call")
    return ", ".join(faults)
