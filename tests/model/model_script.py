"""The calls made so far, as code that can be pasted and run."""

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
    """Something is not as the documents say."""


class ScriptError(AssertionError):
    """A difference, with the story that leads to it."""


class Script:
    """What was done, line by line."""

    def __init__(self, *, is_socket: bool) -> None:
        self.lines = [HEAD.format("is_socket=True" if is_socket else "")]
        self.has_failed = False

    def note(self, line: str) -> None:
        """Adds a line."""
        self.lines.append(line)

    call = note

    def add_outcome(self, outcome: CallOutcome) -> None:
        """Adds to the last line what it came to."""
        text = " ".join(str(outcome).split())
        if len(text) > MOST_CHARACTERS:
            text = text[:MOST_CHARACTERS] + "..."
        self.lines[-1] += f"  # {text}"

    def failure(self, error: Exception) -> ScriptError:
        """What to fail with: the difference, and the story that led to it."""
        self.has_failed = True
        what = str(error) if isinstance(error, DifferenceError) else f"{type(error).__name__}: {error}"
        return ScriptError(f"{what}\n\nafter\n\n" + "\n".join(self.lines))
