"""Tests of every example command on the documents' command line page, with ids of the world for its placeholders."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING, Any

import pytest
from axtasks.mock import default_world as known

if TYPE_CHECKING:
    from collections.abc import Callable

    from axtasks.mock import Mock

    from tests.cli.support import Ax, Finished

PLACEHOLDERS = {
    "sp_abc123": known.DEMO,
    "proj_abc123": known.CHAT_PROD,
    "ds_xyz789": known.GOLDEN_SET,
    "ev_abc123": known.HALLUCINATION,
    "exp_abc123": known.BASELINE,
    "exp_def456": known.CANDIDATE,
    "task_abc123": known.CHAT_QUALITY,
    "run_abc123": known.CHAT_QUALITY_RUN,
    "ai_abc": known.OPENAI_MAIN,
}


def run(ax: Ax, command: str, **bound: str) -> Finished:
    """Run a command with its placeholders replaced."""
    for placeholder, value in {**PLACEHOLDERS, **bound}.items():
        command = command.replace(placeholder, value)
    program, *arguments = shlex.split(command.replace("\\\n", " "))
    assert program == "ax"
    return ax(*arguments)


def task(mock: Mock, name: str) -> Any:
    """Return the task of a name in the space `demo`."""
    task_id = mock.world.task_named(known.DEMO, name)
    assert task_id is not None, f"there is no task {name!r}"
    return mock.world.tasks.get(task_id)


def pending_run(ax: Ax) -> str:
    """Return the id of a run that was never polled."""
    finished = ax.tasks("trigger-run", known.CHAT_QUALITY, "--quiet")
    assert finished.exit_code == 0
    return finished.stdout.strip()


class TestList:
    def test_of_a_space(self, ax: Ax) -> None:
        finished = run(ax, "ax tasks list --space sp_abc123")

        assert finished.exit_code == 0
        assert "Chat Quality Monitor" in finished.stdout
        assert "nightly-001" not in finished.stdout

    def test_of_a_space_by_type(self, ax: Ax) -> None:
        finished = run(ax, "ax tasks list --space sp_abc123 --task-type template_evaluation")

        assert finished.exit_code == 0
        assert "Chat Quality Monitor" in finished.stdout
        assert "Nightly Summaries" not in finished.stdout

    def test_of_a_project_to_a_file(self, ax: Ax) -> None:
        finished = run(ax, "ax tasks list --project proj_abc123 --output tasks.json")

        assert (finished.exit_code, finished.stdout) == (0, "")
        written = json.loads((ax.folder / "tasks.json").read_text(encoding="utf-8"))
        assert [each["name"] for each in written["tasks"]] == ["Chat Quality Monitor"]


class TestCreate:
    def test_over_a_project(self, ax: Ax) -> None:
        finished = run(
            ax,
            """ax tasks create \\
              --name "Relevance Monitor" \\
              --task-type template_evaluation \\
              --project proj_abc123 \\
              --evaluators '[{"evaluator_id": "ev_abc123"}]' \\
              --is-continuous \\
              --sampling-rate 0.1""",
        )

        assert finished.exit_code == 0
        created = task(ax.mock, "Relevance Monitor")
        assert created.id in finished.stdout
        assert (created.project_id, created.is_continuous, created.sampling_rate) == (known.CHAT_PROD, True, 0.1)

    def test_over_a_dataset(self, ax: Ax) -> None:
        finished = run(
            ax,
            """ax tasks create \\
              --name "Experiment Evaluation" \\
              --task-type template_evaluation \\
              --dataset ds_xyz789 \\
              --experiment-ids "exp_abc123,exp_def456" \\
              --evaluators '[{"evaluator_id": "ev_abc123"}]' \\
              --no-continuous""",
        )

        assert finished.exit_code == 0
        created = task(ax.mock, "Experiment Evaluation")
        assert created.experiment_ids == (known.BASELINE, known.CANDIDATE)
        assert (created.dataset_id, created.is_continuous) == (known.GOLDEN_SET, False)

    def test_of_an_experiment(self, ax: Ax) -> None:
        finished = run(
            ax,
            """ax tasks create \\
              --name "GPT-4o Summarization" \\
              --task-type run_experiment \\
              --dataset ds_xyz789 \\
              --run-configuration '{"experiment_type": "llm_generation", "ai_integration_id": "ai_abc", """
            """"model_name": "gpt-4o", "messages": [{"role": "user", "content": "{{input}}"}]}'""",
        )

        assert finished.exit_code == 0
        created = task(ax.mock, "GPT-4o Summarization")
        assert created.run_configuration["messages"] == [{"role": "user", "content": "{{input}}"}]

    def test_evaluation(self, ax: Ax) -> None:
        finished = run(
            ax,
            """ax tasks create-evaluation \\
              --name "Relevance Monitor" \\
              --task-type template_evaluation \\
              --project proj_abc123 \\
              --evaluators '[{"evaluator_id": "ev_abc123"}]' \\
              --sampling-rate 0.1 \\
              --is-continuous""",
        )

        assert finished.exit_code == 0
        assert task(ax.mock, "Relevance Monitor").is_continuous

    def test_run_experiment_from_a_file(self, ax: Ax) -> None:
        (ax.folder / "run_config.json").write_text(
            json.dumps(
                {
                    "experiment_type": "llm_generation",
                    "ai_integration_id": known.OPENAI_MAIN,
                    "model_name": "gpt-4o",
                    "messages": [{"role": "user", "content": "{{input}}"}],
                }
            ),
            encoding="utf-8",
        )

        finished = run(
            ax,
            """ax tasks create-run-experiment \\
              --name "GPT-4o Summarization" \\
              --dataset ds_xyz789 \\
              --run-configuration @./run_config.json""",
        )

        assert finished.exit_code == 0
        assert task(ax.mock, "GPT-4o Summarization").run_configuration["model_name"] == "gpt-4o"

    def test_evaluators_with_nulls(self, ax: Ax) -> None:
        """The page's format of evaluators, nulls and all."""
        evaluators = json.dumps([{"evaluator_id": known.HALLUCINATION, "query_filter": None, "column_mappings": None}])

        finished = ax.tasks(
            "create", "--name", "Nulls", "--task-type", "template_evaluation",
            "--project", known.CHAT_PROD, "--evaluators", evaluators,
        )  # fmt: skip

        assert finished.exit_code == 0
        assert task(ax.mock, "Nulls").evaluators[0].query_filter is None


