"""Tests that both clients have the same names, parameters, results and docstrings."""

from __future__ import annotations

import inspect
import pydoc
import re
from typing import TYPE_CHECKING, Any

import pytest
from axtasks import AsyncAxClient, AxClient
from axtasks.resources import backfill as filling
from axtasks.resources import bindings as resources
from axtasks.resources import create_task as create
from axtasks.resources import ensure_run as ensuring
from axtasks.resources import integrations, lookups, runs, tasks, versions
from axtasks.resources import trigger_run as trigger
from axtasks.resources import trigger_runs as trigger_many
from axtasks.resources import wait_for_run as waiting
from axtasks.resources import wait_for_runs as waiting_many

from tests.unit.support import API_KEY, methods

if TYPE_CHECKING:
    from collections.abc import Callable

# None of this depends on what a server speaks.
pytestmark = pytest.mark.one_contract

# The SDK page's methods and ours for many at once, with their parameters: those before the star also go by position.
TASKS = {
    "list": "(self, /, *, name, project, dataset, space, task_type, limit, cursor)",
    "create_evaluation_task": (
        "(self, /, name, *, task_type, evaluators, project, dataset, space, experiment_ids, sampling_rate,"
        " is_continuous, query_filter)"
    ),
    "create_run_experiment_task": "(self, /, name, *, dataset, run_configuration, space)",
    "get": "(self, /, task, *, space)",
    "update": (
        "(self, /, task, *, space, name, sampling_rate, is_continuous, query_filter, evaluators, run_configuration)"
    ),
    "delete": "(self, /, task, *, space)",
    "trigger_run": (
        "(self, /, task, *, space, data_start_time, data_end_time, max_spans, override_evaluations, experiment_ids,"
        " experiment_name, dataset_version_id, max_examples, example_ids, evaluation_task_ids, tracing_metadata)"
    ),
    "trigger_runs": "(self, /, requests, *, space, max_concurrency)",
    "ensure_run": (
        "(self, /, task, *, space, data_start_time, data_end_time, max_spans, override_evaluations, experiment_ids,"
        " experiment_name, dataset_version_id, max_examples, example_ids, evaluation_task_ids, tracing_metadata,"
        " query_filter, since, skew, retrigger)"
    ),
    "list_runs": "(self, /, task, *, space, status, limit, cursor)",
    "get_run": "(self, /, run_id)",
    "cancel_run": "(self, /, run_id)",
    "wait_for_run": "(self, /, run_id, *, poll_interval, timeout, on_poll, raise_on_failure)",
    "wait_for_runs": "(self, /, runs, *, poll_interval, timeout, on_poll, raise_on_failure)",
    "as_completed": "(self, /, runs, *, poll_interval, timeout, on_poll, raise_on_failure)",
    "backfill": (
        "(self, /, task, *, start, end, space, window, concurrency, max_spans, split, newest_first,"
        " override_evaluations, since, retry_failed)"
    ),
}
# What the newer dialect has more comes after what the documents have.
OF_BETA = {"create_evaluation_task": ", query_filters", "update": ", query_filters", "trigger_run": ", query_filter"}
RESULTS = {
    "list": "TaskPage",
    "create_evaluation_task": "Task",
    "create_run_experiment_task": "Task",
    "get": "Task",
    "update": "Task",
    "delete": "None",
    "trigger_run": "TaskRun",
    "trigger_runs": "list[TriggerOutcome]",
    "ensure_run": "EnsuredRun",
    "list_runs": "TaskRunPage",
    "get_run": "TaskRun",
    "cancel_run": "TaskRun",
    "wait_for_run": "TaskRun",
    "wait_for_runs": "list[TaskRun]",
    "as_completed": "RunsAsCompleted",
    "backfill": "Backfill",
}
# What takes several tasks of an event loop.
AWAITED_ALONE = {"watch"}


def class_of(group: str) -> str:
    """Return the class of a group of methods."""
    return group.title().replace("_", "")


GROUPS = [
    "tasks",
    "spaces",
    "projects",
    "datasets",
    "experiments",
    "evaluators",
    "ai_integrations",
    "integrations",
    "prompts",
]
PAIRS = [(group, name) for group in GROUPS for name in methods(getattr(resources, class_of(group)))]
FLOWS = {
    flow
    for module in (
        create,
        ensuring,
        filling,
        integrations,
        lookups,
        runs,
        tasks,
        trigger,
        trigger_many,
        versions,
        waiting,
        waiting_many,
    )
    for name, flow in vars(module).items()
    if inspect.isgeneratorfunction(flow) and name[0] != "_" and flow.__module__ == module.__name__
}


def both(group: str, name: str) -> tuple[Callable[..., Any], Callable[..., Any]]:
    return getattr(getattr(resources, class_of(group)), name), getattr(
        getattr(resources, f"Async{class_of(group)}"), name
    )


def public(value: object) -> set[str]:
    return {name for name in dir(value) if not name.startswith("_")}


def bare(signature: inspect.Signature) -> str:
    """Return the names of the parameters alone."""
    parameters = [p.replace(annotation=p.empty, default=p.empty) for p in signature.parameters.values()]
    return str(inspect.Signature(parameters))


