# pyright: strict, reportUnnecessaryTypeIgnoreComment=true
"""The public API for type checkers. This file is never run; mypy and pyright check it.

Each `assert_type` says what a caller's editor shows. A line with an ignore is a wrong call. Both checkers are told to
complain about an ignore that suppresses nothing, so each of them is an assertion as well: this must not type-check.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, assert_type

import axtasks
import httpx
import pandas as pd
from axtasks import (
    UNSET,
    AmbiguousNameError,
    APIError,
    AsyncAxClient,
    AxClient,
    AxError,
    Clock,
    ConfigurationError,
    ContractViolationError,
    Deviation,
    Hooks,
    InputVariableFormat,
    LlmGenerationRunConfig,
    LLMMessage,
    MessageRole,
    NotApplicableError,
    Page,
    Poll,
    RateLimitError,
    RepeatedCursorError,
    RequestEvent,
    RequestTimeoutError,
    ResolutionError,
    ResponseError,
    ResponseEvent,
    RetryEvent,
    RunError,
    RunsAsCompleted,
    RunTimeoutError,
    Task,
    TaskEvaluatorInput,
    TaskRun,
    TaskRunStatus,
    TaskType,
    TemplateEvaluationRunConfig,
    TransportError,
    TriggerOutcome,
    TriggerRequest,
    UndecodableBodyError,
    UnknownNameError,
    testing,
)
from axtasks.mock import Clock as MockClock
from axtasks.mock import Mock, MockServer, MockTransport
from axtasks.pagination.page import ItemIterator, PageIterator
from axtasks.pagination.resource_pages import (
    DatasetPage,
    EvaluatorPage,
    ExperimentPage,
    ProjectPage,
    SpacePage,
    TaskPage,
    TaskRunPage,
)
from axtasks_api.codec import Field
from axtasks_api.models import (
    Dataset,
    DatasetVersion,
    Evaluator,
    EvaluatorType,
    Experiment,
    PaginationMetadata,
    Problem,
    Project,
    Space,
    StoredLlmGenerationRunConfig,
    TaskEvaluator,
)
from opentelemetry.sdk.trace import TracerProvider

END = datetime.now(UTC)
START = END - timedelta(days=7)


def clients() -> None:
    """Check that both clients take the same settings by keyword, but each its own kind of httpx client."""
    ax = AxClient(
        api_key="key",
        space="demo",
        base_url="http://127.0.0.1:8765",
        api_host=None,
        api_scheme="http",
        single_host="host",
        single_port=8443,
        region="eu-west-1a",
        base_domain="example.org",
        profile="mine",
        timeout=10,
        http_client=httpx.Client(),
        clock=Clock(),
    )
    assert_type(ax.base_url, str)
    assert_type(ax.space, str | None)
    assert_type(ax.close(), None)
    with ax as entered:
        assert_type(entered, AxClient)
    assert_type(axtasks.__version__, str)

    AsyncAxClient(http_client=httpx.AsyncClient())
    AxClient("key")  # type: ignore[call-arg]
    AxClient(apikey="key")  # type: ignore[call-arg]
    AxClient(single_port="8443")  # type: ignore[arg-type]
    AxClient(http_client=httpx.AsyncClient())  # type: ignore[arg-type]
    AsyncAxClient(http_client=httpx.Client())  # type: ignore[arg-type]


def watching(ax: AxClient) -> None:
    """Check that hooks are functions of event details, and that views of a client have its type."""

    def on_response(event: ResponseEvent) -> None:
        assert_type(event.request, RequestEvent)
        assert_type(event.status_code, int | None)
        assert_type(event.error, Exception | None)

    def on_retry(event: RetryEvent) -> None:
        assert_type(event.pause_seconds, float)

    hooks = Hooks(on_request=print, on_response=on_response, on_retry=on_retry, on_poll=print_poll)
    assert_type(ax.with_options(hooks=hooks, strict=True), AxClient)
    AsyncAxClient(hooks=hooks, strict=True, tracing=True)
    AxClient(tracing=TracerProvider())
    AxClient(tracing="yes")  # type: ignore[arg-type]
    Hooks(on_retry=on_response)  # type: ignore[arg-type]
    try:
        ax.tasks.get("a")
    except ContractViolationError as error:
        assert_type(error.deviations, tuple[Deviation, ...])
        assert_type(error.model, object)


def print_poll(poll: Poll) -> None:
    """Print a poll event."""
    assert_type(poll.run, TaskRun)


def creating(ax: AxClient, task: Task) -> None:
    """Check that a task type is a member or its text, and the forms of evaluators and run configurations."""
    created = ax.tasks.create_evaluation_task(
        "Relevance Monitor",
        task_type=TaskType.TEMPLATE_EVALUATION,
        project="chat-prod",
        space="demo",
        evaluators=[
            "Hallucination Eval",
            TaskEvaluatorInput("RXZhbHVhdG9yOjEyOmFCY0Q=", column_mappings={"input": "attributes.input.value"}),
            {"evaluator_id": "RXZhbHVhdG9yOjEyOmFCY0Q=", "query_filter": None},
            *task.evaluators,
        ],
        sampling_rate=0.1,
        is_continuous=True,
        query_filter="a = 'b'",
    )
    assert_type(created, Task)
    # What a task has may be given to another as it is.
    ax.tasks.create_evaluation_task(
        name="copy",
        task_type=task.type,
        project=task.project_id,
        dataset=task.dataset_id,
        experiment_ids=task.experiment_ids,
        evaluators=task.evaluators,
        sampling_rate=task.sampling_rate,
        is_continuous=task.is_continuous,
        query_filter=task.query_filter,
    )
    ax.tasks.create_evaluation_task("a", evaluators=["b"], project="p")  # type: ignore[call-arg]
    ax.tasks.create_evaluation_task("a", "code_evaluation", evaluators=["b"])  # type: ignore[call-arg]
    ax.tasks.create_evaluation_task("a", task_type="code_evaluation", evaluators=[1])  # type: ignore[list-item]

    generation = LlmGenerationRunConfig(
        ai_integration_id="id",
        messages=[LLMMessage(role=MessageRole.USER, content="{{input}}")],
        model_name="gpt-4o",
        input_variable_format=InputVariableFormat.MUSTACHE,
    )
    template = TemplateEvaluationRunConfig(ai_integration_id="id", template="{{output}}", provide_explanation=True)
    for configuration in (generation, template, {"experiment_type": "llm_generation"}):
        run_experiment = ax.tasks.create_run_experiment_task(
            "Summaries", dataset="golden-set", run_configuration=configuration, space="demo"
        )
        assert_type(run_experiment, Task)
    if isinstance(task.run_configuration, StoredLlmGenerationRunConfig):
        ax.tasks.create_run_experiment_task("copy", dataset="d", run_configuration=task.run_configuration)
    ax.tasks.create_run_experiment_task("a", dataset="d")  # type: ignore[call-arg]
    ax.tasks.create_run_experiment_task("a", dataset="d", run_configuration="llm")  # type: ignore[arg-type]


def changing(ax: AxClient) -> None:
    """Check that every field may be UNSET, and that null is for the filter alone."""
    assert_type(ax.tasks.get("name", space="demo"), Task)
    assert_type(ax.tasks.update("name", query_filter=None), Task)
    ax.tasks.update(
        task="name",
        space="demo",
        name=UNSET,
        sampling_rate=UNSET,
        is_continuous=UNSET,
        query_filter=UNSET,
        evaluators=UNSET,
        run_configuration=UNSET,
    )
    ax.tasks.update("name", name="other", sampling_rate=1, is_continuous=False, evaluators=["Hallucination Eval"])
    assert_type(ax.tasks.delete("name", space="demo"), None)
    ax.tasks.update("name", name=None)  # type: ignore[arg-type]
    ax.tasks.update("name", sampling_rate=None)  # type: ignore[arg-type]
    ax.tasks.update("name", run_configuration=None)  # type: ignore[arg-type]
    ax.tasks.update("name", "other")  # type: ignore[call-arg]
    ax.tasks.update(query_filter="a")  # type: ignore[call-arg]


def running(ax: AxClient) -> None:
    """Check that times are datetimes, and that waiting returns runs."""

    def show(poll: Poll) -> None:
        assert_type(poll.run, TaskRun)
        assert_type(poll.elapsed_seconds, float)
        assert_type(poll.next_poll_seconds, float)

    run = ax.tasks.trigger_run(
        "name",
        space="demo",
        data_start_time=START,
        data_end_time=END,
        max_spans=100,
        override_evaluations=True,
        experiment_ids=["id"],
        experiment_name="first",
        dataset_version_id="id",
        max_examples=1,
        example_ids=("a", "b"),
        evaluation_task_ids=["id"],
        tracing_metadata={"key": "value"},
    )
    assert_type(run, TaskRun)
    assert_type(ax.tasks.get_run("id"), TaskRun)
    assert_type(ax.tasks.cancel_run("id"), TaskRun)
    assert_type(ax.tasks.wait_for_run("id", poll_interval=0.5, timeout=60, on_poll=show), TaskRun)
    assert_type(ax.tasks.wait_for_run("id", poll_interval=None, on_poll=None), TaskRun)
    ax.tasks.trigger_run("name", data_start_time="2026-01-01")  # type: ignore[arg-type]
    ax.tasks.trigger_run("name", tracing_metadata={"key": 1, "list": ["a"], "none": None})
    ax.tasks.trigger_run("name", tracing_metadata={1: "key"})  # type: ignore[dict-item]
    assert_type(ax.tasks.wait_for_runs(["id", run], timeout=60, on_poll=show), list[TaskRun])
    assert_type(ax.tasks.as_completed([run], poll_interval=1), RunsAsCompleted)
    assert_type([each.status for each in ax.tasks.as_completed(["id"])], list[TaskRunStatus])
    outcomes = ax.tasks.trigger_runs(["name", TriggerRequest("name", max_spans=1), {"task": "name"}], space="demo")
    assert_type(outcomes, list[TriggerOutcome])
    assert_type(outcomes[0].run, TaskRun | None)
    assert_type(outcomes[0].error, AxError | None)
    assert_type(outcomes[0].result(), TaskRun)
    ax.tasks.trigger_runs([1])  # type: ignore[list-item]
    ax.tasks.wait_for_runs([1])  # type: ignore[list-item]
    TriggerRequest("name", max_spans="1")  # type: ignore[arg-type]
    ax.tasks.wait_for_run("id", on_poll=print_run)  # type: ignore[arg-type]
    ax.tasks.wait_for_run("id", 5)  # type: ignore[call-arg]


def print_run(run: TaskRun) -> None:
    """Print a run, which is not the argument of `on_poll`."""


def listing(ax: AxClient) -> None:
    """Check that each list is a page of its own type, and that iterating gives its items."""
    page = ax.tasks.list(
        name="part", project="p", dataset="d", space="s", task_type="code_evaluation", limit=10, cursor=None
    )
    assert_type(page, TaskPage)
    assert_type(page.items, list[Task])
    assert_type(page.tasks, list[Task])
    assert_type(page.pagination, PaginationMetadata)
    assert_type(page.next_cursor, str | None)
    assert_type(page.to_dict(), dict[str, Any])
    assert_type(page.to_json(indent=2), str)
    assert_type(page.to_df(), pd.DataFrame)
    assert_type(page.fields(), tuple[Field, ...])
    assert_type(page.pages(), PageIterator[TaskPage])
    assert_type(page.all(), ItemIterator[Task])
    page.all(prefetch=True)  # type: ignore[arg-type]
    assert_type([task.name for task in page], list[str])
    assert_type([len(each.tasks) for each in page.pages()], list[int])
    whole: Page[Task] = page
    assert_type(next(iter(whole)), Task)

    runs = ax.tasks.list_runs("name", space="demo", status=TaskRunStatus.COMPLETED, limit=10, cursor="c")
    assert_type(runs, TaskRunPage)
    assert_type(runs.task_runs, list[TaskRun])
    ax.tasks.list_runs("name", status="completed")
    ax.tasks.list("demo")  # type: ignore[call-arg]
    ax.tasks.list(limit="10")  # type: ignore[arg-type]
    ax.tasks.list_runs("name", status=True)  # type: ignore[arg-type]
    page.task_runs  # type: ignore[attr-defined]  # noqa: B018


def looking_up(ax: AxClient) -> None:
    """Check that resources beside tasks can be listed and read, and nothing else."""
    assert_type(ax.spaces.list(name="part", organization="id", limit=1, cursor=None), SpacePage)
    assert_type(ax.projects.list(name="part", space="s"), ProjectPage)
    assert_type(ax.datasets.list(name="part", space="s"), DatasetPage)
    assert_type(ax.experiments.list(name="part", dataset="d", space="s"), ExperimentPage)
    assert_type(ax.evaluators.list(name="part", space="s"), EvaluatorPage)
    assert_type(ax.spaces.list().spaces, list[Space])
    assert_type(ax.projects.list().projects, list[Project])
    assert_type(ax.datasets.list().datasets, list[Dataset])
    assert_type(ax.experiments.list().experiments, list[Experiment])
    assert_type(ax.evaluators.list().evaluators, list[Evaluator])
    assert_type(ax.evaluators.list_versions("Hallucination Eval"), axtasks.EvaluatorVersionPage)
    assert_type(ax.evaluators.list_versions("e").evaluator_versions, list[axtasks.EvaluatorVersion])
    assert_type(ax.evaluators.get_version("id"), axtasks.EvaluatorVersion)
    assert_type(ax.evaluators.get("e").version, axtasks.EvaluatorVersion | None)
    assert_type(ax.ai_integrations.list(name="part").ai_integrations, list[axtasks.AiIntegration])
    assert_type(ax.ai_integrations.get("openai-main", space="demo"), axtasks.AiIntegration)
    assert_type(ax.integrations.list(type="agent"), axtasks.IntegrationPage)
    assert_type(ax.integrations.get("support-agent").type, axtasks.IntegrationType)
    assert_type(ax.prompts.list().prompts, list[axtasks.Prompt])
    assert_type(ax.prompts.get("summarize", label="production"), axtasks.Prompt)
    assert_type(ax.prompts.list_versions("summarize"), axtasks.PromptVersionPage)
    assert_type(ax.prompts.get_version("id"), axtasks.PromptVersion)
    ax.projects.list(project_type="harness")
    ax.integrations.list(type="other")  # type: ignore[arg-type]
    assert_type(ax.spaces.get("demo"), Space)
    assert_type(ax.projects.get("chat-prod", space="demo"), Project)
    assert_type(ax.datasets.get("golden-set", space="demo"), Dataset)
    assert_type(ax.experiments.get("baseline", dataset="golden-set", space="demo"), Experiment)
    assert_type(ax.evaluators.get("Hallucination Eval", space="demo", version_id="id"), Evaluator)
    assert_type(ax.datasets.get("golden-set").versions, list[DatasetVersion] | None)
    assert_type(ax.evaluators.get("Hallucination Eval").type, EvaluatorType)
    ax.spaces.list(space="demo")  # type: ignore[call-arg]
    ax.projects.create("new")  # type: ignore[attr-defined]


def results(task: Task, run: TaskRun) -> None:
    """Check that fields have the contract's types: nullable and optional ones may be None."""
    assert_type(task.id, str)
    assert_type(task.type, TaskType)
    assert_type(task.is_continuous, bool)
    assert_type(task.query_filter, str | None)
    assert_type(task.evaluators, list[TaskEvaluator])
    assert_type(task.experiment_ids, list[str])
    assert_type(task.last_run_at, datetime | None)
    assert_type(task.created_at, datetime)
    assert_type(task.project_id, str | None)
    assert_type(task.sampling_rate, float | None)
    assert_type(task.to_dict(), dict[str, Any])
    assert_type(task.to_json(indent=2), str)
    assert_type(task.fields(), tuple[Field, ...])
    assert_type(Task.from_dict({}), Task)
    assert_type(run.status, TaskRunStatus)
    assert_type(run.status.is_known, bool)
    assert_type(run.num_successes, int)
    assert_type(run.is_empty, bool)
    assert_type(run.run_started_at, datetime | None)
    assert_type(run.experiment_id, str | None)
    assert_type(run.failure_reason, str | None)
    if run.experiment_id is not None:
        assert_type(run.experiment_id, str)
    assert_type(run.status is TaskRunStatus.COMPLETED, bool)
    assert_type(run.status == "failed", bool)
    task.nothing  # type: ignore[attr-defined]  # noqa: B018


