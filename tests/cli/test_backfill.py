"""Tests of `ax tasks backfill`: its output, its progress messages, and its exit codes."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import pytest
from axtasks.mock import default_world as known
from axtasks.mock.world.model import Counts

from tests import planted
from tests.cli.tasks_support import Journal, Servers, assert_usage_error, journal_of, servers, tasks, use_virtual_time

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from axtasks.mock import MockRequest, MockResponse, MockServer
    from axtasks.mock.world.model import TaskRun

    from tests.cli.support import Ax

THREE_DAYS = "backfill $SUPPORT_CHECKS --from 2026-03-01 --to 2026-03-04 --window 1d"
FIRST = "2026-03-01T00:00:00Z to 2026-03-02T00:00:00Z"


@pytest.fixture(scope="module")
def shared() -> Iterator[Servers]:
    with servers(partial(Journal, run_seconds=60)) as shared:
        yield shared


@pytest.fixture
def server(shared: Servers, dialect: str, monkeypatch: pytest.MonkeyPatch) -> MockServer:
    server = shared.fresh(dialect)
    use_virtual_time(monkeypatch, journal_of(server))
    return server


@pytest.fixture
def mock(server: MockServer) -> Journal:
    return journal_of(server)


def runs_of(mock: Journal) -> list[TaskRun]:
    """Return the runs that the command triggered."""
    return [run for run in mock.world.task_runs.all() if run.task_id == known.SUPPORT_CHECKS]


def test_windows_are_shown_and_told_as_they_are_settled(ax: Ax, mock: Journal) -> None:
    finished = tasks(ax, f"{THREE_DAYS} -o json")

    windows = finished.json["windows"]
    assert finished.exit_code == 0
    assert [window["start"] for window in windows] == [f"2026-03-0{day}T00:00:00Z" for day in (1, 2, 3)]
    assert {window["outcome"] for window in windows} == {"done"}
    assert finished.stderr.startswith(f"{FIRST}: done, ")
    assert "3 windows: 3 done.\n" in finished.stderr
    assert "Windows may be cut short: what the counters count is not known" in finished.stderr
    assert [asked.body["data_start_time"][:10] for asked in mock.written] == ["2026-03-01", "2026-03-02", "2026-03-03"]


@pytest.mark.parametrize(("options", "lines"), [("-o csv", 4), ("-o jsonl", 3), ("", 4), ("-q", 3)])
def test_the_same_again_triggers_nothing(ax: Ax, mock: Journal, options: str, lines: int) -> None:
    tasks(ax, THREE_DAYS)
    mock.asked = []

    finished = tasks(ax, f"{THREE_DAYS} {options}")

    assert finished.exit_code == 0
    assert len(finished.stdout.splitlines()) == lines
    assert (finished.stderr == "") is (options == "-q")
    assert [asked.method for asked in mock.asked] == ["GET", "GET"]


def test_a_dry_run_shows_what_is_left(ax: Ax, mock: Journal) -> None:
    tasks(ax, "backfill $SUPPORT_CHECKS --from 2026-03-01 --to 2026-03-02 --window 1d")
    mock.asked = []

    finished = tasks(ax, f"{THREE_DAYS} --dry-run -o json")

    assert [(window["outcome"], window["run_id"] is None) for window in finished.json["windows"]] == [
        ("done", False),
        ("missing", True),
        ("missing", True),
    ]
    assert finished.json["windows"][1]["spans_expected"] > 0
    assert finished.stderr == (
        "3 windows: 1 done, 2 missing.\n"
        "Expected to make about 6 requests, and to take about 1 minutes; windows may have to be cut.\n"
    )
    assert mock.written == []
    assert "SPANS_EXPECTED" in tasks(ax, f"{THREE_DAYS} --dry-run").stdout.upper()
    assert tasks(ax, THREE_DAYS.replace("1d", "3d") + " --dry-run").stderr.startswith("1 window: ")


def test_runs_whose_counters_the_server_left_out_are_told_all_the_same(
    ax: Ax, mock: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lean(request: MockRequest, *, handle: Callable[[MockRequest], MockResponse] = mock.handle) -> MockResponse:
        answer = handle(request)
        return replace(answer, body=re.sub(rb'"num_(errors|skipped)": ?\d+, ?', b"", answer.body))

    monkeypatch.setattr(mock, "handle", lean)

    finished = tasks(ax, f"{THREE_DAYS} -o json")

    assert finished.exit_code == 0
    assert " succeeded, ? in error, ? skipped\n" in finished.stderr
    assert [window["num_errors"] for window in finished.json["windows"]] == [None] * 3


@pytest.mark.parametrize("options", ["", "--dry-run"], ids=["done", "planned"])
def test_every_field_of_a_window_can_be_a_column(ax: Ax, options: str) -> None:
    fields = ",".join(tasks(ax, f"{THREE_DAYS} {options} -o json").json["windows"][0])

    finished = tasks(ax, f"{THREE_DAYS} {options} --columns {fields} -o csv")

    assert finished.stdout.splitlines()[0] == fields


# The status of the first run, options, and what is told.
ENDINGS = [
    ("failed", "", f"{FIRST}: failed"),
    ("cancelled", "", f"{FIRST}: cancelled"),
    ("completed", "--max-spans 10", f"Cut short: {FIRST}; give --split or a larger --max-spans."),
]


@pytest.mark.parametrize(("ends", "options", "said"), ENDINGS)
def test_the_exit_code_tells_that_a_window_is_not_done(
    ax: Ax, mock: Journal, ends: str, options: str, said: str
) -> None:
    tasks(ax, THREE_DAYS)
    for run in runs_of(mock):
        if run.data_start_time is not None and run.data_start_time.day == 1:
            mock.world.change_status(run, ends)

    finished = tasks(ax, f"{THREE_DAYS} --no-split {options}")

    assert finished.exit_code == 6
    assert said in finished.stderr


@pytest.mark.one_contract("beta")
def test_the_reason_of_a_failed_window_is_told_without_the_key(ax: Ax, mock: Journal) -> None:
    tasks(ax, THREE_DAYS)
    for run in runs_of(mock):
        mock.world.change_status(run, "failed")
        run.failure_reason = f"{planted.COMMAND_LINE} was refused"

    finished = tasks(ax, THREE_DAYS)

    assert f"{FIRST}: failed (*** was refused), " in finished.stderr
    assert planted.COMMAND_LINE not in finished.stdout


def test_empty_windows_are_told_with_their_causes(ax: Ax, mock: Journal) -> None:
    tasks(ax, THREE_DAYS)
    for run in runs_of(mock):
        run.counts = Counts()

    finished = tasks(ax, THREE_DAYS)
    again = tasks(ax, f"{THREE_DAYS} --retry-failed")

    assert finished.exit_code == 6
    assert "3 windows: 3 empty.\n" in finished.stderr
    assert (
        "Empty windows evaluated nothing: no data matched, all of it has labels, or the credentials" in finished.stderr
    )
    assert again.exit_code == 0
    assert len(mock.written) == 6


def test_ctrl_c_leaves_the_runs_and_tells_how_to_go_on(ax: Ax, mock: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []

    def interrupt(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 2:
            raise KeyboardInterrupt

    use_virtual_time(monkeypatch, mock, on_pause=interrupt)

    finished = tasks(ax, f"{THREE_DAYS} --override-evaluations --concurrency 2")

    assert finished.exit_code == 130
    assert "Stopped; runs that are under way go on.\nTo go on: ax tasks backfill " in finished.stderr
    command = finished.stderr.splitlines()[-1].partition(": ax tasks ")[2]
    for words in (
        "--from 2026-03-01T00:00:00Z",
        "--window 86400s",
        "--concurrency 2",
        "--override-evaluations",
        "--since 2026-03-",
    ):
        assert words in command
    assert len(mock.written) <= 2

    use_virtual_time(monkeypatch, mock)
    again = tasks(ax, command)

    assert again.exit_code == 0
    assert len(mock.written) == 3


def test_an_error_that_ends_it_comes_with_how_to_go_on(ax: Ax, mock: Journal) -> None:
    mock.faults.add("operation=list_task_runs, after=2, fault=status:401")

    finished = tasks(ax, f"{THREE_DAYS} --override-evaluations")

    assert finished.exit_code == 3
    assert re.search(r"^To go on: ax tasks backfill .* --since 2026-03-\S+$", finished.stderr, re.MULTILINE)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("backfill $SUPPORT_CHECKS --to 2026-03-04", "Missing option '--from'"),
        (f"{THREE_DAYS}x", "'1dx' is not a length of time, such as 7d, 12h or 90m"),
        (THREE_DAYS.replace("1d", "31d"), "--window has to be from an hour to 30 days"),
        (THREE_DAYS.replace("03-04", "03-12"), "--to (2026-03-12 00:00:00+00:00) is in the future"),
        (
            THREE_DAYS.replace("03-04", "02-04"),
            "--from (2026-03-01 00:00:00+00:00) has to be before --to (2026-02-04 00:00:00+00:00)",
        ),
        (f"{THREE_DAYS} --columns spans_expected", "there is no 'spans_expected'; there are: start, end, outcome"),
        (f"{THREE_DAYS} --dry-run --columns cap_known", "there is no 'cap_known'; there are: start, end, outcome"),
        (THREE_DAYS.replace("$SUPPORT_CHECKS", "$GOLDEN_REVIEW"), "a backfill is for evaluation tasks over a project"),
    ],
)
def test_wrong_use_triggers_nothing(ax: Ax, mock: Journal, line: str, said: str) -> None:
    assert_usage_error(tasks(ax, line), said)
    assert mock.written == []
