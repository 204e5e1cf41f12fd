"""Trigger runs of several tasks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any, cast

from axtasks.engine.drivers import execute
from axtasks.engine.effects import Flow, gather
from axtasks.errors import AxError, InvalidArgumentError
from axtasks.resolution.resolver import AllSpaces, is_name, resolve_default_space, resolve_space
from axtasks.validation import count, items, none_if_unset, reference

from .trigger_run import trigger_run

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from axtasks_api.models import TaskRun

    from axtasks.engine.context import ClientContext


@dataclass(frozen=True, slots=True, kw_only=True)
class TriggerRequest:
    """One run to trigger. Its fields are the arguments of `trigger_run`, where they are explained."""

    task: str = field(kw_only=False)
    space: str | None = None
    data_start_time: datetime | None = None
    data_end_time: datetime | None = None
    max_spans: int | None = None
    override_evaluations: bool | None = None
    experiment_ids: Sequence[str] | None = None
    experiment_name: str | None = None
    dataset_version_id: str | None = None
    max_examples: int | None = None
    example_ids: Sequence[str] | None = None
    evaluation_task_ids: Sequence[str] | None = None
    tracing_metadata: Mapping[str, object] | None = None
    query_filter: str | None = None


@dataclass(frozen=True, slots=True)
class TriggerOutcome:
    """The outcome of one request to trigger a run: a run, or an error.

    Attributes:
        request: what was asked for.
        outcome: the run that was queued, or why there is none.
    """

    request: TriggerRequest
    outcome: TaskRun | AxError

    @property
    def run(self) -> TaskRun | None:
        """The run that was queued; None if there is none."""
        return None if isinstance(self.outcome, AxError) else self.outcome

    @property
    def error(self) -> AxError | None:
        """The error that says why there is no run; None if there is one."""
        return self.outcome if isinstance(self.outcome, AxError) else None

    def result(self) -> TaskRun:
        """The run that was queued.

        Raises:
            AxError: there is none; the error says why.
        """
        if isinstance(self.outcome, AxError):
            raise self.outcome
        return self.outcome


def trigger_runs(
    context: ClientContext,
    requests: Iterable[str | TriggerRequest | Mapping[str, object]],
    *,
    space: str | None = None,
    max_concurrency: int = 8,
) -> Flow[list[TriggerOutcome]]:
    """Trigger runs and return the outcomes in the order given: a run or an error. One does not stop another.

    Each is a call of its own, with the time that the client gives a call. `AxClient` makes them one after another. The
    name of a space is looked up once for all of them.

    Args:
        requests: what to trigger, each as the name or id of a task, as a `TriggerRequest`, or as a mapping of the
            arguments of `trigger_run`.
        space: name or id of the space for those that name none.
        max_concurrency: how many may be under way at once, for `AsyncAxClient`.

    Raises:
        InvalidArgumentError: a request is none of these; nothing was sent.
    """
    max_concurrency = count("max_concurrency", max_concurrency)
    given = items("requests", requests, of="what to trigger")
    checked = [_repeatable(_request(f"requests[{index}]", item)) for index, item in enumerate(given)]
    for index, request in enumerate(checked):
        if request.space is not None:
            reference(f"requests[{index}].space", request.space)
        elif space is not None:
            reference("space", space)
    checked = [request if request.space is not None else replace(request, space=space) for request in checked]
    # The space to look up each task's name in; None for ids and without a space.
    scopes = [request.space or context.settings.space if is_name(request.task) else None for request in checked]
    names = list(dict.fromkeys(scope for scope in scopes if scope is not None))
    named = {request.space for request in checked}
    looked_up = yield from gather(
        [_space(context, name, is_default=name not in named) for name in names], at_most=max_concurrency
    )
    spaces = dict(zip(names, looked_up, strict=True))
    flows = [
        _trigger(context, request, space=request.space if scope is None else spaces[scope])
        for request, scope in zip(checked, scopes, strict=True)
    ]
    return (yield from gather(flows, at_most=max_concurrency))


def _space(context: ClientContext, name: str, *, is_default: bool) -> Flow[str | AxError | None]:
    """Return the id of a space, or the error of its look-up, which then stands for all requests that need it."""
    if isinstance(name, AllSpaces):
        return name
    try:
        if is_default:
            return none_if_unset((yield from resolve_default_space(context, bypass_cache=True)))
        return (yield from resolve_space(context, name, bypass_cache=True))
    except AxError as error:
        return error


def _trigger(context: ClientContext, request: TriggerRequest, *, space: str | AxError | None) -> Flow[TriggerOutcome]:
    """Carry out one request as a call of its own, in this space; return the error if its look-up had failed."""
    if isinstance(space, AxError):
        return TriggerOutcome(request, space)
    arguments: dict[str, Any] = {field.name: getattr(request, field.name) for field in fields(request)}
    arguments["space"] = space
    try:
        return TriggerOutcome(request, (yield from execute(context, trigger_run, **arguments)))
    except AxError as error:
        return TriggerOutcome(request, error)


def _request(name: str, item: object) -> TriggerRequest:
    """Convert an item of the `requests` argument; its fields are checked when it is carried out."""
    if isinstance(item, TriggerRequest):
        return item
    if not isinstance(item, Mapping):
        return TriggerRequest(reference(name, item))
    known = [field.name for field in fields(TriggerRequest)]
    if unknown := [str(key) for key in item if key not in known]:
        raise InvalidArgumentError(f"{name} has {', '.join(unknown)}, which trigger_run does not take")
    if "task" not in item:
        raise InvalidArgumentError(f"{name} names no task")
    return TriggerRequest(**cast("Mapping[str, Any]", item))


def _repeatable(request: TriggerRequest) -> TriggerRequest:
    """Return a request with lists in place of iterators, as callers give those of outcomes again."""
    values = {each.name: getattr(request, each.name) for each in fields(request)}
    lists: dict[str, Any] = {name: list(value) for name, value in values.items() if isinstance(value, Iterator)}
    return replace(request, **lists) if lists else request
