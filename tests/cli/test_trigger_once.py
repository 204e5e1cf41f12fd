"""Tests of `ax tasks trigger-run --once`: a repeated command uses the existing run."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest

from tests.cli.tasks_support import Journal, Servers, assert_usage_error, journal_of, servers, tasks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from axtasks.mock import MockServer

    from tests.cli.support import Ax

RUN_SECONDS = 60
WINDOW = "--data-start-time 2026-03-01 --data-end-time 2026-03-02"
ONCE = f"trigger-run $CHAT_QUALITY {WINDOW} --once"


@pytest.fixture(scope="module")
def shared() -> Iterator[Servers]:
    with servers(partial(Journal, run_seconds=RUN_SECONDS)) as shared:
        yield shared


@pytest.fixture
def server(shared: Servers, dialect: str) -> MockServer:
    return shared.fresh(dialect)


@pytest.fixture
def mock(server: MockServer) -> Journal:
    return journal_of(server)


def test_the_outcome_is_told_beside_the_run(ax: Ax, mock: Journal) -> None:
    first = tasks(ax, f"{ONCE} -o json")
    second = tasks(ax, f"{ONCE} -o json")
    mock.clock.advance(RUN_SECONDS)
    third = tasks(ax, f"{ONCE} -o json")

    run_id = first.json["id"]
    assert [(each.json["id"], each.json["outcome"], each.exit_code) for each in (first, second, third)] == [
        (run_id, "triggered", 0),
        (run_id, "adopted", 0),
        (run_id, "done", 0),
    ]
    assert [each.stderr for each in (first, second, third)] == [
        f"Triggered run {run_id}.\n",
        f"Adopted run {run_id}, which is under way: it was triggered before.\n",
        f"Nothing to trigger: run {run_id} has ended already.\n",
    ]
    assert len(mock.written) == 1


def test_the_outcome_can_be_a_column(ax: Ax) -> None:
    assert tasks(ax, f"{ONCE} --columns outcome -o csv").stdout == "outcome\ntriggered\n"


def test_an_experiment_is_found_by_its_name(ax: Ax, mock: Journal) -> None:
    command = "trigger-run $NIGHTLY_SUMMARIES --experiment-name fresh --once -q"
    first = tasks(ax, command)
    mock.clock.advance(RUN_SECONDS / 2)

    assert tasks(ax, command).stdout == first.stdout
    assert [asked.status for asked in mock.written] == [201, 409]


def test_only_runs_since_count(ax: Ax, mock: Journal) -> None:
    tasks(ax, ONCE)
    mock.clock.advance(3600)

    again = tasks(ax, f"{ONCE} --override-evaluations --since 2026-03-10T15:30:00 -o json")

    assert again.json["outcome"] == "triggered"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("trigger-run $CHAT_QUALITY --since 2026-03-01", "--since goes with --once alone"),
        ("trigger-run $CHAT_QUALITY --columns outcome", "there is no 'outcome'"),
        ("trigger-run $CHAT_QUALITY --once", "--data-start-time and --data-end-time are needed"),
        ("trigger-run $CHAT_QUALITY --once --data-start-time 2026-03-01", "--data-end-time is needed too"),
        (f"{ONCE} --override-evaluations", "--since is needed with --override-evaluations"),
        ("trigger-run $GOLDEN_REVIEW --once", "--since is needed over a dataset"),
    ],
)
def test_a_trigger_without_an_identity_is_refused(ax: Ax, mock: Journal, line: str, said: str) -> None:
    assert_usage_error(tasks(ax, line), said)
    assert mock.written == []