def test_both_clients_offer_the_same_names() -> None:
    blocking, awaiting = AxClient(api_key=API_KEY), AsyncAxClient(api_key=API_KEY)

    assert public(blocking) == public(awaiting) >= {*GROUPS, "base_url", "space", "close"}
    for group in GROUPS:
        alone = AWAITED_ALONE if group == "tasks" else set()
        assert public(getattr(blocking, group)) | alone == public(getattr(awaiting, group))
        assert type(getattr(awaiting, group)).__name__ == f"Async{type(getattr(blocking, group)).__name__}"


def test_methods_of_both_clients_take_the_same_parameters() -> None:
    blocking, awaiting = AxClient(api_key=API_KEY), AsyncAxClient(api_key=API_KEY)

    for name in public(blocking):
        if callable(getattr(blocking, name)):
            parameters = [inspect.signature(getattr(client, name)).parameters for client in (blocking, awaiting)]
            assert parameters[0] == parameters[1], name
            assert inspect.getdoc(getattr(blocking, name)) == inspect.getdoc(getattr(awaiting, name))


def test_both_clients_are_set_up_by_the_same_parameters() -> None:
    assert list(inspect.signature(AxClient).parameters) == list(inspect.signature(AsyncAxClient).parameters)


def test_a_method_has_the_same_signature_and_docstring_on_both_clients() -> None:
    for group, name in PAIRS:
        blocking, awaiting = both(group, name)

        parameters = [inspect.signature(method).parameters for method in (blocking, awaiting)]
        assert parameters[0] == parameters[1], f"{group}.{name}"
        assert inspect.getdoc(blocking) == inspect.getdoc(awaiting), f"{group}.{name}"
        returned = blocking.__annotations__["return"]
        differs = returned.endswith("Page") or returned in {"Backfill", "RunsAsCompleted"}
        expected = blocking.__annotations__ | ({"return": f"Async{returned}"} if differs else {})
        assert awaiting.__annotations__ == expected, f"{group}.{name}"
        assert not inspect.iscoroutinefunction(blocking), f"{group}.{name}"
        assert inspect.iscoroutinefunction(awaiting), f"{group}.{name}"


def test_a_method_is_named_after_where_it_stands() -> None:
    for group, name in PAIRS:
        blocking, awaiting = both(group, name)

        assert (blocking.__name__, blocking.__qualname__) == (name, f"{class_of(group)}.{name}")
        assert (awaiting.__name__, awaiting.__qualname__) == (name, f"Async{class_of(group)}.{name}")


@pytest.mark.parametrize("group", GROUPS)
def test_the_help_on_a_method_is_precise(group: str) -> None:
    for name, method in [(one, each) for within, one in PAIRS if within == group for each in both(group, one)]:
        shown = pydoc.plain(pydoc.render_doc(method))
        doc = inspect.getdoc(method) or ""
        signature = inspect.signature(method)

        # From Python 3.13 on a long signature is shown with a line for each parameter.
        assert re.search(rf"\b{name}\(\s*self,\s*/", shown), name
        assert "*args" not in shown, name
        assert "Flow" not in str(signature), name
        assert "context" not in signature.parameters, name
        for parameter in list(signature.parameters.values())[1:]:
            assert parameter.annotation is not parameter.empty, name
            assert re.search(rf"^ +{parameter.name}: \S", doc, re.MULTILINE), f"{name}: {parameter.name}"


def test_the_methods_on_tasks_are_those_of_the_documents_and_those_for_many() -> None:
    signatures = {name: inspect.signature(getattr(resources.Tasks, name)) for name in TASKS}

    assert {name: bare(signature) for name, signature in signatures.items()} == {
        name: f"{parameters.removesuffix(')')}{OF_BETA.get(name, '')})" for name, parameters in TASKS.items()
    }
    assert {name: signature.return_annotation for name, signature in signatures.items()} == RESULTS


def test_there_are_no_other_methods_on_tasks() -> None:
    assert list(methods(resources.Tasks)) == list(TASKS)


def test_only_what_a_call_is_about_may_be_given_by_position() -> None:
    for group, name in PAIRS:
        parameters = list(inspect.signature(both(group, name)[0]).parameters.values())[1:]
        by_position = [p.name for p in parameters if p.kind is not p.KEYWORD_ONLY]

        assert len(by_position) <= 1, f"{group}.{name}"
        for parameter in parameters[: len(by_position)]:
            assert parameter.kind is parameter.POSITIONAL_OR_KEYWORD, f"{group}.{name}"
            assert parameter.default is parameter.empty, f"{group}.{name}"


def test_every_flow_is_a_method_and_no_logic_stands_twice() -> None:
    offered = {inspect.getclosurevars(both(group, name)[0]).nonlocals["flow"] for group, name in PAIRS}

    assert offered == FLOWS - {trigger.prepare_trigger, trigger.send_trigger, ensuring.keep_first}
    for group, name in PAIRS:
        blocking, awaiting = both(group, name)
        one, other = inspect.getclosurevars(blocking), inspect.getclosurevars(awaiting)
        assert one.nonlocals["flow"] is other.nonlocals["flow"]


def test_a_misspelt_argument_is_an_error_at_the_call() -> None:
    client = AxClient(api_key=API_KEY)

    for group, name in PAIRS:
        with pytest.raises(TypeError, match=rf"^{group}\.{name}\(\) .*(unexpected keyword|missing \d+ required)"):
            getattr(getattr(client, group), name)(misspelt=1)