async def awaiting() -> None:
    """Check that the awaiting client has the same methods with the same types, to be awaited."""
    async with AsyncAxClient(api_key="key", clock=Clock()) as ax:
        assert_type(ax, AsyncAxClient)
        assert_type(await ax.tasks.get("name", space="demo"), Task)
        assert_type(await ax.tasks.update("name", query_filter=None), Task)
        assert_type(await ax.tasks.delete("name"), None)
        task = await ax.tasks.create_evaluation_task(
            "name", task_type="template_evaluation", evaluators=["a"], project="p"
        )
        assert_type(task, Task)
        configuration = {"experiment_type": "llm_generation"}
        assert_type(
            await ax.tasks.create_run_experiment_task("name", dataset="d", run_configuration=configuration), Task
        )
        assert_type(await ax.tasks.trigger_run("name", data_start_time=START), TaskRun)
        assert_type(await ax.tasks.get_run("id"), TaskRun)
        assert_type(await ax.tasks.cancel_run("id"), TaskRun)
        assert_type(await ax.tasks.wait_for_run("id", timeout=1), TaskRun)
        assert_type(await ax.tasks.list_runs("name"), axtasks.AsyncTaskRunPage)
        page = await ax.tasks.list(limit=1)
        assert_type(page, axtasks.AsyncTaskPage)
        async for item in page:
            assert_type(item, Task)
        async for each in page.pages(prefetch=True):
            assert_type(each, axtasks.AsyncTaskPage)
        async for item in page.all(prefetch=True):
            assert_type(item, Task)
        assert_type(await ax.tasks.wait_for_runs(["id"]), list[TaskRun])
        async for run in await ax.tasks.as_completed(["id"]):
            assert_type(run, TaskRun)
        async with ax.tasks.watch(poll_interval=5) as watch:
            assert_type(watch, axtasks.RunWatch)
            assert_type(await watch.wait("id", timeout=1), TaskRun)
            assert_type(await watch.wait(await ax.tasks.get_run("id")), TaskRun)
            await watch.wait(["id"])  # type: ignore[arg-type]
        await ax.tasks.watch()  # type: ignore[misc]
        assert_type(await ax.tasks.trigger_runs(["name"], max_concurrency=2), list[TriggerOutcome])
        assert_type(await ax.spaces.get("demo"), Space)
        assert_type(await ax.projects.list(), axtasks.AsyncProjectPage)
        assert_type(await ax.datasets.list(), axtasks.AsyncDatasetPage)
        assert_type(await ax.experiments.list(), axtasks.AsyncExperimentPage)
        assert_type(await ax.evaluators.list(), axtasks.AsyncEvaluatorPage)
        assert_type(await ax.evaluators.list_versions("e"), axtasks.AsyncEvaluatorVersionPage)
        assert_type(await ax.ai_integrations.get("openai-main"), axtasks.AiIntegration)
        assert_type(await ax.prompts.list(), axtasks.AsyncPromptPage)
        await ax.tasks.update("name", name=None)  # type: ignore[arg-type]
        (await ax.tasks.get("name")).nothing  # type: ignore[attr-defined]  # noqa: B018
        ax.tasks.get("name").name  # type: ignore[attr-defined]  # noqa: B018
    assert_type(await ax.close(), None)