class TestChange:
    def test_get(self, ax: Ax) -> None:
        finished = run(ax, "ax tasks get task_abc123")

        assert finished.exit_code == 0
        assert known.CHAT_QUALITY in finished.stdout
        assert "Hallucination Eval" in finished.stdout

    def test_update(self, ax: Ax) -> None:
        finished = run(ax, 'ax tasks update task_abc123 --name "Relevance Monitor v2" --sampling-rate 0.25')

        assert finished.exit_code == 0
        assert task(ax.mock, "Relevance Monitor v2").sampling_rate == 0.25

    def test_delete(self, ax: Ax) -> None:
        finished = run(ax, "ax tasks delete task_abc123 --force")

        assert (finished.exit_code, finished.stdout) == (0, "")
        assert ax.mock.world.tasks.get(known.CHAT_QUALITY) is None


class TestTrigger:
    @pytest.mark.parametrize(
        ("command", "status"),
        [
            pytest.param("ax tasks trigger-run task_abc123", "pending", id="and return"),
            pytest.param("ax tasks trigger-run task_abc123 --wait", "completed", id="and wait"),
            pytest.param(
                "ax tasks trigger-run task_abc123 --wait --timeout 300 --poll-interval 10",
                "completed",
                id="and wait with limits",
            ),
        ],
    )
    def test_trigger(self, ax: Ax, command: str, status: str) -> None:
        finished = run(ax, command + " --output json")

        assert finished.exit_code == 0
        assert finished.json["status"] == status
        assert ax.mock.world.task_runs.get(finished.json["id"]) is not None

    def test_a_window_of_31_days_is_refused(self, ax: Ax) -> None:
        """The command line page asks for more than the REST page allows; the error says so, and no run is made."""
        before = len(ax.mock.world.task_runs.all())

        finished = run(
            ax,
            """ax tasks trigger-run task_abc123 \\
              --data-start-time 2024-01-01T00:00:00Z \\
              --data-end-time 2024-02-01T00:00:00Z""",
        )

        assert (finished.exit_code, finished.stdout) == (2, "")
        assert "31 days" in finished.stderr
        assert "30 days is the most" in finished.stderr
        assert len(ax.mock.world.task_runs.all()) == before


