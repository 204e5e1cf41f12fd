"""A slice of what `make chaos` does at length, and that it would notice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from axtasks import reconcile, reconcile_runs
from axtasks.recovery import Happened, NotSeen, Undecided

from tests.chaos.faces import FACES, Blocking, Face
from tests.chaos.shard import KINDS, play
from tests.chaos.verdict import DOUBLED, LOST, NEEDLESS, UNTYPED
from tests.engines import ENGINES, carried_by

if TYPE_CHECKING:
    from collections.abc import Callable

# Waiting for a second now and then would take most of the time.
QUICK = tuple(kind.replace("retry_after=1", "retry_after=0") for kind in KINDS)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("face", FACES.values(), ids=FACES)
def test_what_the_client_says_is_so(face: type[Face], engine: str, contract: str) -> None:
    """Nothing is lost, doubled or misread, every error is typed, and only what nobody can tell is left in doubt."""
    with carried_by(engine):
        verdict = play(face, seed=11, operations=150, rate=0.2, kinds=QUICK, contract=contract)

    assert verdict.defects == []
    assert verdict.doubts.total() <= 5
    assert verdict.operations == 150
    assert verdict.writes > 60
    assert 0.1 < verdict.struck / verdict.requests < 0.3


def _always(found: object) -> Callable[..., Any]:
    """A way to look that always finds the same."""

    def look(*_: object, **__: object) -> Any:
        yield from ()
        if isinstance(found, Exception):
            raise found
        return found

    return look


@pytest.mark.parametrize(
    ("recovery", "found", "fault", "defect"),
    [
        (reconcile_runs.TriggeredEvaluation, NotSeen(), "operation=trigger_task_run, accept-then-drop", DOUBLED),
        (reconcile_runs.TriggeredEvaluation, Undecided("?"), "operation=trigger_task_run, accept-then-drop", NEEDLESS),
        (reconcile.DeletedTask, Happened(None), "operation=delete_task, reset", LOST),
        (reconcile.CreatedTask, KeyError("id"), "operation=create_task, reset", UNTYPED),
    ],
    ids=["doubled", "needless", "lost", "untyped"],
)
def test_a_client_that_is_wrong_is_found_out(
    recovery: type, found: object, fault: str, defect: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a client that looks wrongly for its lost writes the verdict is not good."""
    monkeypatch.setattr(recovery, "look", _always(found))
    monkeypatch.setattr(recovery, "is_repeatable", True)

    verdict = play(Blocking, seed=2, operations=50, rate=1, kinds=(fault,))

    assert verdict.count(defect) > 0
    assert not verdict.is_good
