# pyright: strict, reportUnnecessaryTypeIgnoreComment=true
"""Valid and invalid uses, one per line, for type checkers. This file is never run; mypy and pyright check it.

A line with an ignore is wrong. Both checkers complain about an ignore that suppresses nothing, so each is an assertion.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal, assert_never, assert_type

from axtasks import (
    ALL_SPACES,
    UNSET,
    AsyncAxClient,
    AxClient,
    BackfillPlan,
    Dataset,
    EnsuredRun,
    Evaluator,
    Experiment,
    Limits,
    NameMemory,
    Project,
    RetryPolicy,
    Space,
    StoredLlmGenerationRunConfig,
    Task,
    TaskRun,
    TaskRunStatus,
    TaskType,
    Timeouts,
    TriggerRequest,
    WindowOutcome,
)

WHEN = datetime(2026, 3, 1, tzinfo=UTC)


def right_loops(ax: AxClient) -> None:
    """Loop with `for` over results of `AxClient`."""
    assert_type([each for each in ax.tasks.list()], list[Task])
    assert_type([each for each in ax.tasks.list_runs("t")], list[TaskRun])
    assert_type([each for each in ax.spaces.list()], list[Space])
    assert_type([each for each in ax.projects.list()], list[Project])
    assert_type([each for each in ax.datasets.list()], list[Dataset])
    assert_type([each for each in ax.experiments.list()], list[Experiment])
    assert_type([each for each in ax.evaluators.list()], list[Evaluator])
    assert_type([each for each in ax.tasks.list().all()], list[Task])
    assert_type([each for each in ax.tasks.list_runs("t").all()], list[TaskRun])
    assert_type([each for each in ax.spaces.list().all()], list[Space])
    assert_type([each for each in ax.projects.list().all()], list[Project])
    assert_type([each.items for each in ax.datasets.list().pages()], list[list[Dataset]])
    assert_type([each.items for each in ax.experiments.list().pages()], list[list[Experiment]])
    assert_type([each.items for each in ax.evaluators.list().pages()], list[list[Evaluator]])
    assert_type([each for each in ax.tasks.as_completed(["r"])], list[TaskRun])
    assert_type(bool(ax.tasks.list()), bool)
    assert_type(list(ax.tasks.list()), list[Task])
    assert_type(ax.tasks.list().items[0], Task)
    assert_type(len(ax.tasks.list().items), int)


async def right_awaiting_loops(ax: AsyncAxClient) -> None:
    """Await results of `AsyncAxClient`, and loop over them with `async for`."""
    assert_type([each async for each in await ax.tasks.list()], list[Task])
    assert_type([each async for each in await ax.tasks.list_runs("t")], list[TaskRun])
    assert_type([each async for each in await ax.spaces.list()], list[Space])
    assert_type([each async for each in await ax.projects.list()], list[Project])
    assert_type([each async for each in await ax.datasets.list()], list[Dataset])
    assert_type([each async for each in await ax.experiments.list()], list[Experiment])
    assert_type([each async for each in await ax.evaluators.list()], list[Evaluator])
    assert_type([each async for each in (await ax.tasks.list()).all(prefetch=True)], list[Task])
    assert_type([each async for each in (await ax.tasks.list_runs("t")).all(prefetch=True)], list[TaskRun])
    assert_type([each async for each in (await ax.spaces.list()).all(prefetch=True)], list[Space])
    assert_type([each async for each in (await ax.projects.list()).all(prefetch=True)], list[Project])
    assert_type([each.items async for each in (await ax.datasets.list()).pages()], list[list[Dataset]])
    assert_type([each.items async for each in (await ax.experiments.list()).pages()], list[list[Experiment]])
    assert_type([each.items async for each in (await ax.evaluators.list()).pages()], list[list[Evaluator]])
    assert_type([each async for each in await ax.tasks.as_completed(["r"])], list[TaskRun])
    assert_type([each async for each in await ax.tasks.backfill("t", start=WHEN, end=WHEN)], list[WindowOutcome])
    assert_type(await ax.tasks.ensure_run("t", experiment_name="e"), EnsuredRun)
    assert_type((await ax.tasks.list()).items, list[Task])
    assert_type(bool(await ax.tasks.list()), bool)


def right_calls(ax: AxClient, text: str, task: Task, run: TaskRun) -> None:
    """Call methods with valid values."""
    ax.tasks.list(task_type="template_evaluation")
    ax.tasks.list(task_type="TEMPLATE_EVALUATION")
    ax.tasks.list(task_type=TaskType.CODE_EVALUATION)
    ax.tasks.list(task_type=TaskType(text))
    ax.tasks.list(space=ALL_SPACES)
    ax.tasks.list_runs("t", status="completed")
    ax.tasks.list_runs("t", status="FAILED")
    ax.tasks.list_runs("t", status=TaskRunStatus(text))
    ax.tasks.create_evaluation_task("n", task_type="code_evaluation", evaluators=["e"], project="p")
    ax.tasks.create_evaluation_task("n", task_type=TaskType(text), evaluators=[{"evaluator_id": "e"}], dataset="d")
    ax.tasks.create_evaluation_task("n", task_type=task.type, evaluators=task.evaluators, experiment_ids=("e",))
    ax.tasks.create_run_experiment_task("n", dataset="d", run_configuration={"experiment_type": "llm_generation"})
    ax.tasks.update("t", query_filter=None)
    ax.tasks.update("t", sampling_rate=UNSET, name="n")
    ax.tasks.trigger_run("t", data_start_time=WHEN, max_spans=5)
    ax.tasks.trigger_run(task.id, experiment_ids=["e"], tracing_metadata={"a": [1]})
    ax.tasks.trigger_runs(["t", TriggerRequest("t"), {"task": "t"}])
    ax.tasks.wait_for_runs([run, run.id], timeout=5)
    assert_type(ax.tasks.ensure_run("t", data_start_time=WHEN, data_end_time=WHEN, retrigger=["failed"]), EnsuredRun)
    assert_type(ax.tasks.ensure_run("t", experiment_name="e", since=WHEN).run, TaskRun)
    assert_type([each for each in ax.tasks.backfill("t", start=WHEN, end=WHEN)], list[WindowOutcome])
    assert_type(ax.tasks.backfill("t", start=WHEN, end=WHEN).plan(), BackfillPlan)
    AxClient(timeout=5, retry=RetryPolicy(attempts=2), limits=Limits(pages=3), remember_names=NameMemory(seconds=1))
    assert_type(task.type, TaskType)
    assert_type(run.status, TaskRunStatus)
    assert_type(run.status == "completed", bool)
    assert_type(task.last_run_at, datetime | None)
    assert_type(ax.tasks.wait_for_run(run.id, raise_on_failure=True), TaskRun)
    assert_type(ax.tasks.get("t", space=ALL_SPACES), Task)
    AxClient(timeout=Timeouts(total=5), contract="beta", on_ambiguous="raise", strict=True)


def wrong_loops(ax: AxClient) -> None:
    """Use length, index or prefetch on results that have none."""
    page, runs = ax.tasks.list(), ax.tasks.as_completed(["r"])
    len(page)  # type: ignore[arg-type]
    page[0]  # type: ignore[index]
    page[:1]  # type: ignore[index]
    len(page.all())  # type: ignore[arg-type]
    len(page.pages())  # type: ignore[arg-type]
    page.all()[0]  # type: ignore[index]
    page.pages()[0]  # type: ignore[index]
    len(runs)  # type: ignore[arg-type]
    runs[0]  # type: ignore[index]
    page.all(prefetch=True)  # type: ignore[arg-type]
    page.pages(prefetch=True)  # type: ignore[arg-type]
    page.task_runs  # type: ignore[attr-defined]


async def wrong_awaiting_loops(ax: AsyncAxClient, blocking: AxClient) -> None:
    """Loop in the other client's way, or without awaiting."""
    [each for each in await ax.tasks.list()]  # type: ignore[attr-defined]
    [each for each in await ax.tasks.list_runs("t")]  # type: ignore[attr-defined]
    [each for each in await ax.spaces.list()]  # type: ignore[attr-defined]
    [each for each in await ax.projects.list()]  # type: ignore[attr-defined]
    [each for each in await ax.datasets.list()]  # type: ignore[attr-defined]
    [each for each in await ax.experiments.list()]  # type: ignore[attr-defined]
    [each for each in await ax.evaluators.list()]  # type: ignore[attr-defined]
    [each async for each in ax.tasks.list()]  # type: ignore[attr-defined]
    [each async for each in ax.tasks.list_runs("t")]  # type: ignore[attr-defined]
    [each async for each in ax.spaces.list()]  # type: ignore[attr-defined]
    [each async for each in ax.projects.list()]  # type: ignore[attr-defined]
    [each async for each in ax.datasets.list()]  # type: ignore[attr-defined]
    [each async for each in ax.experiments.list()]  # type: ignore[attr-defined]
    [each async for each in ax.evaluators.list()]  # type: ignore[attr-defined]
    [each async for each in blocking.tasks.list()]  # type: ignore[attr-defined]
    [each async for each in blocking.tasks.list_runs("t")]  # type: ignore[attr-defined]
    [each async for each in blocking.spaces.list()]  # type: ignore[attr-defined]
    [each async for each in blocking.projects.list()]  # type: ignore[attr-defined]
    [each async for each in blocking.datasets.list()]  # type: ignore[attr-defined]
    [each async for each in blocking.experiments.list()]  # type: ignore[attr-defined]
    [each async for each in blocking.evaluators.list()]  # type: ignore[attr-defined]
    [each for each in ax.tasks.list()]  # type: ignore[attr-defined]
    [each for each in ax.tasks.list_runs("t")]  # type: ignore[attr-defined]
    [each for each in ax.spaces.list()]  # type: ignore[attr-defined]
    [each for each in (await ax.tasks.list()).all()]  # type: ignore[attr-defined]
    [each for each in (await ax.tasks.list()).pages()]  # type: ignore[attr-defined]
    [each async for each in blocking.tasks.list().all()]  # type: ignore[attr-defined]
    [each async for each in blocking.tasks.list().pages()]  # type: ignore[attr-defined]
    [each for each in await ax.tasks.as_completed(["r"])]  # type: ignore[attr-defined]
    [each async for each in ax.tasks.as_completed(["r"])]  # type: ignore[attr-defined]
    [each async for each in blocking.tasks.as_completed(["r"])]  # type: ignore[attr-defined]
    blocking.tasks.watch()  # type: ignore[attr-defined]
    len(await ax.tasks.list())  # type: ignore[arg-type]
    (await ax.tasks.list())[0]  # type: ignore[index]
    list(await ax.tasks.list())  # type: ignore[call-overload]


