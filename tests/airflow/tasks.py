"""A runner of tasks and triggers in this process, by Airflow's own task runner, with recorded messages."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast
from uuid import uuid4

# The first connection that is asked for imports it, which would take of the time that a task may last.
import airflow.sdk.execution_time.supervisor  # noqa: F401
import structlog
from airflow.sdk import DAG, BaseOperator
from airflow.sdk.api.datamodels._generated import DagRun, TIRunContext
from airflow.sdk.execution_time import comms
from airflow.sdk.execution_time.task_runner import RuntimeTaskInstance, finalize, run
from airflow.sdk.module_loading import import_string

if TYPE_CHECKING:
    from collections.abc import Callable

    from airflow.triggers.base import BaseTrigger

try:
    from airflow.sdk.serde import deserialize, serialize
except ImportError:  # before Airflow 3.2
    from airflow.serialization.serialized_objects import BaseSerialization

    serialize, deserialize = BaseSerialization.serialize, BaseSerialization.deserialize
    IS_PLAIN = True
else:
    IS_PLAIN = False

STARTED_AT = datetime(2026, 3, 8, tzinfo=UTC)
"""The start of a DAG run."""


@dataclass
class Supervisor:
    """A stand-in for the supervisor, which keeps messages, and answers those that ask for states.

    Attributes:
        messages: the messages, in order.
        states: the states of task instances by DAG run and key.
    """

    messages: list[Any] = field(default_factory=list)
    states: dict[str, dict[str, str | None]] = field(default_factory=dict)

    def send(self, msg: Any) -> Any:
        """Keep a message, and answer it. Values to be masked in logs are not kept."""
        if not isinstance(msg, comms.MaskSecret):
            self.messages.append(msg)
        if isinstance(msg, comms.GetTaskStates):
            return comms.TaskStatesResult(task_states=self.states)
        return None

    async def asend(self, msg: Any) -> Any:
        """Do the same for triggers."""
        return self.send(msg)

    def xcoms(self) -> dict[str, Any]:
        """Return the last pushed values, by key."""
        return {each.key: each.value for each in self.messages if isinstance(each, comms.SetXCom)}

    def rendered(self) -> dict[str, Any]:
        """Return the template fields as they were last rendered."""
        return dict([each for each in self.messages if isinstance(each, comms.SetRenderedFields)][-1].rendered_fields)


@dataclass(frozen=True)
class TaskRunResult:
    """The end of a try.

    Attributes:
        state: the state of the task instance.
        message: the message that told it.
        error: the error that it failed with.
    """

    state: str
    message: Any
    error: BaseException | None

    @property
    def trigger(self) -> BaseTrigger:
        """The trigger of a deferred task, as a triggerer makes it from what is stored."""
        return cast("BaseTrigger", import_string(self.message.classpath)(**self.stored))

    @property
    def stored(self) -> dict[str, Any]:
        """The arguments of the trigger, as they are stored."""
        return decode(json.loads(json.dumps(self.message.trigger_kwargs)))


@dataclass
class TaskOfDag:
    """A task of a DAG, to be run as one task instance.

    Attributes:
        operator: the operator.
        supervisor: the supervisor.
        run_id: the id of the DAG run.
        dag_run: more attributes of the DAG run.
        try_number: the number of the next try.
        max_tries: the most retries; it grows when the task is cleared.
        map_index: the index of a mapped task.
        age: how long before now each try started, by what Airflow tells of it.
    """

    operator: BaseOperator
    supervisor: Supervisor
    run_id: str = "manual__2026-03-08T00:00:00+00:00"
    dag_run: dict[str, Any] = field(default_factory=dict)
    try_number: int = 1
    max_tries: int = field(init=False)
    map_index: int = -1
    age: timedelta = timedelta()

    def __post_init__(self) -> None:
        self.max_tries = self.operator.retries

    def run(self, resumed: TaskRunResult | None = None, event: object = None) -> TaskRunResult:
        """Run the task, or go on with a deferred one after its trigger's event."""
        message = None if resumed is None else resumed.message
        context = TIRunContext(
            dag_run=DagRun(**self._dag_run()),
            max_tries=self.max_tries,
            should_retry=self.try_number <= self.max_tries,
            next_method=None if message is None else message.next_method,
            next_kwargs=None if message is None else _with_event(message.next_kwargs, event),
        )
        instance = RuntimeTaskInstance.model_construct(
            id=uuid4(),
            dag_version_id=uuid4(),
            dag_id=self.operator.dag_id,
            task_id=self.operator.task_id,
            run_id=self.run_id,
            try_number=self.try_number,
            map_index=self.map_index,
            task=self.operator,
            _ti_context_from_server=context,
            max_tries=self.max_tries,
            start_date=datetime.now(UTC) - self.age,
            state="running",
        )
        log = structlog.get_logger("test")
        values = instance.get_template_context()
        state, told, error = run(instance, values, log)
        finalize(instance, state, values, log, error)
        return TaskRunResult(str(getattr(state, "value", state)), told, error)

    def clear(self) -> None:
        """Clear the task, as the scheduler and its API do."""
        self.max_tries = self.try_number + self.operator.retries
        self.try_number += 1

    def retry(self) -> TaskRunResult:
        """Run the next try."""
        self.try_number += 1
        return self.run()

    def _dag_run(self) -> dict[str, Any]:
        fields = {
            "dag_id": self.operator.dag_id,
            "run_id": self.run_id,
            "logical_date": STARTED_AT,
            "data_interval_start": None,
            "data_interval_end": None,
            "run_after": STARTED_AT,
            "start_date": datetime.now(UTC) - timedelta(minutes=1),
            "end_date": None,
            "run_type": "manual",
            "state": "running",
            "consumed_asset_events": [],
            "partition_key": None,
            **self.dag_run,
        }
        return {name: value for name, value in fields.items() if name in DagRun.model_fields}


def decode(stored: Any) -> dict[str, Any]:
    """Return arguments as Airflow reads them; before 3.2 its task runner leaves them as they are."""
    return cast("dict[str, Any]", stored if IS_PLAIN and "__type" not in stored else deserialize(stored))


def _with_event(kwargs: Any, event: object) -> dict[str, Any]:
    """Return the stored arguments of the next method with an event, as the server adds it."""
    return cast("dict[str, Any]", serialize({**decode(kwargs), "event": event}))


def in_dag(make: Callable[[], BaseOperator], **arguments: Any) -> BaseOperator:
    """Return the operator that a function creates within a DAG."""
    with DAG("nightly", schedule=None, start_date=datetime(2026, 1, 1, tzinfo=UTC), **arguments):
        return make()


async def first_event(trigger: BaseTrigger) -> Any:
    """Return the payload of the first event of a trigger, as it is stored."""
    async for event in trigger.run():
        return json.loads(json.dumps(event.payload))
    raise AssertionError("the trigger fired no event")


def event_of(trigger: BaseTrigger) -> Any:
    """Return the payload of the first event of a trigger, on an event loop of its own."""
    return asyncio.run(first_event(trigger))
