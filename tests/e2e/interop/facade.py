"""The scenario with our own clients, sync and async, with the contract given or detected."""

from __future__ import annotations

import asyncio
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from axtasks import AsyncAxClient, AxClient, BadRequestError, ConflictError, NotFoundError, TaskRunStatus, TaskType

from tests.e2e.interop import scenario
from tests.e2e.interop.scenario import Problem, Steps, require, require_equal

if TYPE_CHECKING:
    from collections.abc import Callable

    from axtasks import APIError
    from axtasks.contract.dialect import Contract, ContractChoice

KEY = "interop"


class Caller:
    """Calls a sync or async client, and waits for each call."""

    def __init__(self, client: AxClient | AsyncAxClient, loop: asyncio.Runner | None) -> None:
        self.client = client
        self._loop = loop

    def __call__(self, call: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        """Call a method and return its result."""
        made = call(*arguments, **named)
        return made if self._loop is None else self._loop.run(made)

    def refused(self, kind: type[APIError], problem: Problem, call: Callable[..., Any], *arguments: Any) -> None:
        """Raise ValueError unless a call raises this error with the fields of a problem."""
        try:
            answer = self(call, *arguments)
        except kind as error:
            told = error.problem
            require_equal((error.status_code, told and told.title), (problem.status, problem.title))
            require(told and problem.detail in str(told.detail), f"the detail is {told and told.detail!r}")
        else:
            raise ValueError(f"was not refused, but answered with {answer!r}")


def run_scenario(url: str, given: ContractChoice, learnt: Contract, *, awaits: bool = False) -> None:
    """Run the scenario: create, change, run and delete tasks of both types.

    Args:
        url: the address of the server.
        given: the client's argument `contract`.
        learnt: the contract that the client has to know in the end.
        awaits: true for the async client.
    """
    options: Any = {"api_key": KEY, "base_url": url, "contract": given}
    if awaits:
        with asyncio.Runner() as loop:
            awaiting = AsyncAxClient(**options)
            try:
                _run_steps(Caller(awaiting, loop), f"AsyncAxClient({given})")
            finally:
                loop.run(awaiting.close())
            require_equal(awaiting.contract, learnt)
    else:
        with AxClient(**options) as blocking:
            _run_steps(Caller(blocking, None), f"AxClient({given})")
        require_equal(blocking.contract, learnt)


def _run_steps(ask: Caller, client: str) -> None:
    tasks: Any = ask.client.tasks
    space = scenario.SPACE
    steps = Steps(client)
    with steps.step("list the tasks of a project by its name"):
        require_equal(
            [it.name for it in ask(tasks.list, project=scenario.PROJECT, space=space).items], ["Support Answer Checks"]
        )
    with steps.step("list page by page"):
        first = ask(tasks.list, limit=100)
        rest = ask(tasks.list, limit=100, cursor=first.next_cursor)
        require_equal((len(first.items), len(rest.items), rest.next_cursor), (100, 35, None))
    with steps.step("create an evaluation task by names"):
        task = ask(
            tasks.create_evaluation_task,
            "Our Evaluation",
            task_type=TaskType.TEMPLATE_EVALUATION,
            project=scenario.PROJECT,
            space=space,
            evaluators=[scenario.EVALUATOR_NAME],
            sampling_rate=0.5,
            is_continuous=False,
            query_filter="a = 'b'",
        )
        require_equal(
            (task.type, task.project_id, task.query_filter), ("template_evaluation", scenario.PROJECT_ID, "a = 'b'")
        )
        require_equal([it.evaluator_id for it in task.evaluators], [scenario.EVALUATOR_ID])
    with steps.step("create a run_experiment task by the name of its dataset"):
        experiment = ask(
            tasks.create_run_experiment_task,
            "Our Experiment",
            dataset=scenario.DATASET,
            space=space,
            run_configuration=scenario.named_configuration(ask.client.contract),
        )
        require_equal(experiment.run_configuration.ai_integration_id, scenario.INTEGRATION_ID)
        require_equal(experiment.run_configuration.messages[0].content, "{{input}}")
    with steps.step("get by name"):
        require_equal(ask(tasks.get, "Our Evaluation", space=space), task)
    with steps.step("update by name, clearing the filter"):
        changed = ask(tasks.update, "Our Evaluation", space=space, name="Our Renamed", query_filter=None)
        require_equal((changed.id, changed.name, changed.query_filter), (task.id, "Our Renamed", None))
    with steps.step("trigger an evaluation by name, and wait for it"):
        start, end = map(datetime.fromisoformat, scenario.WINDOW)
        window = {"data_start_time": start, "data_end_time": end}
        run = ask(tasks.trigger_run, "Our Renamed", space=space, **window, max_spans=100)
        require_equal((run.status, run.data_start_time, run.data_end_time), (TaskRunStatus.PENDING, start, end))
        ended = ask(tasks.wait_for_run, run.id, poll_interval=0.01, timeout=30)
        require_equal((ended.status, ended.num_successes > 0), ("completed", True))
    with steps.step("trigger an experiment, and cancel it"):
        second = ask(tasks.trigger_run, experiment.id, experiment_name="ours-1", max_examples=5)
        require_equal(ask(tasks.cancel_run, second.id).status, TaskRunStatus.CANCELLED)
    with steps.step("list runs by name and status"):
        require_equal([it.id for it in ask(tasks.list_runs, "Our Renamed", space=space).items], [run.id])
        require_equal([it.id for it in ask(tasks.list_runs, experiment.id, status="cancelled").items], [second.id])
    with steps.step("400 and 409 for what cannot be done"):
        again = partial(tasks.trigger_run, experiment.id, experiment_name="baseline")
        ask.refused(ConflictError, scenario.CONFLICT, again)
        ask.refused(BadRequestError, scenario.ENDED, tasks.cancel_run, run.id)
    with steps.step("delete by name"):
        ask(tasks.delete, "Our Renamed", space=space)
        ask(tasks.delete, "Our Experiment", space=space)
    with steps.step("404 for what was deleted"):
        ask.refused(NotFoundError, scenario.NOT_FOUND, tasks.get, task.id)
