"""The scenario with a published SDK in its environment: `python -m tests.e2e.interop.sdk URL CONTRACT`."""

from __future__ import annotations

import logging
import sys
from datetime import datetime
from importlib import import_module
from typing import TYPE_CHECKING, Any

from arize import ArizeClient
from arize._generated.api_client import exceptions  # the names that its users catch
from arize.tasks import types

from tests.e2e.interop import scenario
from tests.e2e.interop.scenario import Problem, Steps, require, require_equal

if TYPE_CHECKING:
    from collections.abc import Callable


EVALUATOR: Any = next(
    getattr(types, name)
    for name in ("BaseEvaluationTaskRequestEvaluatorsInner", "TaskEvaluatorInput")
    if hasattr(types, name)
)
"""The class of an evaluator to attach; its name differs between SDKs."""


def refused(kind: str, problem: Problem, call: Callable[[], object]) -> None:
    """Raise ValueError unless a call raises the SDK's exception of this name with the fields of a problem."""
    try:
        answer = call()
    except exceptions.ApiException as error:
        data: Any = error.data
        require_equal(type(error).__name__, kind)
        require(data, f"the problem was not read: {error}")
        require_equal((error.status, data.status, data.title), (problem.status, problem.status, problem.title))
        require(problem.detail in data.detail, f"the detail is {data.detail!r}")
        require(data.type and data.instance, "type and instance are missing")
    else:
        raise ValueError(f"was not refused, but answered with {answer!r}")


def refusals(steps: Steps, tasks: Any, task_id: str, experiment_task_id: str, run_id: str) -> None:
    """Check calls that the server refuses: the exception and its fields."""
    with steps.step("409 for the name of an experiment that is there"):
        again = {"task": experiment_task_id, "experiment_name": "baseline"}
        refused("ConflictException", scenario.CONFLICT, lambda: tasks.trigger_run(**again))
    with steps.step("422 for a time without an offset"):
        local = {"task": task_id, "data_start_time": datetime.fromisoformat(scenario.LOCAL_TIME), "data_end_time": None}
        refused("UnprocessableEntityException", scenario.NO_OFFSET, lambda: tasks.trigger_run(**local))
    with steps.step("400 for cancelling what has ended"):
        refused("BadRequestException", scenario.ENDED, lambda: tasks.cancel_run(run_id=run_id))


def unwrap(variant: Any) -> Any:
    """Return the object inside the SDK's wrapper of a union, or the object itself."""
    return getattr(variant, "actual_instance", variant)


def beta_only(steps: Steps, client: Any, task_id: str) -> None:
    """Check what only today's contract has: lookups by name, and the refusal of a taken name."""
    space = scenario.SPACE
    with steps.step("422 for the name of a task that is there"):
        taken = {"task": task_id, "name": "SDK Experiment"}
        refused("UnprocessableEntityException", scenario.TAKEN, lambda: client.tasks.update(**taken))
    with steps.step("get AI integrations and integrations by name"):
        listed = client.ai_integrations.list(space=space).ai_integrations
        require_equal(
            client.ai_integrations.get(integration=scenario.INTEGRATION_NAME, space=space).id, scenario.INTEGRATION_ID
        )
        require(scenario.INTEGRATION_ID in {it.id for it in listed}, "the list does not have it")
        agent = import_module("arize.integrations.types").IntegrationType.AGENT
        found = client.integrations.get(integration=scenario.AGENT_NAME, integration_type=agent, space=space)
        require_equal(found.id, scenario.AGENT_ID)
        require_equal({unwrap(it).type for it in client.integrations.list(space=space).integrations}, {"LLM", "AGENT"})
    with steps.step("get an evaluator with its version, and list its versions"):
        evaluator = client.evaluators.get(evaluator=scenario.EVALUATOR_NAME, space=space)
        versions = client.evaluators.list_versions(evaluator=scenario.EVALUATOR_NAME, space=space).evaluator_versions
        ids = [unwrap(it).id for it in versions]
        require_equal((len(ids), unwrap(evaluator.version).id), (scenario.EVALUATOR_VERSIONS, ids[0]))
        require_equal(unwrap(client.evaluators.get_version(version_id=ids[1])).id, ids[1])
    with steps.step("get a prompt by name, and list its versions"):
        prompt = client.prompts.get(prompt=scenario.PROMPT_NAME, space=space, label="production")
        versions = client.prompts.list_versions(prompt=scenario.PROMPT_NAME, space=space).prompt_versions
        require_equal((len(versions), prompt.version.id), (scenario.PROMPT_VERSIONS, versions[0].id))
        require_equal(client.prompts.get_version(version_id=versions[1].id).prompt_id, prompt.id)
    with steps.step("get a project and a space"):
        require_equal(client.projects.get(project=scenario.PROJECT, space=space).project_type.value, "APPLICATION")
        require_equal(client.spaces.get(space=space).name, space)