def argument_errors() -> None:
    """Check that argument errors have the given value and the expected ones."""
    try:
        AxClient()
    except NotApplicableError as error:
        assert_type(error.fields, tuple[str, ...])
        assert_type(error.task_type, str)
        assert_type(error.valid, tuple[str, ...])
        as_value_error: ValueError = error
        raise as_value_error from error
    except UnknownNameError as error:
        assert_type(error.near, tuple[str, ...])
    except AmbiguousNameError as error:
        assert_type(error.candidates, tuple[str, ...])
    except ResolutionError as error:
        assert_type(error.noun, str)
        assert_type(error.value, str)
        as_lookup_error: LookupError = error
        raise as_lookup_error from error
    except (ConfigurationError, AxError) as error:
        error.status_code  # type: ignore[attr-defined]  # noqa: B018


def answer_errors() -> None:
    """Check that errors about a response, or its absence, name the operation."""
    try:
        AxClient()
    except RateLimitError as error:
        assert_type(error.retry_after_seconds, float | None)
    except APIError as error:
        assert_type(error.problem, Problem | None)
        assert_type(error.body, str)
    except UndecodableBodyError as error:
        assert_type(error.body, str)
    except ResponseError as error:
        assert_type(error.status_code, int)
        assert_type(error.operation_id, str)
        assert_type(error.request_id, str | None)
    except TransportError as error:
        assert_type(error.operation_id, str)


