"""Tests of the guides' tables and figures against the client."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import httpx
import pytest
from axtasks import (
    AuthenticationError,
    AxClient,
    AxError,
    Hooks,
    InvalidArgumentError,
    NameMemory,
    NotFoundError,
    RunFailedError,
    TaskRun,
    TriggerRequest,
)
from axtasks.mock import Mock, MockTransport
from axtasks.mock import default_world as known
from axtasks.mock.world.model import AiIntegration
from axtasks.polling.outcome import DEFAULT_TIMEOUT_SECONDS
from axtasks.testing import client_of

from tests.docs.pages import Table, code_words, page

if TYPE_CHECKING:
    from collections.abc import Callable

NO_RUN = "VGFza1J1bjo5OTk5OTpub25l"


def table_of(name: str, section: str) -> Table:
    """Return the one table of a section of a page."""
    (found,) = [table for table in page(name).tables if table.section == section]
    return found


def test_no_table_goes_unchecked() -> None:
    """Every table of these pages has a comparison here."""
    names = ("tasks", "triggers", "waiting", "many-at-once", "names", "experiments", "results")

    assert {name: len(page(f"guides/{name}").tables) for name in names} == {
        **dict.fromkeys(names, 0),
        **dict.fromkeys(("triggers", "many-at-once", "names", "experiments"), 1),
    }


@pytest.mark.parametrize("name", ["get", "list_runs", "trigger_run", "update"])
def test_requests_of_a_name(name: str) -> None:
    """Each number of requests is that of the method, with a known dialect."""
    table = table_of("guides/names", "How many requests a name takes")
    (row,) = [row for row in table.rows if name in code_words(row["Requests of"])]

    assert [int(row[head]) for head in table.header[1:]] == requests_of(name)


def requests_of(name: str) -> list[int]:
    """Return the requests of a method, in the order of the columns."""
    sent: list[str] = []
    hooks = Hooks(on_request=lambda event: sent.append(event.operation))
    more = {"query_filter": "x = 1"} if name == "update" else {}

    def counted(ax: AxClient, task: str, space: str | None = None) -> int:
        sent.clear()
        getattr(ax.tasks, name)(task, space=space, **more)
        return len(sent)

    with httpx.Client(transport=MockTransport(Mock())) as http:

        def fresh() -> AxClient:
            return AxClient(api_key="any", contract="documents", http_client=http, hooks=hooks)

        by_id = counted(fresh(), known.CHAT_QUALITY)
        alone = counted(fresh(), "Golden Set Review")
        in_space = counted(fresh(), "Chat Quality Monitor", known.DEMO)
        ax = fresh()
        return [by_id, alone, in_space, *(counted(ax, "Chat Quality Monitor", "demo") for _ in range(2))]


def test_the_limits_of_the_name_cache() -> None:
    """The page has the defaults of the code."""
    told = re.search(r"remembers ([\d,]+) names for (\d+) seconds", page("guides/names").prose)

    assert told
    assert NameMemory() == NameMemory(entries=int(told[1].replace(",", "")), seconds=int(told[2]))


def test_the_default_timeout_of_a_wait() -> None:
    """The page has the default of the code."""
    told = re.search(r"the wait lasts (\d+) seconds at most", page("guides/waiting").prose)

    assert told
    assert float(told[1]) == DEFAULT_TIMEOUT_SECONDS


def test_arguments_of_a_run_that_makes_an_experiment() -> None:
    """The table and the text have all arguments of a trigger that are for such a task."""
    table = table_of("guides/experiments", "Run it under a name of its own")
    shown = {word for row in table.rows for word in code_words(row["Argument"])}

    client = client_of(Mock())
    refused = client.tasks.trigger_runs([{"task": "Golden Set Review", name: _any(name)} for name in sorted(shown)])

    assert shown == set(TriggerRequest.__slots__) - {
        *("task", "space", "data_start_time", "data_end_time", "max_spans", "override_evaluations", "experiment_ids"),
        *("experiment_name", "query_filter"),
    }
    assert [name for name, outcome in zip(sorted(shown), refused, strict=True) if name not in str(outcome.error)] == []


def _any(name: str) -> object:
    values: dict[str, object] = {
        "max_examples": 1,
        "dataset_version_id": known.GOLDEN_SET_VERSION,
        "tracing_metadata": {"why": "a test"},
        "evaluation_task_ids": [known.GOLDEN_REVIEW],
    }
    return values.get(name, ["example-001"])


def ended(ax: AxClient, task: str, **arguments: object) -> TaskRun:
    """Return a run that was triggered and has ended."""
    (outcome,) = ax.tasks.trigger_runs([{"task": task, **arguments}])
    return ax.tasks.wait_for_run(outcome.result().id)


def all_labelled() -> TaskRun:
    ax = client_of(Mock(run_seconds=0))
    ended(ax, "Golden Set Review")
    return ended(ax, "Golden Set Review")


def nothing_in_the_window() -> TaskRun:
    ax = client_of(Mock(run_seconds=0))
    later = datetime.now(UTC) + timedelta(days=1)
    return ended(ax, "Support Answer Checks", data_start_time=later, data_end_time=later + timedelta(hours=1))


def no_such_examples() -> TaskRun:
    return ended(client_of(Mock(run_seconds=0)), "Nightly Summaries", experiment_name="any", example_ids=["no-such"])


def cancelled_by_the_server() -> TaskRun:
    ax = client_of(Mock(run_seconds=0, contract="beta"))
    ended(ax, "Golden Set Review")
    return ended(ax, "Golden Set Review")


def unusable_key() -> TaskRun:
    mock = Mock(run_seconds=0)
    integration = mock.world.ai_integrations.remove(known.OPENAI_MAIN)
    assert isinstance(integration, AiIntegration)
    mock.world.add(replace(integration, is_usable=False))
    return ended(client_of(mock), "Nightly Summaries", experiment_name="any")


# What is seen of a run that came to nothing, by the rows of the page; the third is the second, told by users.
EMPTY: dict[str, Callable[[], TaskRun] | None] = {
    "`completed`, all items skipped": all_labelled,
    "`completed`, all counts zero": nothing_in_the_window,
    "`completed`, all counts zero, soon after the data came in": None,
    "`completed`, nothing but skipped examples": no_such_examples,
    "`cancelled`, all counts zero": cancelled_by_the_server,
    "`failed`, all counts zero": unusable_key,
}


def test_every_way_to_come_to_nothing_is_tried() -> None:
    table = table_of("guides/triggers", "Why a run came to nothing")

    assert [row["What you see"] for row in table.rows] == list(EMPTY)


@pytest.mark.parametrize("seen", [seen for seen, play in EMPTY.items() if play])
def test_a_run_that_came_to_nothing(seen: str) -> None:
    """The run has the status and the counts on the page."""
    play = EMPTY[seen]
    assert play
    run = play()

    assert run.is_empty
    assert f"`{run.status}`" in seen
    assert ("all counts zero" in seen) == (run.num_skipped == 0)


def raised_by_waiting(mock: Mock, *, more: tuple[str, ...] = (), raise_on_failure: bool = False) -> AxError | list[str]:
    """Return the error of a wait for two runs and some ids; without one, the statuses of the runs."""
    ax = client_of(mock)
    runs = [ax.tasks.trigger_run("Golden Set Review") for _ in range(2)]
    try:
        finished = ax.tasks.wait_for_runs([*more, *runs], timeout=60, raise_on_failure=raise_on_failure)
        return [str(run.status) for run in finished]
    except AxError as error:
        return error


def test_errors_while_many_runs_are_waited_for() -> None:
    """Each row of the table is tried."""
    table = table_of("guides/many-at-once", "When a run fails or is not there")
    failing, passing, refusing, missing = (
        "immediate failed",
        "operation=list_task_runs, times=1, fault=status:503 retry_after=0",
        "after=4, fault=status:401",
        (NO_RUN,),
    )

    assert [row["What happens"] for row in table.rows] == [
        "a run fails or is cancelled",
        "a run is not there, or may not be read",
        "a text is given that is no id",
        "the connection is lost, or the server answers 429 or 503",
        "the key is refused",
    ]
    assert raised_by_waiting(Mock(lifecycle=failing)) == ["failed", "failed"]
    assert isinstance(raised_by_waiting(Mock(lifecycle=failing), raise_on_failure=True), RunFailedError)
    assert isinstance(raised_by_waiting(Mock(), more=missing), NotFoundError)
    assert isinstance(raised_by_waiting(Mock(), more=("latest",)), InvalidArgumentError)
    assert raised_by_waiting(Mock(faults=passing)) == ["completed", "completed"]
    refused = raised_by_waiting(Mock(faults=refusing))
    assert isinstance(refused, AuthenticationError)
    assert len(refused.runs) == 2
