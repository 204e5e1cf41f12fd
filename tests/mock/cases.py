"""Cases of rules, each with the rule's id: refusals with their status, and behaviours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tests.mock.support import TASKS, Api, Json

if TYPE_CHECKING:
    from _pytest.mark import ParameterSet

Play = Callable[[Api], None]


@dataclass(frozen=True)
class Case:
    """One case of a rule, with a function that plays it and asserts the result."""

    rule: str
    title: str
    play: Play


class Cases:
    """Cases in the order of their definition. A title is the rule's id, a dash, and the special point of the case."""

    def __init__(self) -> None:
        self.all: list[Case] = []

    def parameters(self) -> list[ParameterSet]:
        """Return the cases for `parametrize`, each marked with its rule."""
        return [
            pytest.param(each, id=f"{each.rule}-{each.title}", marks=pytest.mark.rule(each.rule)) for each in self.all
        ]

    def add(self, name: str, play: Play) -> None:
        """Add a case."""
        rule, _, title = name.partition("-")
        self.all.append(Case(rule, title, play))

    def refused(self, title: str, method: str, path: str, body: Json, status: int, *words: str) -> None:
        """Add a request that is refused with this status and these words in its detail."""

        def play(api: Api) -> None:
            reply = api.send(method, path, body)

            assert (reply.status, reply.header("content-type")) == (status, "application/problem+json"), reply.body
            for word in words:
                assert word in reply.detail

        self.add(title, play)

    def create(self, title: str, body: Json, status: int, *words: str) -> None:
        """Add a creation that is refused."""
        self.refused(title, "POST", TASKS, body, status, *words)

    def update(self, title: str, path: str, body: Json, status: int, *words: str) -> None:
        """Add an update that is refused."""
        self.refused(title, "PATCH", path, body, status, *words)

    def trigger(self, title: str, path: str, body: Json, status: int, *words: str) -> None:
        """Add a trigger that is refused."""
        self.refused(title, "POST", f"{path}/trigger", body, status, *words)

    def behaviour(self, title: str) -> Callable[[Play], Play]:
        """Return a decorator that adds a function as a case."""

        def note(play: Play) -> Play:
            self.add(title, play)
            return play

        return note
