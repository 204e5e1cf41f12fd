"""The script of a sequence: the calls so far, as code that can be pasted and run."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.model.model_calls import CallOutcome

HEAD = """\
from datetime import datetime, timedelta
from axtasks import UNSET
from tests.model.model_calls import items, pages
from tests.model.model_environment import Environment

env = Environment({})"""
MOST_CHARACTERS = 160


class DifferenceError(AssertionError):
    """A difference from the documents."""


class ScriptError(AssertionError):
    """A difference, with the script that leads to it."""


class Script:
    """The lines of code of a sequence."""

    def __init__(self, *, is_socket: bool) -> None:
        self.lines = [HEAD.format("is_socket=True" if is_socket else "")]

    def note(self, line: str) -> None:
        """Add a line."""
        self.lines.append(line)

    def add_outcome(self, outcome: CallOutcome) -> None:
        """Add the outcome to the last line, as a comment."""
        text = " ".join(str(outcome).split())
        if len(text) > MOST_CHARACTERS:
            text = text[:MOST_CHARACTERS] + "..."
        self.lines[-1] += f"  # {text}"

    def failure(self, error: Exception) -> ScriptError:
        """Return the error to raise: the difference with the script that led to it."""
        what = str(error) if isinstance(error, DifferenceError) else f"{type(error).__name__}: {error}"
        return ScriptError(f"{what}\n\nafter\n\n" + "\n".join(self.lines))
