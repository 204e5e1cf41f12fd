"""Tests of `ax tasks create`, `create-evaluation` and `create-run-experiment`: each option and each rule."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from axtasks.mock import MockServer
from axtasks.mock import default_world as known

from tests.cli.support import NEW_TASK, RUN_CONFIGURATION, Ax
from tests.cli.tasks_support import Journal, Servers, assert_usage_error, journal_of, servers, tasks
from tests.dialects import spoken, status_of_taken_name

if TYPE_CHECKING:
    from collections.abc import Iterator

NAMED = f"--name '{NEW_TASK}'"
CONFIGURED = f"--run-configuration '{RUN_CONFIGURATION}'"
TEMPLATE = "--task-type template_evaluation"
OVER_PROJECT = "--project $CHAT_PROD --evaluator $HALLUCINATION"
OVER_DATASET = "--dataset $GOLDEN_SET --evaluator $HALLUCINATION --experiment-ids $BASELINE"
HALLUCINATION = {"evaluator_id": known.HALLUCINATION}
RELEVANCE = {"evaluator_id": known.RELEVANCE}
JSON_SHAPE = {"evaluator_id": known.JSON_SHAPE}
# What options put into the request, besides name, type and an evaluator. Both commands have them.
FIELDS: list[tuple[str, dict[str, Any]]] = [
    ("--project $CHAT_PROD", {"project_id": known.CHAT_PROD}),
    ("--project chat-prod --space demo", {"project_id": known.CHAT_PROD}),
    ("--project chat-prod -s $DEMO_EU", {"project_id": known.CHAT_PROD_EU}),
    ("--project $CHAT_PROD --sampling-rate 0", {"project_id": known.CHAT_PROD, "sampling_rate": 0}),
    ("--project $CHAT_PROD --sampling-rate 0.25", {"project_id": known.CHAT_PROD, "sampling_rate": 0.25}),
    ("--project $CHAT_PROD --sampling-rate 1", {"project_id": known.CHAT_PROD, "sampling_rate": 1}),
    ("--project $CHAT_PROD --is-continuous", {"project_id": known.CHAT_PROD, "is_continuous": True}),
    ("--project $CHAT_PROD --no-continuous", {"project_id": known.CHAT_PROD, "is_continuous": False}),
    ("--project $CHAT_PROD --query-filter 'a = 1'", {"project_id": known.CHAT_PROD, "query_filter": "a = 1"}),
    (
        "--dataset $GOLDEN_SET --experiment-ids $BASELINE",
        {"dataset_id": known.GOLDEN_SET, "experiment_ids": [known.BASELINE]},
    ),
    (
        "--dataset golden-set --space demo --experiment-ids ' $BASELINE,, $CANDIDATE,'",
        {"dataset_id": known.GOLDEN_SET, "experiment_ids": [known.BASELINE, known.CANDIDATE]},
    ),
    (
        "--dataset $GOLDEN_SET --experiment-ids $BASELINE --no-continuous",
        {"dataset_id": known.GOLDEN_SET, "experiment_ids": [known.BASELINE], "is_continuous": False},
    ),
]
# What the two ways to give evaluators send.
EVALUATORS: list[tuple[str, list[dict[str, Any]]]] = [
    ("--evaluator 'Hallucination Eval'", [HALLUCINATION]),
    ("--evaluator $HALLUCINATION", [HALLUCINATION]),
    ("--evaluator 'Hallucination Eval' --evaluator 'Relevance Eval'", [HALLUCINATION, RELEVANCE]),
    (
        "--evaluator 'Hallucination Eval:input=attributes.input.value,output=attributes.output'",
        [{**HALLUCINATION, "column_mappings": {"input": "attributes.input.value", "output": "attributes.output"}}],
    ),
    ("--evaluator $HALLUCINATION:input=a", [{**HALLUCINATION, "column_mappings": {"input": "a"}}]),
    ("--evaluators '[\"Relevance Eval\"]'", [RELEVANCE]),
    (
        '--evaluators \'[{"evaluator_id": "$RELEVANCE", "query_filter": "a = 1", "column_mappings": null}]\'',
        [{**RELEVANCE, "query_filter": "a = 1"}],
    ),
    (
        "--evaluators '[{\"evaluator_id\": \"$RELEVANCE\"}]' --evaluator 'Hallucination Eval:input=a'",
        [RELEVANCE, {**HALLUCINATION, "column_mappings": {"input": "a"}}],
    ),
]
# Combinations that no evaluation task can have. Both commands refuse them, and send nothing.
REFUSED = [
    ("", "evaluators are needed: give --evaluator NAME, or --evaluators JSON"),
    ("--evaluator x", "give exactly one of --project and --dataset"),
    ("--evaluator x --project $CHAT_PROD --dataset $GOLDEN_SET", "give exactly one of --project and --dataset"),
    ("--evaluators '[]' --project $CHAT_PROD", "evaluators needs at least one entry"),
    ("--evaluators '[7]' --project $CHAT_PROD", "evaluators[0]"),
    ('--evaluators \'[{"id": "x"}]\' --project $CHAT_PROD', "evaluators[0]"),
    ("--evaluator '' --project $CHAT_PROD", "an evaluator needs a name or an id"),
    ("--evaluator $RELEVANCE --evaluator $RELEVANCE --project $CHAT_PROD", "stands there more than once"),
    (f"{OVER_PROJECT} --experiment-ids $BASELINE", "--experiment-ids applies only with a dataset"),
    (f"{OVER_PROJECT} --sampling-rate -0.1", "--sampling-rate"),
    (f"{OVER_PROJECT} --sampling-rate 1.1", "--sampling-rate"),
    (f"{OVER_PROJECT} --sampling-rate nan", "'nan' is not a number"),
    (f"{OVER_PROJECT} --sampling-rate some", "--sampling-rate"),
    (f"{OVER_DATASET} --sampling-rate 0.5", "--sampling-rate applies only with a project"),
    (f"{OVER_DATASET} --is-continuous", "--is-continuous applies only with a project"),
    ("--dataset $GOLDEN_SET --evaluator $HALLUCINATION", "--experiment-ids needs at least one entry"),
    ("--dataset $GOLDEN_SET --evaluator $HALLUCINATION --experiment-ids ' , '", "' , ' names nothing"),
    ("--project chat-prod --evaluator $HALLUCINATION", "Give --space, or the id instead of the name."),
    ("--dataset golden-set --evaluator $HALLUCINATION --experiment-ids $BASELINE", "Give --space, or the id instead"),
    (f"{OVER_PROJECT} --columns nmae", "Did you mean 'name'?"),
]
# Options of `create` that a run_experiment task does not have.
NOT_FOR_EXPERIMENTS = [
    "--project chat-prod",
    "--evaluators '[]'",
    "--evaluator x",
    "--experiment-ids $BASELINE",
    "--sampling-rate 0",
    "--is-continuous",
    "--no-continuous",
    "--query-filter ''",
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


@pytest.mark.parametrize("command", ["create", "create-evaluation"])
class TestEvaluation:
    @pytest.mark.parametrize(("options", "fields"), FIELDS, ids=[case[0] for case in FIELDS])
    def test_fields(self, ax: Ax, mock: Journal, command: str, options: str, fields: dict[str, Any]) -> None:
        evaluator = "$TOXICITY_EU" if "$DEMO_EU" in options else "$HALLUCINATION"

        finished = tasks(ax, f"{command} {NAMED} {TEMPLATE} --evaluator {evaluator} {options} -q")

        (written,) = mock.written
        assert finished.exit_code == 0
        assert written.body.pop("evaluators")
        assert written.body == {"name": NEW_TASK, "type": "template_evaluation", **fields}
        assert mock.task(finished.stdout.strip()).name == NEW_TASK

    @pytest.mark.parametrize(("options", "sent"), EVALUATORS, ids=[case[0] for case in EVALUATORS])
    def test_evaluators(self, ax: Ax, mock: Journal, command: str, options: str, sent: list[dict[str, Any]]) -> None:
        finished = tasks(ax, f"{command} {NAMED} {TEMPLATE} --project $CHAT_PROD --space demo {options}")

        assert finished.exit_code == 0
        assert mock.written[0].body["evaluators"] == sent

    @pytest.mark.parametrize(("options", "said"), REFUSED, ids=[case[0] or "nothing" for case in REFUSED])
    def test_invalid_values_are_refused(self, ax: Ax, mock: Journal, command: str, options: str, said: str) -> None:
        assert_usage_error(tasks(ax, f"{command} {NAMED} {TEMPLATE} {options}"), said)
        assert mock.asked == []

    def test_of_code(self, ax: Ax, mock: Journal, command: str) -> None:
        finished = tasks(
            ax,
            f"{command} -n '{NEW_TASK}' --task-type code_evaluation --project support-bot -s demo"
            " --evaluator 'JSON Shape'",
        )

        assert finished.exit_code == 0
        assert mock.task_named(NEW_TASK).type == "code_evaluation"
        assert mock.written[0].body["evaluators"] == [JSON_SHAPE]

    @pytest.mark.parametrize(
        ("options", "missing"), [(TEMPLATE, "--name"), (NAMED, "--task-type"), (f"{NAMED} --task-type x", "'x'")]
    )
    def test_what_is_needed(self, ax: Ax, mock: Journal, command: str, options: str, missing: str) -> None:
        assert_usage_error(tasks(ax, f"{command} {options} {OVER_PROJECT}"), missing)
        assert mock.asked == []

    def test_an_empty_name_is_no_name(self, ax: Ax, mock: Journal, command: str) -> None:
        assert_usage_error(tasks(ax, f"{command} --name '' {TEMPLATE} {OVER_PROJECT}"), "name must not be empty")
        assert mock.asked == []

    def test_a_name_that_is_taken(self, ax: Ax, command: str) -> None:
        finished = tasks(ax, f"{command} --name 'Chat Quality Monitor' {TEMPLATE} {OVER_PROJECT}")

        assert (finished.exit_code, finished.stdout) == (4, "")
        assert str(status_of_taken_name(spoken.contract)) in finished.stderr
        assert "Choose another name." in finished.stderr

    def test_an_unknown_evaluator(self, ax: Ax, mock: Journal, command: str) -> None:
        finished = tasks(
            ax, f"{command} {NAMED} {TEMPLATE} --project $CHAT_PROD -s demo --evaluator 'hallucination eval'"
        )

        assert (finished.exit_code, finished.stdout) == (4, "")
        assert "did you mean 'Hallucination Eval'?" in finished.stderr
        assert mock.written == []

    def test_what_is_shown(self, ax: Ax, mock: Journal, command: str) -> None:
        """Standard output has the task, standard error a message; with --quiet, there is the id alone."""
        shown = tasks(ax, f"{command} {NAMED} {TEMPLATE} {OVER_PROJECT} -o json")
        quiet = tasks(ax, f"{command} -n other {TEMPLATE} {OVER_PROJECT} --quiet")

        task_id = mock.task_named(NEW_TASK).id
        assert (shown.json["id"], shown.stderr) == (task_id, f"Created task '{NEW_TASK}' ({task_id}).\n")
        assert (quiet.stdout, quiet.stderr) == (f"{mock.task_named('other').id}\n", "")

    def test_the_space_of_the_environment(
        self, ax: Ax, mock: Journal, command: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("ARIZE_SPACE", "demo")

        finished = tasks(ax, f"{command} {NAMED} {TEMPLATE} --project chat-prod --evaluator 'Hallucination Eval'")

        assert finished.exit_code == 0
        assert mock.task_named(NEW_TASK).project_id == known.CHAT_PROD


def test_create_refuses_a_run_configuration_for_evaluation(ax: Ax, mock: Journal) -> None:
    finished = tasks(ax, f"create {NAMED} {TEMPLATE} {OVER_PROJECT} {CONFIGURED}")

    assert_usage_error(finished, "--run-configuration does not apply to template_evaluation tasks")
    assert mock.asked == []


@pytest.mark.parametrize(
    ("options", "said"),
    [
        pytest.param(f"create-evaluation {NAMED} {TEMPLATE} {CONFIGURED}", "--run-configuration", id="configuration"),
        pytest.param(
            f"create-evaluation {NAMED} --task-type run_experiment {OVER_PROJECT}",
            "for run_experiment tasks there is `ax tasks create-run-experiment`",
            id="type",
        ),
        pytest.param(f"create-run-experiment {NAMED} {CONFIGURED}", "--dataset", id="no dataset"),
        pytest.param(f"create-run-experiment {NAMED} --dataset x", "--run-configuration", id="no configuration"),
        pytest.param(f"create-run-experiment --dataset x {CONFIGURED}", "--name", id="no name"),
        pytest.param(f"create-run-experiment {NAMED} --dataset x {CONFIGURED} {TEMPLATE}", "--task-type", id="a type"),
    ],
)
def test_options_of_the_other_type_are_refused(ax: Ax, mock: Journal, options: str, said: str) -> None:
    assert_usage_error(tasks(ax, options), said)
    assert mock.asked == []


@pytest.mark.parametrize("command", ["create --task-type run_experiment", "create-run-experiment"])
class TestRunExperiment:
    @pytest.mark.parametrize("dataset", ["$GOLDEN_SET", "golden-set --space demo", "golden-set -s $DEMO"])
    def test_is_created(self, ax: Ax, mock: Journal, command: str, dataset: str) -> None:
        finished = tasks(ax, f"{command} {NAMED} --dataset {dataset} {CONFIGURED} -q")

        (written,) = mock.written
        assert finished.exit_code == 0
        assert written.body == {
            "name": NEW_TASK,
            "type": "run_experiment",
            "dataset_id": known.GOLDEN_SET,
            "run_configuration": {**json.loads(RUN_CONFIGURATION), "input_variable_format": "mustache"},
        }
        assert mock.task(finished.stdout.strip()).name == NEW_TASK

    def test_what_is_shown(self, ax: Ax, mock: Journal, command: str) -> None:
        shown = tasks(ax, f"{command} {NAMED} --dataset $GOLDEN_SET {CONFIGURED} -o json")

        task_id = mock.task_named(NEW_TASK).id
        assert (shown.json["id"], shown.stderr) == (task_id, f"Created task '{NEW_TASK}' ({task_id}).\n")

    @pytest.mark.parametrize(
        ("configuration", "said"),
        [
            pytest.param("{}", "experiment_type has to be one of llm_generation, template_evaluation", id="empty"),
            pytest.param('{"experiment_type": "x"}', "experiment_type has to be one of", id="type"),
            pytest.param('{"experiment_type": "llm_generation"}', "--run-configuration", id="incomplete"),
        ],
    )
    def test_an_invalid_configuration_is_refused(
        self, ax: Ax, mock: Journal, command: str, configuration: str, said: str
    ) -> None:
        line = f"{command} {NAMED} --dataset $GOLDEN_SET --run-configuration '{configuration}'"

        assert_usage_error(tasks(ax, line), said)
        assert mock.asked == []

    def test_a_name_that_is_taken(self, ax: Ax, command: str) -> None:
        finished = tasks(ax, f"{command} -n 'Nightly Summaries' --dataset $GOLDEN_SET {CONFIGURED}")

        assert (finished.exit_code, finished.stdout) == (4, "")
        assert "Choose another name." in finished.stderr

    @pytest.mark.parametrize(
        ("dataset", "code", "said"),
        [
            pytest.param("silver-set -s demo", 4, "no dataset is named 'silver-set'", id="unknown"),
            pytest.param("$CHAT_PROD", 4, "is the id of a project, not of a dataset", id="another kind"),
        ],
    )
    def test_a_dataset_that_leads_nowhere(
        self, ax: Ax, mock: Journal, *, command: str, dataset: str, code: int, said: str
    ) -> None:
        finished = tasks(ax, f"{command} {NAMED} --dataset {dataset} {CONFIGURED}")

        assert (finished.exit_code, finished.stdout) == (code, "")
        assert said in finished.stderr
        assert mock.written == []


def test_create_asks_for_the_space_of_a_dataset_and_create_run_experiment_does_not(ax: Ax, mock: Journal) -> None:
    refused = tasks(ax, f"create {NAMED} --task-type run_experiment --dataset regression-set {CONFIGURED}")
    created = tasks(ax, f"create-run-experiment {NAMED} --dataset regression-set {CONFIGURED}")

    assert_usage_error(refused, "dataset 'regression-set' is a name", "Give --space, or the id instead of the name.")
    assert created.exit_code == 0
    (written,) = mock.written
    assert written.body["dataset_id"] == known.REGRESSION_SET


class TestCreateOfARunExperiment:
    """Tests of `create` for a run_experiment task: options that do not apply are refused."""

    @pytest.mark.parametrize("option", NOT_FOR_EXPERIMENTS)
    def test_options_of_evaluation_tasks(self, ax: Ax, mock: Journal, option: str) -> None:
        line = f"create {NAMED} --task-type run_experiment --dataset $GOLDEN_SET {CONFIGURED} {option}"

        assert_usage_error(tasks(ax, line), option.split(maxsplit=1)[0], "cannot be given for run_experiment tasks")
        assert mock.asked == []

    def test_all_of_them_are_named(self, ax: Ax) -> None:
        given = " ".join(option for option in NOT_FOR_EXPERIMENTS if option != "--no-continuous")

        finished = tasks(ax, f"create {NAMED} --task-type run_experiment --dataset x {CONFIGURED} {given}")

        assert_usage_error(
            finished,
            "--project, --evaluators, --evaluator, --experiment-ids, --sampling-rate,"
            " --is-continuous/--no-continuous, --query-filter cannot be given",
        )

    @pytest.mark.parametrize("options", ["--dataset $GOLDEN_SET", CONFIGURED])
    def test_what_is_needed(self, ax: Ax, mock: Journal, options: str) -> None:
        line = f"create {NAMED} --task-type run_experiment {options}"

        assert_usage_error(tasks(ax, line), "a run_experiment task needs --dataset and --run-configuration")
        assert mock.asked == []