def waiting_errors() -> None:
    """Check that timeouts are Python's `TimeoutError`, too."""
    try:
        AxClient()
    except RunTimeoutError as error:
        assert_type(error.timeout_seconds, float)
        assert_type(error.run, TaskRun | None)
        run_timeout: TimeoutError = error
        raise run_timeout from error
    except RunError as error:
        assert_type(error.run, TaskRun | None)
    except RequestTimeoutError as error:
        request_timeout: TimeoutError = error
        raise request_timeout from error
    except RepeatedCursorError as error:
        assert_type(error.cursor, str)


def mocking() -> None:
    """Check that the mock's transports fit both clients."""
    clock = MockClock(END, frozen=True)
    assert_type(clock.advance(30), datetime)
    transport = MockTransport(Mock(run_seconds=0, clock=clock, seed=1))
    AxClient(http_client=httpx.Client(transport=transport))
    AsyncAxClient(http_client=httpx.AsyncClient(transport=transport))
    with MockServer(run_seconds=0, host="127.0.0.1", port=0) as server:
        assert_type(server, MockServer)
        assert_type(server.url, str)
        assert_type(server.mock, Mock)


def test_of_a_user(
    ax_client: testing.AxClient,
    async_ax_client: testing.AsyncAxClient,
    ax_mock: testing.Mock,
    ax_mock_server: testing.MockServer,
) -> None:
    """Check that the fixtures of the pytest plugin have public types."""
    assert_type(ax_client, AxClient)
    assert_type(async_ax_client, AsyncAxClient)
    assert_type(ax_mock_server, MockServer)
    assert_type(ax_mock_server.mock, Mock)
    assert_type(ax_mock_server.url, str)
    assert_type(ax_mock.clock, testing.Clock)
    assert_type(ax_mock.journal, testing.Journal)
    found = ax_mock.journal.assert_called("trigger_task_run", task="Golden Set Review", times=1, max_spans=100)
    assert_type(found, list[testing.Exchange])
    ax_mock.journal.assert_called("create_task", times="1")  # type: ignore[arg-type]
    ax_mock.journal.assert_called("create_task", task=1)  # type: ignore[arg-type]
    ax_mock.journal.assert_called("create_task", name=END)  # type: ignore[arg-type]
    assert_type(testing.client_of(ax_mock, space="demo"), AxClient)
    assert_type(testing.async_client_of(ax_mock), AsyncAxClient)
    assert_type(testing.environment_of(ax_mock_server.url, api_key="any"), dict[str, str])