def wrong_calls(ax: AxClient, text: str, task: Task) -> None:
    """Call methods with invalid values."""
    ax.tasks.list(task_type="template_evalution")  # type: ignore[arg-type]
    ax.tasks.list(task_type="Template_Evaluation")  # type: ignore[arg-type]
    ax.tasks.list(task_type=text)  # type: ignore[arg-type]
    ax.tasks.list_runs("t", status="complete")  # type: ignore[arg-type]
    ax.tasks.list_runs("t", status=text)  # type: ignore[arg-type]
    ax.tasks.create_evaluation_task("n", task_type="code", evaluators=["e"], project="p")  # type: ignore[arg-type]
    ax.tasks.create_evaluation_task("n", task_type=text, evaluators=["e"], project="p")  # type: ignore[arg-type]
    ax.tasks.create_evaluation_task("n", evaluators=["e"], project="p")  # type: ignore[call-arg]
    ax.tasks.get(task)  # type: ignore[arg-type]
    ax.tasks.update("t", name=None)  # type: ignore[arg-type]
    ax.tasks.update("t", sampling_rate="0.5")  # type: ignore[arg-type]
    ax.tasks.trigger_run("t", data_start_time="2026-03-01")  # type: ignore[arg-type]
    ax.tasks.trigger_run("t", max_spans="5")  # type: ignore[arg-type]
    ax.tasks.wait_for_run("r", 5)  # type: ignore[call-arg]
    AxClient(contract="newer")  # type: ignore[arg-type]
    AxClient(on_ambiguous="ask")  # type: ignore[arg-type]
    AxClient(retry=3)  # type: ignore[arg-type]
    AxClient("key")  # type: ignore[call-arg]


