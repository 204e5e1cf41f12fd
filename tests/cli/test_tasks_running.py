"""Tests of `ax tasks trigger-run` and `cancel-run`: the effect of each option and each rule."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from axtasks.mock import MockServer
from axtasks.mock import default_world as known

from tests.cli.tasks_support import Journal, Servers, assert_usage_error, journal_of, servers, tasks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.cli.support import Ax

MINUTE = 60
EXPERIMENT = "$NIGHTLY_SUMMARIES --experiment-name fresh"
# What options send, by the kind of task they are for.
TRIGGERS: list[tuple[str, dict[str, Any]]] = [
    ("$CHAT_QUALITY", {}),
    ("'Chat Quality Monitor' --space demo", {}),
    ("'Chat Quality Monitor' -s $DEMO", {}),
    ("$CHAT_QUALITY --data-start-time 2026-03-01T00:00:00Z", {"data_start_time": "2026-03-01T00:00:00.000Z"}),
    ("$CHAT_QUALITY --data-end-time 2026-03-09T00:00:00Z", {"data_end_time": "2026-03-09T00:00:00.000Z"}),
    (
        "$CHAT_QUALITY --data-start-time 2026-03-01 --data-end-time '2026-03-02 12:00'",
        {"data_start_time": "2026-03-01T00:00:00.000Z", "data_end_time": "2026-03-02T12:00:00.000Z"},
    ),
    ("$CHAT_QUALITY --data-start-time 2026-03-01T00:00:00+02:00", {"data_start_time": "2026-03-01T00:00:00.000+02:00"}),
    ("$CHAT_QUALITY --max-spans 1", {"max_spans": 1}),
    ("$CHAT_QUALITY --override-evaluations", {"override_evaluations": True}),
    ("$CHAT_QUALITY --no-override-evaluations", {"override_evaluations": False}),
    ("$GOLDEN_REVIEW --experiment-ids $BASELINE,$CANDIDATE", {"experiment_ids": [known.BASELINE, known.CANDIDATE]}),
    (EXPERIMENT, {"experiment_name": "fresh"}),
    (f"{EXPERIMENT} --example-ids 'example-001, example-002'", {"example_ids": ["example-001", "example-002"]}),
    (f"{EXPERIMENT} --max-examples 1", {"max_examples": 1}),
    (f"{EXPERIMENT} --evaluation-task-ids $GOLDEN_REVIEW", {"evaluation_task_ids": [known.GOLDEN_REVIEW]}),
    (f"{EXPERIMENT} --dataset-version-id $GOLDEN_SET_VERSION", {"dataset_version_id": known.GOLDEN_SET_VERSION}),
    (
        f'{EXPERIMENT} --tracing-metadata \'{{"team": "evals", "pr": 7, "tags": ["a"]}}\'',
        {"tracing_metadata": {"team": "evals", "pr": "7", "tags": '["a"]'}},
    ),
]
# What is refused before anything is sent.
MISUSE = [
    ("trigger-run", "TASK"),
    ("trigger-run $CHAT_QUALITY --data-start-time yesterday", "is not a time in ISO 8601"),
    (
        "trigger-run $CHAT_QUALITY --data-start-time 2026-03-02 --data-end-time 2026-03-01",
        "--data-start-time",
    ),
    ("trigger-run $CHAT_QUALITY --data-start-time 2026-01-01 --data-end-time 2026-02-01", "30 days is the most"),
    ("trigger-run $CHAT_QUALITY --max-spans 0", "--max-spans"),
    ("trigger-run $CHAT_QUALITY --max-spans 1.5", "--max-spans"),
    (f"trigger-run {EXPERIMENT} --max-examples 0", "--max-examples"),
    (
        f"trigger-run {EXPERIMENT} --example-ids a --max-examples 3",
        "--example-ids and --max-examples exclude each other",
    ),
    ("trigger-run $NIGHTLY_SUMMARIES --experiment-name ''", "--experiment-name must not be empty"),
    (f"trigger-run {EXPERIMENT} --tracing-metadata '{{\"a\": NaN}}'", "--tracing-metadata['a'] cannot be sent as JSON"),
    (f"trigger-run {EXPERIMENT} --tracing-metadata '[]'", "has to be an object, not an array"),
    ("trigger-run $CHAT_QUALITY --wait --timeout 0", "--timeout"),
    ("trigger-run $CHAT_QUALITY --wait --timeout -1", "--timeout"),
    ("trigger-run $CHAT_QUALITY --wait --timeout nan", "'nan' is not a number"),
    ("trigger-run $CHAT_QUALITY --wait --poll-interval 0", "--poll-interval"),
    ("trigger-run $CHAT_QUALITY --wait --poll-interval nan", "'nan' is not a number"),
    ("trigger-run $CHAT_QUALITY --columns nmae", "there is no 'nmae'"),
    ("trigger-run $CHAT_QUALITY --profile ''", "'--profile': it is empty; leave it out for the default"),
    ("trigger-run $CHAT_QUALITY --base-url ''", "'--base-url': it is empty; leave it out for the default"),
    ("cancel-run", "RUN_ID"),
    ("cancel-run $CHAT_QUALITY_RUN", "there is no terminal to ask on: give --force to go on without asking"),
]
# What does not apply to the task at hand: it is read to find that out, and nothing is written.
NOT_APPLICABLE = [
    ("$CHAT_QUALITY --experiment-name x", "--experiment-name does not apply to template_evaluation tasks"),
    ("$CHAT_QUALITY --example-ids a", "--example-ids does not apply to template_evaluation tasks"),
    ("$CHAT_QUALITY --max-examples 1", "--max-examples does not apply to template_evaluation tasks"),
    ("$CHAT_QUALITY --evaluation-task-ids $GOLDEN_REVIEW", "--evaluation-task-ids does not apply"),
    ("$CHAT_QUALITY --dataset-version-id $GOLDEN_SET_VERSION", "--dataset-version-id does not apply"),
    ("$CHAT_QUALITY --tracing-metadata '{}'", "--tracing-metadata does not apply"),
    ("$CHAT_QUALITY --experiment-ids $BASELINE", "does not apply to template_evaluation tasks over a project"),
    ("$GOLDEN_REVIEW --data-start-time 2026-03-01", "does not apply to template_evaluation tasks over a dataset"),
    ("$GOLDEN_REVIEW --data-end-time 2026-03-01", "does not apply to template_evaluation tasks over a dataset"),
    (f"{EXPERIMENT} --max-spans 1", "--max-spans does not apply to run_experiment tasks"),
    (f"{EXPERIMENT} --no-override-evaluations", "--override-evaluations does not apply to run_experiment tasks"),
    (f"{EXPERIMENT} --data-start-time 2026-03-01", "--data-start-time does not apply to run_experiment tasks"),
    (f"{EXPERIMENT} --experiment-ids $BASELINE", "--experiment-ids does not apply to run_experiment tasks"),
    ("$NIGHTLY_SUMMARIES", "--experiment-name is needed to trigger run_experiment tasks"),
]
# Options that only mean something with --wait.
WAIT_OPTIONS = [
    ("--poll-interval 3", "Warning: --poll-interval does nothing without --wait.\n"),
    ("--timeout 3", "Warning: --timeout does nothing without --wait.\n"),
    ("--no-exit-status", "Warning: --no-exit-status does nothing without --wait.\n"),
    ("--fail-on-errors", "Warning: --fail-on-errors does nothing without --wait.\n"),
    (
        "--timeout 600 --poll-interval 5",
        "Warning: --poll-interval, --timeout do nothing without --wait.\n",
    ),
]


@pytest.fixture(scope="module")
def shared() -> Iterator[Servers]:
    """Yield a shared server in its initial state for every test. Its runs take a minute, and its clock is frozen."""
    with servers(partial(Journal, run_seconds=MINUTE)) as shared:
        yield shared


@pytest.fixture
def server(shared: Servers, dialect: str) -> MockServer:
    return shared.fresh(dialect)


@pytest.fixture
def mock(server: MockServer) -> Journal:
    return journal_of(server)


class TestTrigger:
    @pytest.mark.parametrize(("options", "sent"), TRIGGERS, ids=[case[0] for case in TRIGGERS])
    def test_options_become_the_body(self, ax: Ax, mock: Journal, options: str, sent: dict[str, Any]) -> None:
        finished = tasks(ax, f"trigger-run {options} -q")

        (written,) = mock.written
        name = {"experiment_name": "fresh"} if options.startswith(EXPERIMENT) else {}
        assert finished.exit_code == 0
        assert (written.method, written.body) == ("POST", {**name, **sent})
        assert mock.run(finished.stdout.strip()).status == "pending"

    def test_in_the_space_of_the_environment(self, ax: Ax, mock: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("ARIZE_SPACE", "demo-eu")

        finished = tasks(ax, "trigger-run 'Chat Quality Monitor' -q")

        assert mock.run(finished.stdout.strip()).task_id == known.CHAT_QUALITY_EU

    def test_what_is_shown(self, ax: Ax) -> None:
        """Standard output has the run, standard error a message."""
        finished = tasks(ax, "trigger-run $CHAT_QUALITY -o json")

        assert finished.json["status"] == "pending"
        assert finished.stderr == f"Triggered run {finished.json['id']}.\n"

    @pytest.mark.parametrize(("options", "said"), NOT_APPLICABLE, ids=[case[0] for case in NOT_APPLICABLE])
    def test_options_that_do_not_apply_are_refused(self, ax: Ax, mock: Journal, options: str, said: str) -> None:
        assert_usage_error(tasks(ax, f"trigger-run {options}"), said, "Nothing was changed.")
        assert all(asked.status == 400 for asked in mock.written)

    @pytest.mark.parametrize(
        ("options", "said"),
        [
            pytest.param("Nope -s demo", "no task is named 'Nope'", id="unknown name"),
            pytest.param("T25saW5lVGFzazo5OTk5Og==", "404", id="unknown id"),
            pytest.param("$DEMO", "is the id of a space, not of a task", id="another kind"),
            pytest.param("$SUPPORT_CHECKS", "Give --data-start-time, such as ", id="first run"),
            pytest.param("$NIGHTLY_SUMMARIES --experiment-name baseline", "Choose another name.", id="taken name"),
            pytest.param(
                "$GOLDEN_REVIEW --experiment-ids $CHAT_PROD", "is the id of a project, not of a", id="kind of id"
            ),
        ],
    )
    def test_a_trigger_that_the_server_refuses_is_reported(
        self, ax: Ax, mock: Journal, options: str, said: str
    ) -> None:
        before = len(mock.world.task_runs.all())

        finished = tasks(ax, f"trigger-run {options}")

        assert (finished.exit_code, finished.stdout) == (4, "")
        assert said in finished.stderr
        assert len(mock.world.task_runs.all()) == before

    @pytest.mark.parametrize(("options", "warning"), WAIT_OPTIONS, ids=[case[0] for case in WAIT_OPTIONS])
    def test_options_of_waiting_without_waiting(self, ax: Ax, options: str, warning: str) -> None:
        """A warning is given, even for default values, and the run is triggered all the same."""
        finished = tasks(ax, f"trigger-run $CHAT_QUALITY {options} -o json")

        assert finished.exit_code == 0
        assert finished.json["status"] == "pending"
        assert finished.stderr.startswith(warning)

    def test_defaults_are_not_warned_about(self, ax: Ax) -> None:
        assert "Warning" not in tasks(ax, "trigger-run $CHAT_QUALITY").stderr


class TestCancel:
    @pytest.fixture
    def run_id(self, ax: Ax, mock: Journal) -> str:
        """Return the id of a pending run."""
        run_id = tasks(ax, "trigger-run $CHAT_QUALITY -q").stdout.strip()
        mock.asked = []
        return run_id

    @pytest.mark.parametrize("flag", ["--force", "-f"])
    @pytest.mark.parametrize("passed", [0, MINUTE / 2], ids=["pending", "running"])
    def test_with_force(self, ax: Ax, mock: Journal, run_id: str, flag: str, passed: float) -> None:
        mock.clock.advance(passed)

        finished = tasks(ax, f"cancel-run {run_id} {flag} -o json")

        assert (finished.exit_code, finished.json["status"]) == (0, "cancelled")
        assert finished.stderr == f"Cancelled run {run_id}.\n"
        assert mock.run(run_id).status == "cancelled"

    def test_quiet(self, ax: Ax, run_id: str) -> None:
        finished = tasks(ax, f"cancel-run {run_id} -f -q")

        assert (finished.exit_code, finished.stdout, finished.stderr) == (0, f"{run_id}\n", "")

    @pytest.mark.parametrize(
        ("answer", "code", "status"),
        [
            pytest.param("yes\n", 0, "cancelled", id="yes"),
            pytest.param("no\n", 1, "pending", id="no"),
            pytest.param("\n", 1, "pending", id="no is the default"),
            pytest.param("", 2, "pending", id="no answer"),
        ],
    )
    def test_after_asking(
        self,
        ax: Ax,
        mock: Journal,
        run_id: str,
        *,
        answer: str,
        code: int,
        status: str,
    ) -> None:
        """Any response but a yes changes nothing."""
        finished = tasks(ax, f"cancel-run {run_id} -o json", stdin=answer)

        assert finished.exit_code == code
        assert f"Cancel run {run_id}? [y/N]" in finished.stderr
        assert "Cancel run" not in finished.stdout
        assert mock.run(run_id).status == status
        assert bool(mock.written) == (code == 0)

    @pytest.mark.parametrize(
        ("which", "said"),
        [
            pytest.param("$CHAT_QUALITY_RUN", "is completed and cannot be cancelled", id="completed"),
            pytest.param("$CANCELLED_RUN", "and cannot be cancelled", id="cancelled"),
            pytest.param("$FAILED_RUN", "is failed and cannot be cancelled", id="failed"),
            pytest.param("VGFza1J1bjo5OTk6eA==", "404", id="unknown"),
            pytest.param("$CHAT_QUALITY", "is the id of a task, not of a run", id="another kind"),
        ],
    )
    def test_an_impossible_cancellation_is_reported(self, ax: Ax, which: str, said: str) -> None:
        finished = tasks(ax, f"cancel-run {which} --force")

        assert (finished.exit_code, finished.stdout) == (4, "")
        # The server names a status in its own spelling.
        assert said in finished.stderr.lower()


@pytest.mark.parametrize(("line", "said"), MISUSE, ids=[case[0] for case in MISUSE])
def test_wrong_use_sends_nothing(ax: Ax, mock: Journal, line: str, said: str) -> None:
    assert_usage_error(tasks(ax, line), said)
    assert mock.written == []