def run_scenario(client: Any, contract: str) -> None:
    """Create, change, run and delete tasks of both types."""
    space = scenario.SPACE
    steps, tasks = Steps("SDK"), client.tasks
    word = scenario.speller(contract)
    with steps.step("list the tasks of a project by its name"):
        page = tasks.list(project=scenario.PROJECT, space=space)
        require_equal([it.name for it in page.tasks], ["Support Answer Checks"])
    with steps.step("list page by page"):
        first = tasks.list(limit=100)
        rest = tasks.list(limit=100, cursor=first.pagination.next_cursor)
        require_equal((len(first.tasks), len(rest.tasks), rest.pagination.has_more), (100, 35, False))
    with steps.step("create an evaluation task by the name of its project"):
        given = {"evaluator_id": scenario.EVALUATOR_ID, "column_mappings": {"input": "attributes.input.value"}}
        evaluator = EVALUATOR.from_dict(given)
        task = tasks.create_evaluation_task(
            name="SDK Evaluation",
            task_type=word("template_evaluation"),
            project=scenario.PROJECT,
            space=space,
            evaluators=[evaluator],
            sampling_rate=0.5,
            is_continuous=False,
            query_filter="a = 'b'",
        )
        require_equal((task.project_id, task.sampling_rate, task.query_filter), (scenario.PROJECT_ID, 0.5, "a = 'b'"))
        require_equal([it.evaluator_name for it in task.evaluators], [scenario.EVALUATOR_NAME])
    with steps.step("create a run_experiment task by the name of its dataset"):
        experiment_task = tasks.create_run_experiment_task(
            name="SDK Experiment",
            dataset=scenario.DATASET,
            space=space,
            run_configuration=scenario.run_configuration(contract),
        )
        require_equal(experiment_task.run_configuration.messages[0].content, "{{input}}")
    with steps.step("get by name"):
        require_equal(tasks.get(task="SDK Evaluation", space=space), task)
    with steps.step("update by name, clearing the filter"):
        changed = tasks.update(task="SDK Evaluation", space=space, name="SDK Renamed", query_filter=None)
        require_equal((changed.id, changed.name, changed.query_filter), (task.id, "SDK Renamed", None))
    with steps.step("trigger an evaluation by name"):
        start, end = map(datetime.fromisoformat, scenario.WINDOW)
        run = tasks.trigger_run(
            task="SDK Renamed", space=space, data_start_time=start, data_end_time=end, max_spans=100
        )
        require_equal((run.status.value, run.num_successes), (word("pending"), 0))
        require_equal((run.data_start_time, run.data_end_time), (start, end))
    with steps.step("wait for it"):
        ended = tasks.wait_for_run(run_id=run.id, poll_interval=0.05, timeout=30)
        require_equal(ended.status.value, word("completed"))
        require(ended.num_successes > 0 and ended.run_finished_at, "it has no results")
    with steps.step("trigger an experiment, and cancel it"):
        second = tasks.trigger_run(task=experiment_task.id, experiment_name="sdk-1", max_examples=5)
        require_equal(second.status.value, word("pending"))
        require_equal(tasks.cancel_run(run_id=second.id).status.value, word("cancelled"))
    with steps.step("list runs by name and status"):
        require_equal([it.id for it in tasks.list_runs(task="SDK Renamed", space=space).task_runs], [run.id])
        require_equal(tasks.list_runs(task=task.id, status=word("failed")).task_runs, [])
    if contract == scenario.BETA:
        beta_only(steps, client, task.id)
    refusals(steps, tasks, task.id, experiment_task.id, run.id)
    with steps.step("delete by name"):
        tasks.delete(task="SDK Renamed", space=space)
        tasks.delete(task="SDK Experiment", space=space)
    with steps.step("404 for what was deleted"):
        refused("NotFoundException", scenario.NOT_FOUND, lambda: tasks.get(task=task.id))


if __name__ == "__main__":
    logging.getLogger("arize").setLevel(logging.ERROR)
    scheme, _, host = sys.argv[1].partition("://")
    run_scenario(ArizeClient(api_key="interop", api_host=host, api_scheme=scheme), sys.argv[2])
