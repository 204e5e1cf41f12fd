"""The story as a published SDK tells it, where it is installed: `python -m tests.e2e.interop.sdk URL CONTRACT`."""

from __future__ import annotations

import logging
import sys
from datetime import datetime
from importlib import import_module
from typing import TYPE_CHECKING, Any

from arize import ArizeClient
from arize._generated.api_client import exceptions  # the names that its users catch
from arize.tasks import types

from tests.e2e.interop import story
from tests.e2e.interop.story import Problem, Story, holds, same

if TYPE_CHECKING:
    from collections.abc import Callable


EVALUATOR: Any = next(
    getattr(types, name)
    for name in ("BaseEvaluationTaskRequestEvaluatorsInner", "TaskEvaluatorInput")
    if hasattr(types, name)
)
"""An evaluator to attach, which each SDK calls otherwise."""


def refused(kind: str, problem: Problem, call: Callable[[], object]) -> None:
    """The call is refused with the SDK's exception of this kind, whose fields say so."""
    try:
        answer = call()
    except exceptions.ApiException as error:
        data: Any = error.data
        same(type(error).__name__, kind)
        holds(data, f"the problem was not read: {error}")
        same((error.status, data.status, data.title), (problem.status, problem.status, problem.title))
        holds(problem.detail in data.detail, f"the detail is {data.detail!r}")
        holds(data.type and data.instance, "type and instance are missing")
    else:
        raise ValueError(f"was not refused, but answered with {answer!r}")


def refusals(tale: Story, tasks: Any, task_id: str, experiment_task_id: str, run_id: str) -> None:
    """What is refused raises the right exception, and its fields tell why."""
    with tale.step("409 for the name of an experiment that is there"):
        again = {"task": experiment_task_id, "experiment_name": "baseline"}
        refused("ConflictException", story.CONFLICT, lambda: tasks.trigger_run(**again))
    with tale.step("422 for a time without an offset"):
        local = {"task": task_id, "data_start_time": datetime.fromisoformat(story.LOCAL_TIME), "data_end_time": None}
        refused("UnprocessableEntityException", story.NO_OFFSET, lambda: tasks.trigger_run(**local))
    with tale.step("400 for cancelling what has ended"):
        refused("BadRequestException", story.ENDED, lambda: tasks.cancel_run(run_id=run_id))


def whole(variant: Any) -> Any:
    """What is in the SDK's wrapper of one of several shapes."""
    return getattr(variant, "actual_instance", variant)


def of_today(tale: Story, client: Any, task_id: str) -> None:
    """What only today's contract has is found by name, and a task's name that is taken is refused by it."""
    space = story.SPACE
    with tale.step("422 for the name of a task that is there"):
        taken = {"task": task_id, "name": "SDK Experiment"}
        refused("UnprocessableEntityException", story.TAKEN, lambda: client.tasks.update(**taken))
    with tale.step("get AI integrations and integrations by name"):
        listed = client.ai_integrations.list(space=space).ai_integrations
        same(client.ai_integrations.get(integration=story.INTEGRATION_NAME, space=space).id, story.INTEGRATION_ID)
        holds(story.INTEGRATION_ID in {it.id for it in listed}, "the list does not have it")
        agent = import_module("arize.integrations.types").IntegrationType.AGENT
        found = client.integrations.get(integration=story.AGENT_NAME, integration_type=agent, space=space)
        same(found.id, story.AGENT_ID)
        same({whole(it).type for it in client.integrations.list(space=space).integrations}, {"LLM", "AGENT"})
    with tale.step("get an evaluator with its version, and list its versions"):
        evaluator = client.evaluators.get(evaluator=story.EVALUATOR_NAME, space=space)
        versions = client.evaluators.list_versions(evaluator=story.EVALUATOR_NAME, space=space).evaluator_versions
        ids = [whole(it).id for it in versions]
        same((len(ids), whole(evaluator.version).id), (story.EVALUATOR_VERSIONS, ids[0]))
        same(whole(client.evaluators.get_version(version_id=ids[1])).id, ids[1])
    with tale.step("get a prompt by name, and list its versions"):
        prompt = client.prompts.get(prompt=story.PROMPT_NAME, space=space, label="production")
        versions = client.prompts.list_versions(prompt=story.PROMPT_NAME, space=space).prompt_versions
        same((len(versions), prompt.version.id), (story.PROMPT_VERSIONS, versions[0].id))
        same(client.prompts.get_version(version_id=versions[1].id).prompt_id, prompt.id)
    with tale.step("get a project and a space"):
        same(client.projects.get(project=story.PROJECT, space=space).project_type.value, "APPLICATION")
        same(client.spaces.get(space=space).name, space)