class TestRuns:
    @pytest.mark.parametrize(
        ("command", "shown"),
        [
            pytest.param("ax tasks list-runs task_abc123", True, id="all"),
            pytest.param("ax tasks list-runs task_abc123 --status completed", True, id="completed"),
            pytest.param("ax tasks list-runs task_abc123 --status failed", False, id="failed"),
        ],
    )
    def test_list_runs(self, ax: Ax, command: str, shown: bool) -> None:
        finished = run(ax, command)

        assert finished.exit_code == 0
        assert (known.CHAT_QUALITY_RUN in finished.stdout) is shown

    def test_list_runs_to_a_file(self, ax: Ax) -> None:
        finished = run(ax, "ax tasks list-runs task_abc123 --status failed --output runs.json")

        assert (finished.exit_code, finished.stdout) == (0, "")
        written = json.loads((ax.folder / "runs.json").read_text(encoding="utf-8"))
        assert written == {"task_runs": [], "pagination": {"has_more": False}}

    def test_get_run(self, ax: Ax) -> None:
        finished = run(ax, "ax tasks get-run run_abc123")

        assert finished.exit_code == 0
        assert "4850" in finished.stdout

    @pytest.mark.parametrize(
        "command",
        ["ax tasks wait-for-run run_abc123", "ax tasks wait-for-run run_abc123 --timeout 300 --poll-interval 10"],
    )
    def test_wait_for_run(self, ax: Ax, command: str) -> None:
        finished = run(ax, command)

        assert finished.exit_code == 0
        assert "completed" in finished.stdout


class TestCancel:
    """Tests of `cancel` with long runs."""

    @pytest.fixture
    def mock(self) -> Mock:
        from axtasks.mock import Mock

        return Mock(run_seconds=3600)

    def test_with_force(self, ax: Ax) -> None:
        finished = run(ax, "ax tasks cancel-run run_abc123 --force", run_abc123=pending_run(ax))

        assert finished.exit_code == 0
        assert "cancelled" in finished.stdout

    def test_after_asking(self, ax: Ax, monkeypatch: pytest.MonkeyPatch) -> None:
        run_id = pending_run(ax)
        answers: list[str] = []
        monkeypatch.setattr("click.confirm", yes(answers))

        finished = run(ax, "ax tasks cancel-run run_abc123", run_abc123=run_id)

        assert finished.exit_code == 0
        assert answers == [f"Cancel run {run_id}?"]
        assert ax.mock.world.task_runs.get(run_id).status == "cancelled"  # type: ignore[union-attr]  # it is there

    def test_without_a_terminal_to_ask_on(self, ax: Ax) -> None:
        run_id = pending_run(ax)

        finished = run(ax, "ax tasks cancel-run run_abc123", run_abc123=run_id)

        assert finished.exit_code == 2
        assert "--force" in finished.stderr
        assert ax.mock.world.task_runs.get(run_id).status == "pending"  # type: ignore[union-attr]  # it is there


def yes(questions: list[str]) -> Callable[..., bool]:
    """Answer yes to every question, and record the questions."""

    def confirm(question: str, **_: Any) -> bool:
        questions.append(question)
        return True

    return confirm
