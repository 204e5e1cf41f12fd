"""The table of what is sent again, looked for and raised, found out by trying: `make docs` renews it."""

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
    ("write", "look", "write"): "looked for; if not there, sent again",
    ("write", "look"): "looked for; if not there, `AmbiguousOutcomeError`",
    ("write",): "raised",
}


def groups() -> list[list[Failure]]:
    """The failures that are all treated alike."""
    alike: dict[tuple[str, ...], list[Failure]] = {}
    for failure in FAILURES.values():
        alike.setdefault(tuple(told(call, failure) for call in CALLS.values()), []).append(failure)
    return [*alike.values(), [REFUSED]]


def told(call: Call, failure: Failure) -> str:
    """What a client does when the first attempt fails so, and the server did not act."""
    if call.has_no_answer and failure is FAILURES["damaged"]:
        failure = FAILURES["500"]
    scene = Scene(Blocking)
    transport = scene.transport((failure.given, False))
    result = scene.play(call, transport)
    done = tuple(steps(transport))
    if isinstance(result, AxError) != (len(done) == 1 or done[-1] == "look"):
        raise AssertionError(f"{call.said} ended with {result!r} after {done}")
    if failure is REFUSED:
        # Of a refusal no more is found out than why.
        done = done[:1]
    elif done[-1] == "look" and not isinstance(result, AmbiguousOutcomeError):
        raise AssertionError(f"{call.said} gave up with {result!r}")
    return SAID[done]


def told_of_reading(failure: Failure) -> str:
    """What a client does when reading fails so."""
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
    """The rows of the table."""
    columns = groups()
    heads = [", ".join(dict.fromkeys(failure.said for failure in column)) for column in columns]
    yield f"| Method | {' | '.join(heads)} | what is looked for |"
    yield "| --- " * (len(columns) + 2) + "|"
    reads = [told_of_reading(column[0]) for column in columns]
    yield f"| {READ.said} | {' | '.join(reads)} | |"
    for call in CALLS.values():
        yield f"| {call.said} | {' | '.join(told(call, column[0]) for column in columns)} | {call.looked_for} |"


@cache
def table() -> str:
    """The whole table; it takes a while, and every page shows the same."""
    return "\n".join(rows())


def renewed(text: str) -> str:
    """The text of a page with the table as it is now."""
    # Not for a page that has no place for it.
    written.around(text, begin=BEGIN, end=END)
    return written.renewed(text, table(), begin=BEGIN, end=END)


if __name__ == "__main__":
    for shown in PAGES:
        shown.path.write_text(renewed(shown.text), encoding="utf-8")
        sys.stdout.write(f"{shown} says what a client does\n")
