"""Tests of the vendor package's model methods: they work, and their warnings name the replacement."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import pytest
from axtasks import TaskQueryFilterInput, TaskRun

from tests.unit.support import RUN

if TYPE_CHECKING:
    from collections.abc import Callable

MODELS = [TaskRun.from_dict(RUN), TaskQueryFilterInput(id="A", filter="x = 1")]
ALIASES: dict[str, tuple[Callable[[Any], object], Callable[[Any], object]]] = {
    "to_dict()": (lambda model: model.model_dump(), lambda model: model.to_dict()),
    "to_json()": (lambda model: model.model_dump_json(indent=2), lambda model: model.to_json(indent=2)),
}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: type(model).__name__)
@pytest.mark.parametrize("written", ALIASES)
def test_the_vendors_methods_are_ours_and_say_so_where_they_are_called(written: str, model: Any) -> None:
    theirs, ours = ALIASES[written]

    with pytest.warns(DeprecationWarning, match="here: write that") as told:
        dumped = theirs(model)

    assert dumped == ours(model)
    assert [(written in str(each.message), each.filename) for each in told] == [(True, __file__)]


def test_our_own_methods_say_nothing() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for model in MODELS:
            model.to_json()