def right_comparisons(run: TaskRun, task: Task) -> bool:
    """Compare a value with its text in either spelling; strict pyright knows the documents' alone."""
    assert_type(run.status, TaskRunStatus)
    if run.status == "COMPLETED":  # pyright: ignore[reportUnnecessaryComparison]
        return True
    if run.status == "completed" or task.type in ("RUN_EXPERIMENT", "run_experiment"):
        return True
    if isinstance(task.run_configuration, StoredLlmGenerationRunConfig):
        assert_type(task.run_configuration.experiment_type, Literal["llm_generation"])
    return run.status != TaskRunStatus.FAILED


def right_match_of_texts(run: TaskRun) -> bool:
    """Match a status with texts, so that any other status is left."""
    match run.status:
        case "COMPLETED" | "completed":
            return True
        case "FAILED":
            return False
        case other:
            assert_type(other, TaskRunStatus)
            return False


def right_branches(status: TaskRunStatus) -> int:
    """Narrow members by `==` one after another, so that none is left."""
    if status == TaskRunStatus.PENDING:
        return 1
    if status == TaskRunStatus.RUNNING:
        return 2
    if status in (TaskRunStatus.COMPLETED, TaskRunStatus.FAILED):
        return 3
    if status == TaskRunStatus.CANCELLED:
        return 4
    assert_never(status)


def right_match(status: TaskRunStatus) -> int:
    """Narrow members by `match`."""
    match status:
        case TaskRunStatus.PENDING | TaskRunStatus.RUNNING:
            return 1
        case TaskRunStatus.COMPLETED | TaskRunStatus.FAILED | TaskRunStatus.CANCELLED:
            return 2
        case _:
            assert_never(status)


def wrong_match(status: TaskRunStatus) -> int:
    """Omit a member, which the checkers report."""
    match status:
        case TaskRunStatus.PENDING | TaskRunStatus.RUNNING:
            return 1
        case TaskRunStatus.COMPLETED | TaskRunStatus.FAILED:
            return 2
        case _:
            assert_never(status)  # type: ignore[arg-type]


def wrong_fields(run: TaskRun) -> None:
    """Read a known field, and one that does not exist."""
    assert_type(run.num_errors, int)
    run.colour  # type: ignore[attr-defined]
