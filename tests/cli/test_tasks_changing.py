"""Tests of `ax tasks update` and `delete`: the effect of each option and each rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from axtasks.mock import MockServer
from axtasks.mock import default_world as known

from tests.cli.support import RUN_CONFIGURATION, Ax
from tests.cli.tasks_support import Journal, Servers, assert_usage_error, journal_of, servers, tasks

if TYPE_CHECKING:
    from collections.abc import Iterator

# What options put into the request.
CHANGES: list[tuple[str, dict[str, Any]]] = [
    ("$CHAT_QUALITY --name Better", {"name": "Better"}),
    ("$CHAT_QUALITY -n Better", {"name": "Better"}),
    ("'Chat Quality Monitor' --space demo --name Better", {"name": "Better"}),
    ("'Chat Quality Monitor' -s $DEMO --name Better", {"name": "Better"}),
    ("$CHAT_QUALITY --sampling-rate 0", {"sampling_rate": 0}),
    ("$CHAT_QUALITY --sampling-rate 0.25", {"sampling_rate": 0.25}),
    ("$CHAT_QUALITY --is-continuous", {"is_continuous": True}),
    ("$CHAT_QUALITY --no-continuous", {"is_continuous": False}),
    ("$CHAT_QUALITY --query-filter 'a = 1'", {"query_filter": "a = 1"}),
    ("$CHAT_QUALITY --query-filter ''", {"query_filter": None}),
    ("$CHAT_QUALITY --evaluator 'Relevance Eval' -s demo", {"evaluators": [{"evaluator_id": known.RELEVANCE}]}),
    (
        "$CHAT_QUALITY --evaluator 'Relevance Eval:input=a' --evaluators '[\"$HALLUCINATION\"]' -s demo",
        {
            "evaluators": [
                {"evaluator_id": known.HALLUCINATION},
                {"evaluator_id": known.RELEVANCE, "column_mappings": {"input": "a"}},
            ]
        },
    ),
    (
        "$CHAT_QUALITY --name Better --sampling-rate 1 --no-continuous --query-filter ''",
        {"name": "Better", "sampling_rate": 1, "is_continuous": False, "query_filter": None},
    ),
    ("$NIGHTLY_SUMMARIES --name Better", {"name": "Better"}),
    ("$GOLDEN_REVIEW --no-continuous", {"is_continuous": False}),
]
# What is refused before anything is sent.
MISUSE = [
    ("update", "TASK"),
    ("update $CHAT_QUALITY", "there is nothing to update: give at least one field"),
    ("update $CHAT_QUALITY --name ''", "name must not be empty"),
    ("update $CHAT_QUALITY --sampling-rate 2", "--sampling-rate"),
    ("update $CHAT_QUALITY --sampling-rate -1", "--sampling-rate"),
    ("update $CHAT_QUALITY --sampling-rate nan", "'nan' is not a number"),
    ("update $CHAT_QUALITY --evaluators '[]'", "evaluators needs at least one entry"),
    ("update $CHAT_QUALITY --evaluators '{}'", "has to be an array, not an object"),
    ("update $CHAT_QUALITY --evaluators '[{\"id\": 1}]'", "Error: --evaluators[0]: id: is not a known field"),
    ("update $CHAT_QUALITY --run-configuration '[]'", "has to be an object, not an array"),
    ("update $CHAT_QUALITY --run-configuration '{}'", "experiment_type has to be one of"),
    ("update $CHAT_QUALITY --project x", "--project"),
    ("update $CHAT_QUALITY --name x --columns nmae", "Did you mean 'name'?"),
    ("update 'Chat Quality Monitor' --name x", "Give --space, or the id instead of the name."),
    ("delete", "TASK"),
    ("delete $CHAT_QUALITY --force --output json", "--output"),
    ("delete 'Chat Quality Monitor' --force", "Give --space, or the id instead of the name."),
]
# What does not apply to the task at hand: it is read to find that out, and nothing is written.
NOT_APPLICABLE = [
    ("$NIGHTLY_SUMMARIES --sampling-rate 0.5", "--sampling-rate does not apply to run_experiment tasks"),
    ("$NIGHTLY_SUMMARIES --no-continuous", "--is-continuous does not apply to run_experiment tasks"),
    ("$NIGHTLY_SUMMARIES --query-filter ''", "--query-filter does not apply to run_experiment tasks"),
    ("$NIGHTLY_SUMMARIES --evaluator $RELEVANCE", "--evaluators does not apply to run_experiment tasks"),
    (
        f"$CHAT_QUALITY --run-configuration '{RUN_CONFIGURATION}'",
        "--run-configuration does not apply to template_evaluation tasks",
    ),
    (
        "$GOLDEN_REVIEW --sampling-rate 0.5",
        "--sampling-rate does not apply to template_evaluation tasks over a dataset",
    ),
    ("$GOLDEN_REVIEW --is-continuous", "--is-continuous does not apply to template_evaluation tasks over a dataset"),
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


class TestUpdate:
    @pytest.mark.parametrize(("options", "sent"), CHANGES, ids=[case[0] for case in CHANGES])
    def test_given_fields_are_changed(self, ax: Ax, mock: Journal, options: str, sent: dict[str, Any]) -> None:
        """Only the given fields are sent."""
        finished = tasks(ax, f"update {options}")

        (written,) = mock.written
        assert finished.exit_code == 0
        assert (written.method, written.body) == ("PATCH", sent)

    def test_the_run_configuration_is_replaced_whole(self, ax: Ax, mock: Journal) -> None:
        finished = tasks(ax, f"update $NIGHTLY_SUMMARIES --run-configuration '{RUN_CONFIGURATION}'")

        changed = mock.task(known.NIGHTLY_SUMMARIES).run_configuration
        assert finished.exit_code == 0
        assert changed is not None
        assert changed["messages"] == [{"role": "user", "content": "{{input}}"}]
        assert "Answer in one sentence." not in finished.stdout

    def test_the_filter_is_cleared(self, ax: Ax, mock: Journal) -> None:
        assert mock.task().query_filter is not None

        finished = tasks(ax, "update $CHAT_QUALITY --query-filter '' -o json")

        assert finished.json["query_filter"] is None
        assert mock.task().query_filter is None

    def test_what_is_shown(self, ax: Ax) -> None:
        """Standard output has the changed task, standard error a message; with --quiet, there is the id alone."""
        shown = tasks(ax, "update $CHAT_QUALITY --name Better -o json")
        quiet = tasks(ax, "update $CHAT_QUALITY --name 'Better still' -q")

        assert shown.json["name"] == "Better"
        assert shown.stderr == f"Updated task 'Better' ({known.CHAT_QUALITY}).\n"
        assert (quiet.stdout, quiet.stderr) == (f"{known.CHAT_QUALITY}\n", "")

    def test_in_the_space_of_the_environment(self, ax: Ax, mock: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("ARIZE_SPACE", "demo-eu")

        tasks(ax, "update 'Chat Quality Monitor' --name Better")

        assert mock.task(known.CHAT_QUALITY_EU).name == "Better"

    @pytest.mark.parametrize(("options", "said"), NOT_APPLICABLE, ids=[case[0] for case in NOT_APPLICABLE])
    def test_options_that_do_not_apply_are_refused(self, ax: Ax, mock: Journal, options: str, said: str) -> None:
        assert_usage_error(tasks(ax, f"update {options}"), said, "Nothing was changed.")
        assert all(asked.status == 400 for asked in mock.written)

    @pytest.mark.parametrize(
        ("options", "said"),
        [
            pytest.param("$CHAT_QUALITY --name 'Golden Set Review'", "Choose another name.", id="taken name"),
            pytest.param("Nope -s demo --name x", "no task is named 'Nope'", id="unknown name"),
            pytest.param("$CHAT_QUALITY --evaluator Nope -s demo", "no evaluator is named 'Nope'", id="evaluator"),
            pytest.param("T25saW5lVGFzazo5OTk5Og== --name x", "404", id="unknown id"),
        ],
    )
    def test_a_change_that_the_server_refuses_is_reported(self, ax: Ax, options: str, said: str) -> None:
        finished = tasks(ax, f"update {options}")

        assert (finished.exit_code, finished.stdout) == (4, "")
        assert said in finished.stderr


class TestDelete:
    @pytest.mark.parametrize(
        "which",
        [
            "$CHAT_QUALITY --force",
            "$CHAT_QUALITY -f",
            "'Chat Quality Monitor' --space demo --force",
            "'Chat Quality Monitor' -s $DEMO -f",
        ],
    )
    def test_with_force(self, ax: Ax, mock: Journal, which: str) -> None:
        """The task and its runs are deleted, and standard output is empty."""
        finished = tasks(ax, f"delete {which}")

        assert (finished.exit_code, finished.stdout) == (0, "")
        assert finished.stderr.startswith("Deleted task ")
        assert known.CHAT_QUALITY not in mock.world.tasks
        assert known.CHAT_QUALITY_RUN not in mock.world.task_runs

    def test_quiet(self, ax: Ax) -> None:
        finished = tasks(ax, "delete $CHAT_QUALITY -f -q")

        assert (finished.exit_code, finished.stdout, finished.stderr) == (0, "", "")

    def test_twice(self, ax: Ax) -> None:
        tasks(ax, "delete $CHAT_QUALITY --force")

        finished = tasks(ax, "delete $CHAT_QUALITY --force")

        assert (finished.exit_code, finished.stdout) == (4, "")
        assert "404" in finished.stderr

    @pytest.mark.parametrize(
        ("answer", "code", "said", "deleted"),
        [
            pytest.param("y\n", 0, "Deleted task", True, id="yes"),
            pytest.param("n\n", 1, "Nothing was done.", False, id="no"),
            pytest.param("\n", 1, "Nothing was done.", False, id="no is the default"),
            pytest.param("", 2, "there is no terminal to ask on: give --force", False, id="no answer"),
        ],
    )
    def test_after_asking(
        self,
        ax: Ax,
        mock: Journal,
        *,
        answer: str,
        code: int,
        said: str,
        deleted: bool,
    ) -> None:
        """The question on standard error shows the task; only a yes on standard input deletes it."""
        finished = tasks(ax, "delete $CHAT_QUALITY", stdin=answer)

        assert (finished.exit_code, finished.stdout) == (code, "")
        assert "Delete task 'Chat Quality Monitor' and all its runs? This cannot be undone." in finished.stderr
        assert said in finished.stderr
        assert (known.CHAT_QUALITY not in mock.world.tasks) == deleted
        assert bool(mock.written) == deleted

    def test_a_task_that_is_not_there_is_not_asked_about(self, ax: Ax, mock: Journal) -> None:
        finished = tasks(ax, "delete 'Chat Qualty Monitor' -s demo", stdin="y\n")

        assert finished.exit_code == 4
        assert "Delete task" not in finished.stderr
        assert mock.written == []


@pytest.mark.parametrize(("line", "said"), MISUSE, ids=[case[0] for case in MISUSE])
def test_wrong_use_sends_nothing(ax: Ax, mock: Journal, line: str, said: str) -> None:
    assert_usage_error(tasks(ax, line), said)
    assert mock.asked == []