def tell(client: Any, contract: str) -> None:
    """Create, change, run and delete tasks of both kinds."""
    space = story.SPACE
    tale, tasks = Story("SDK"), client.tasks
    word = story.speller(contract)
    with tale.step("list the tasks of a project by its name"):
        page = tasks.list(project=story.PROJECT, space=space)
        same([it.name for it in page.tasks], ["Support Answer Checks"])
    with tale.step("list page by page"):
        first = tasks.list(limit=100)
        rest = tasks.list(limit=100, cursor=first.pagination.next_cursor)
        same((len(first.tasks), len(rest.tasks), rest.pagination.has_more), (100, 35, False))
    with tale.step("create an evaluation task by the name of its project"):
        given = {"evaluator_id": story.EVALUATOR_ID, "column_mappings": {"input": "attributes.input.value"}}
        evaluator = EVALUATOR.from_dict(given)
        task = tasks.create_evaluation_task(
            name="SDK Evaluation",
            task_type=word("template_evaluation"),
            project=story.PROJECT,
            space=space,
            evaluators=[evaluator],
            sampling_rate=0.5,
            is_continuous=False,
            query_filter="a = 'b'",
        )
        same((task.project_id, task.sampling_rate, task.query_filter), (story.PROJECT_ID, 0.5, "a = 'b'"))
        same([it.evaluator_name for it in task.evaluators], [story.EVALUATOR_NAME])
    with tale.step("create a run_experiment task by the name of its dataset"):
        experiment_task = tasks.create_run_experiment_task(
            name="SDK Experiment",
            dataset=story.DATASET,
            space=space,
            run_configuration=story.run_configuration(contract),
        )
        same(experiment_task.run_configuration.messages[0].content, "{{input}}")
    with tale.step("get by name"):
        same(tasks.get(task="SDK Evaluation", space=space), task)
    with tale.step("update by name, clearing the filter"):
        changed = tasks.update(task="SDK Evaluation", space=space, name="SDK Renamed", query_filter=None)
        same((changed.id, changed.name, changed.query_filter), (task.id, "SDK Renamed", None))
    with tale.step("trigger an evaluation by name"):
        start, end = map(datetime.fromisoformat, story.WINDOW)
        run = tasks.trigger_run(
            task="SDK Renamed", space=space, data_start_time=start, data_end_time=end, max_spans=100
        )
        same((run.status.value, run.num_successes), (word("pending"), 0))
        same((run.data_start_time, run.data_end_time), (start, end))
    with tale.step("wait for it"):
        ended = tasks.wait_for_run(run_id=run.id, poll_interval=0.05, timeout=30)
        same(ended.status.value, word("completed"))
        holds(ended.num_successes > 0 and ended.run_finished_at, "it has no results")
    with tale.step("trigger an experiment, and cancel it"):
        second = tasks.trigger_run(task=experiment_task.id, experiment_name="sdk-1", max_examples=5)
        same(second.status.value, word("pending"))
        same(tasks.cancel_run(run_id=second.id).status.value, word("cancelled"))
    with tale.step("list runs by name and status"):
        same([it.id for it in tasks.list_runs(task="SDK Renamed", space=space).task_runs], [run.id])
        same(tasks.list_runs(task=task.id, status=word("failed")).task_runs, [])
    if contract == story.BETA:
        of_today(tale, client, task.id)
    refusals(tale, tasks, task.id, experiment_task.id, run.id)
    with tale.step("delete by name"):
        tasks.delete(task="SDK Renamed", space=space)
        tasks.delete(task="SDK Experiment", space=space)
    with tale.step("404 for what was deleted"):
        refused("NotFoundException", story.NOT_FOUND, lambda: tasks.get(task=task.id))


if __name__ == "__main__":
    logging.getLogger("arize").setLevel(logging.ERROR)
    scheme, _, host = sys.argv[1].partition("://")
    tell(ArizeClient(api_key="interop", api_host=host, api_scheme=scheme), sys.argv[2])
