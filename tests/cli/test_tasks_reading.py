"""Tests of `ax tasks list`, `get`, `list-runs` and `get-run`: the effect of each option and each rule."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from axtasks.mock import MockServer, ids
from axtasks.mock import default_world as known
from axtasks.mock.ids import IdKind
from axtasks.mock.world.model import Counts, TaskRun

from tests.cli.tasks_support import (
    CANCELLED_RUN,
    EXPERIMENT_RUN,
    FAILED_RUN,
    NOW,
    Journal,
    Servers,
    assert_usage_error,
    journal_of,
    servers,
    tasks,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.cli.support import Ax

DEMO_TASKS = ["Nightly Summaries", "Support Answer Checks", "Golden Set Review", "Chat Quality Monitor"]
# Which tasks a filter leaves, newest first.
FILTERS = [
    ("--space demo", DEMO_TASKS),
    ("-s demo", DEMO_TASKS),
    ("--space $DEMO", DEMO_TASKS),
    ("--space demo-eu", ["Chat Quality Monitor"]),
    ("--name QUALITY", ["Chat Quality Monitor", "Chat Quality Monitor"]),
    ("-n quality -s demo-eu", ["Chat Quality Monitor"]),
    ("--project $SUPPORT_BOT", ["Support Answer Checks"]),
    ("--project chat-prod --space demo", ["Chat Quality Monitor"]),
    ("--dataset $GOLDEN_SET", ["Nightly Summaries", "Golden Set Review"]),
    ("--dataset golden-set -s demo --task-type template_evaluation", ["Golden Set Review"]),
    ("--task-type code_evaluation", ["Support Answer Checks"]),
    ("--task-type RUN_EXPERIMENT", ["Nightly Summaries"]),
    ("--name nightly --space demo --task-type code_evaluation", []),
]
# What filters send besides the look-ups of names.
SENT = [
    ("", {"limit": "15"}),
    ("-s demo", {"space_id": known.DEMO, "limit": "15"}),
    ("-n x", {"name": "x", "limit": "15"}),
    ("--project $CHAT_PROD -l 3", {"project_id": known.CHAT_PROD, "limit": "3"}),
    ("--dataset $GOLDEN_SET", {"dataset_id": known.GOLDEN_SET, "limit": "15"}),
    ("--task-type run_experiment --limit 1", {"type": "run_experiment", "limit": "1"}),
    ("--all", {"limit": "100"}),
]
# Every command that lists or looks up is refused without a request.
MISUSE = [
    ("list --limit 0", "--limit"),
    ("list --limit many", "'many' is not a valid integer."),
    ("list --columns NAME", "Did you mean 'name'?"),
    ("list --columns 'LAST RUN'", "Did you mean 'last_run_at'?"),
    ("list --limit -3", "--limit"),
    ("list -l many", "--limit"),
    ("list --task-type evaluation", "template_evaluation, code_evaluation, run_experiment"),
    ("list --name ''", "name must not be empty"),
    ("list --space ''", "space must not be empty"),
    ("list extra", "extra"),
    ("list --nonsense", "--nonsense"),
    ("list -o yaml", "table, text, json, jsonl, csv, parquet"),
    ("list --columns nmae", "Did you mean 'name'?"),
    ("list --query 'tasks['", "is not JMESPath"),
    ("get", "TASK"),
    ("list-runs", "TASK"),
    ("list-runs $CHAT_QUALITY --status done", "pending, running, completed, failed, cancelled"),
    ("list-runs $CHAT_QUALITY --limit 0", "--limit"),
    ("get-run", "RUN_ID"),
]


@pytest.fixture(scope="module")
def shared() -> Iterator[Servers]:
    """Yield a shared server, which every test gets in its initial state."""
    with servers(Journal) as shared:
        yield shared


@pytest.fixture
def server(shared: Servers, dialect: str) -> MockServer:
    return shared.fresh(dialect)


@pytest.fixture
def mock(server: MockServer) -> Journal:
    return journal_of(server)


class TestList:
    @pytest.mark.both_contracts
    @pytest.mark.parametrize(("filters", "names"), FILTERS, ids=[case[0] for case in FILTERS])
    def test_filters(self, ax: Ax, filters: str, names: list[str]) -> None:
        finished = tasks(ax, f"list {filters} -o json")

        assert finished.exit_code == 0
        assert [task["name"] for task in finished.json["tasks"]] == names

    @pytest.mark.parametrize(("options", "query"), SENT, ids=[case[0] or "nothing" for case in SENT])
    def test_options_become_the_query(self, ax: Ax, mock: Journal, options: str, query: dict[str, str]) -> None:
        finished = tasks(ax, f"list {options}")

        assert finished.exit_code == 0
        assert next(asked.query for asked in mock.asked if asked.path == "/v2/tasks") == query

    def test_the_space_of_the_environment(self, ax: Ax, monkeypatch: pytest.MonkeyPatch) -> None:
        """ARIZE_SPACE is the default of --space, unless --space or a project is given."""
        monkeypatch.setenv("ARIZE_SPACE", "demo-eu")

        assert tasks(ax, "list -q").stdout.split() == [known.CHAT_QUALITY_EU]
        assert tasks(ax, "list --project chat-prod -q").stdout.split() == [known.CHAT_QUALITY_EU]
        assert tasks(ax, "list --project $SUPPORT_BOT -q").stdout.split() == [known.SUPPORT_CHECKS]
        assert tasks(ax, "list --space demo -n support -q").stdout.split() == [known.SUPPORT_CHECKS]

    @pytest.mark.parametrize(
        ("limit", "shown", "pages"),
        [
            pytest.param("", 15, [15], id="default"),
            pytest.param("--limit 1", 1, [1], id="1"),
            pytest.param("-l 100", 100, [100], id="100"),
            pytest.param("--limit 101", 101, [100, 1], id="101"),
            pytest.param("--limit 130", 130, [100, 30], id="all there are"),
            pytest.param("--limit 1000", 130, [100, 100], id="more than there are"),
            pytest.param("--all", 130, [100, 100], id="all"),
        ],
    )
    def test_the_limit_is_the_number_of_results(
        self, ax: Ax, mock: Journal, limit: str, shown: int, pages: list[int]
    ) -> None:
        """Above 100 the cursor is followed, and no item is repeated."""
        finished = tasks(ax, f"list --space $ARCHIVE {limit} -q")

        assert len(set(finished.stdout.split())) == len(finished.stdout.split()) == shown
        assert [int(asked.query["limit"]) for asked in mock.asked] == pages

    def test_json_of_several_pages_is_one_document(self, ax: Ax) -> None:
        document = tasks(ax, "list --space archive --all -o json").json

        assert len(document["tasks"]) == 130
        assert document["pagination"] == {"has_more": False}

    def test_a_cursor_goes_on_where_the_list_ended(self, ax: Ax) -> None:
        """The hint on standard error can be pasted; both spellings of the option take it."""
        every = tasks(ax, "list -s demo -q").stdout.split()

        first = tasks(ax, "list -s demo -l 3")
        cursor = first.stderr.partition("--cursor ")[2].partition(",")[0]

        assert tasks(ax, "list -s demo -l 3 -o json").json["pagination"]["next_cursor"] == cursor
        assert tasks(ax, f"list -s demo -q --cursor {cursor}").stdout.split() == every[3:]
        assert tasks(ax, f"list -s demo -q -c {cursor} --all").stdout.split() == every[3:]

    def test_a_cursor_of_another_list_is_refused(self, ax: Ax) -> None:
        cursor = tasks(ax, "list -s demo -l 1 -o json").json["pagination"]["next_cursor"]

        finished = tasks(ax, f"list -s demo-eu -c {cursor}")

        assert (finished.exit_code, finished.stdout) == (4, "")
        assert "cursor" in finished.stderr

    def test_the_end_has_no_hint(self, ax: Ax) -> None:
        assert tasks(ax, "list -s demo").stderr == ""

    def test_nothing_found_is_said_on_standard_error(self, ax: Ax) -> None:
        finished = tasks(ax, "list --name 'nothing bears this name'")

        assert (finished.exit_code, finished.stdout, finished.stderr) == (0, "", "No tasks.\n")

    def test_chosen_columns(self, ax: Ax) -> None:
        finished = tasks(ax, "list -s demo-eu --columns name,sampling_rate -o csv")

        assert finished.stdout == "name,sampling_rate\nChat Quality Monitor,0.1\n"

    def test_a_query(self, ax: Ax) -> None:
        finished = tasks(ax, "list -s demo --query 'tasks[?is_continuous].name'")

        assert finished.json == ["Chat Quality Monitor"]


class TestGet:
    @pytest.mark.parametrize(
        "which",
        [
            "$CHAT_QUALITY",
            "'Chat Quality Monitor' --space demo",
            "'Chat Quality Monitor' -s demo",
            "'Chat Quality Monitor' -s $DEMO",
        ],
    )
    def test_by_id_or_name(self, ax: Ax, which: str) -> None:
        assert tasks(ax, f"get {which} -q").stdout == f"{known.CHAT_QUALITY}\n"

    def test_by_name_in_the_space_of_the_environment(self, ax: Ax, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("ARIZE_SPACE", "demo-eu")

        assert tasks(ax, "get 'Chat Quality Monitor' -q").stdout.strip() == known.CHAT_QUALITY_EU
        assert tasks(ax, "get 'Chat Quality Monitor' -s demo -q").stdout.strip() == known.CHAT_QUALITY

    @pytest.mark.parametrize(
        ("which", "said"),
        [
            pytest.param("'chat quality monitor' -s demo", "did you mean 'Chat Quality Monitor'?", id="other case"),
            pytest.param("Nope -s demo", "no task is named 'Nope'", id="unknown name"),
            pytest.param("Nope -s nowhere", "no space is named 'nowhere'", id="unknown space"),
            pytest.param("Nope -s sandbox", "2 spaces are named 'sandbox'", id="ambiguous space"),
            pytest.param("$CHAT_PROD", "is the id of a project, not of a task", id="another kind"),
            pytest.param("T25saW5lVGFzazo5OTk5Og==", "404", id="unknown id"),
        ],
    )
    def test_what_is_not_there(self, ax: Ax, which: str, said: str) -> None:
        finished = tasks(ax, f"get {which}")

        assert (finished.exit_code, finished.stdout) == (4, "")
        assert said in finished.stderr

    def test_all_fields_are_shown(self, ax: Ax) -> None:
        finished = tasks(ax, "get $NIGHTLY_SUMMARIES")

        assert finished.stderr == ""
        assert "{{input}}" in finished.stdout
        assert "2026-03-09 02:00:00Z" in finished.stdout


class TestListRuns:
    @pytest.mark.parametrize(
        ("options", "found"),
        [
            pytest.param("$CHAT_QUALITY_EU", [FAILED_RUN, CANCELLED_RUN], id="newest first"),
            pytest.param("'Chat Quality Monitor' --space demo-eu", [FAILED_RUN, CANCELLED_RUN], id="by name"),
            pytest.param("'Chat Quality Monitor' -s demo", [known.CHAT_QUALITY_RUN], id="by name elsewhere"),
            pytest.param("$CHAT_QUALITY_EU --status failed", [FAILED_RUN], id="failed"),
            pytest.param("$CHAT_QUALITY_EU --status CANCELLED", [CANCELLED_RUN], id="cancelled"),
            pytest.param("$CHAT_QUALITY_EU --status completed", [], id="completed"),
            pytest.param("$CHAT_QUALITY_EU --status pending", [], id="pending"),
            pytest.param("$CHAT_QUALITY_EU --status running", [], id="running"),
            pytest.param("$NIGHTLY_SUMMARIES", [EXPERIMENT_RUN], id="of an experiment"),
        ],
    )
    def test_options_choose_the_listed_runs(self, ax: Ax, options: str, found: list[str]) -> None:
        finished = tasks(ax, f"list-runs {options} -o json")

        assert finished.exit_code == 0
        assert [run["id"] for run in finished.json["task_runs"]] == found

    def test_by_name_in_the_space_of_the_environment(self, ax: Ax, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("ARIZE_SPACE", "demo")

        assert tasks(ax, "list-runs 'Nightly Summaries' -q").stdout.strip() == EXPERIMENT_RUN

    def test_no_runs_are_said_on_standard_error(self, ax: Ax) -> None:
        finished = tasks(ax, "list-runs $SUPPORT_CHECKS")

        assert (finished.exit_code, finished.stdout, finished.stderr) == (0, "", "No runs.\n")

    @pytest.mark.parametrize(
        ("options", "shown", "pages"),
        [
            pytest.param("", 15, [15], id="default"),
            pytest.param("-l 2", 2, [2], id="2"),
            pytest.param("--limit 103", 103, [100, 3], id="103"),
            pytest.param("--all", 106, [100, 100], id="all"),
        ],
    )
    def test_many(self, ax: Ax, mock: Journal, options: str, shown: int, pages: list[int]) -> None:
        add_runs(mock, 105)

        finished = tasks(ax, f"list-runs $CHAT_QUALITY {options} -q")

        assert len(set(finished.stdout.split())) == shown
        assert [int(asked.query["limit"]) for asked in mock.asked] == pages

    def test_a_cursor_goes_on_where_the_list_ended(self, ax: Ax, mock: Journal) -> None:
        add_runs(mock, 5)

        first = tasks(ax, "list-runs $CHAT_QUALITY --limit 4 -o json").json
        rest = tasks(ax, f"list-runs $CHAT_QUALITY --cursor {first['pagination']['next_cursor']} -q")

        assert [run["id"] for run in first["task_runs"]] + rest.stdout.split() == tasks(
            ax, "list-runs $CHAT_QUALITY -q"
        ).stdout.split()


class TestGetRun:
    def test_by_id(self, ax: Ax) -> None:
        run = tasks(ax, "get-run $CHAT_QUALITY_RUN -o json").json

        assert (run["id"], run["num_successes"], run["experiment_id"]) == (known.CHAT_QUALITY_RUN, 4850, None)

    @pytest.mark.parametrize(
        ("which", "said"),
        [
            pytest.param("VGFza1J1bjo5OTk6eA==", "404", id="unknown"),
            pytest.param("$CHAT_QUALITY", "is the id of a task, not of a run", id="another kind"),
        ],
    )
    def test_what_is_not_there(self, ax: Ax, which: str, said: str) -> None:
        finished = tasks(ax, f"get-run {which}")

        assert (finished.exit_code, finished.stdout) == (4, "")
        assert said in finished.stderr


@pytest.mark.parametrize(
    ("line", "identifier"),
    [
        ("list -s demo-eu", known.CHAT_QUALITY_EU),
        ("get $CHAT_QUALITY", known.CHAT_QUALITY),
        ("list-runs $CHAT_QUALITY", known.CHAT_QUALITY_RUN),
        ("get-run $CHAT_QUALITY_RUN", known.CHAT_QUALITY_RUN),
    ],
)
def test_quiet_prints_ids_alone(ax: Ax, line: str, identifier: str) -> None:
    for flag in ("-q", "--quiet"):
        finished = tasks(ax, f"{line} {flag}")

        assert (finished.exit_code, finished.stdout, finished.stderr) == (0, f"{identifier}\n", "")


@pytest.mark.parametrize(("line", "said"), MISUSE, ids=[case[0] for case in MISUSE])
def test_wrong_use_sends_nothing(ax: Ax, mock: Journal, line: str, said: str) -> None:
    assert_usage_error(tasks(ax, line), said)
    assert mock.asked == []


def add_runs(mock: Journal, count: int) -> None:
    """Add runs to the first task."""
    for number in range(count):
        created_at = NOW - timedelta(minutes=count - number)
        run_id = ids.encode(IdKind.TASK_RUN, 2000 + number, "more")
        mock.world.add(TaskRun(run_id, known.CHAT_QUALITY, "completed", created_at, None, counts=Counts(1)))


@pytest.mark.parametrize(
    "command",
    ["get 'Golden Set Review'", "list-runs 'Golden Set Review'", "list --project support-bot"],
)
def test_a_name_needs_no_space_where_only_one_thing_bears_it(ax: Ax, command: str) -> None:
    assert tasks(ax, command).exit_code == 0


@pytest.mark.parametrize(
    "command", ["get 'Chat Quality Monitor'", "list-runs 'Chat Quality Monitor'", "list --project chat-prod"]
)
def test_a_name_of_several_spaces_is_refused_with_their_ids(ax: Ax, command: str) -> None:
    finished = tasks(ax, command)

    assert (finished.exit_code, finished.stdout) == (4, "")
    assert "give a space, or one of their ids" in finished.stderr
