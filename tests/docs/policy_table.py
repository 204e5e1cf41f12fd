"""The table of retries, lookups and errors, measured with the mock: `make docs` writes it."""

from __future__ import annotations

import sys
from functools import cache
from typing import TYPE_CHECKING, Any

import httpx
from axtasks import AmbiguousOutcomeError, AxError

from tests.docs import written
from tests.docs.pages import page
from tests.unit.lost_writes import CALLS, FAILURES, Call, Failure, Scene, steps
from tests.unit.support import CHAT_QUALITY, Blocking

if TYPE_CHECKING:
    from collections.abc import Iterator

BEGIN = "<!-- The table that follows is written by `make docs`, from what a client does. -->"
END = "<!-- The table ends here. -->"
PAGES = (page("guides/retries"),)
"""The pages that show the table."""
REFUSED = Failure("any other refusal", httpx.Response(422), acted=False)
READ = Call("get_task", "every method that only reads", "", lambda ax, _: ax.tasks.get(CHAT_QUALITY), lambda *_: 0)
SAID = {
    ("write", "write"): "sent again",
    ("write", "read", "write"): "looked for; if not there, sent again",
    ("write", "read"): "looked for; if not there, `AmbiguousOutcomeError`",
    ("write",): "raised",
}


def groups() -> list[list[Failure]]:
    """Return the failures, grouped by equal treatment."""
    alike: dict[tuple[str, ...], list[Failure]] = {}
    for failure in FAILURES.values():
        alike.setdefault(tuple(reaction_to(call, failure) for call in CALLS.values()), []).append(failure)
    return [*alike.values(), [REFUSED]]


def reaction_to(call: Call, failure: Failure) -> str:
    """Return a client's reaction to a failed first attempt on which the server did not act."""
    if call.has_no_answer and failure is FAILURES["damaged"]:
        failure = FAILURES["500"]
    scene = Scene(Blocking)
    transport = scene.transport((failure.given, False))
    result = scene.play(call, transport)
    done = tuple(steps(transport))
    if isinstance(result, AxError) != (len(done) == 1 or done[-1] == "read"):
        raise AssertionError(f"{call.said} ended with {result!r} after {done}")
    if failure is REFUSED:
        # Of a refusal no more is found out than why.
        done = done[:1]
    elif done[-1] == "read" and not isinstance(result, AmbiguousOutcomeError):
        raise AssertionError(f"{call.said} gave up with {result!r}")
    return SAID[done]


def reaction_to_reading(failure: Failure) -> str:
    """Return a client's reaction to a failed read."""
    scene = Scene(Blocking)
    given = iter([failure.given])

    def answer(sent: Any) -> httpx.Response:
        trouble = next(given, None)
        if isinstance(trouble, Exception):
            raise trouble
        return trouble or scene.ask(sent)

    transport = scene.transport()
    transport._answer = answer
    result = scene.play(READ, transport)
    return "raised" if isinstance(result, AxError) else "sent again"


def rows() -> Iterator[str]:
    """Yield the rows of the table."""
    columns = groups()
    heads = [", ".join(dict.fromkeys(failure.said for failure in column)) for column in columns]
    yield f"| Method | {' | '.join(heads)} | what is looked for |"
    yield "| --- " * (len(columns) + 2) + "|"
    reads = [reaction_to_reading(column[0]) for column in columns]
    yield f"| {READ.said} | {' | '.join(reads)} | |"
    for call in CALLS.values():
        yield f"| {call.said} | {' | '.join(reaction_to(call, column[0]) for column in columns)} | {call.looked_for} |"


@cache
def table() -> str:
    """Return the whole table, cached since it takes a while."""
    return "\n".join(rows())


def renewed(text: str) -> str:
    """Return the text of a page with the current table."""
    # Not for a page that has no place for it.
    written.around(text, begin=BEGIN, end=END)
    return written.renewed(text, table(), begin=BEGIN, end=END)


if __name__ == "__main__":
    for shown in PAGES:
        shown.path.write_text(renewed(shown.text), encoding="utf-8")
        sys.stdout.write(f"{shown} says what a client does\n")
