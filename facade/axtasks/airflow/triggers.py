"""The trigger that waits for runs in a triggerer, and cancels them when their task is killed."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Protocol, cast

from airflow.sdk import TaskInstanceState
from airflow.triggers.base import BaseTrigger, TriggerEvent

from axtasks.errors import AxError

from .hooks import AxTasksHook
from .waiter import WatchPool, cancel_runs, seconds_until, wait_for_all

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence

POOL = WatchPool()
KILLING: set[asyncio.Task[None]] = set()
"""The kills under way, which the event loop alone would not keep."""


class TaskInstanceKeys(Protocol):
    """The attributes that identify a task instance."""

    dag_id: str
    task_id: str
    run_id: str
    map_index: int | None


class AxRunsTrigger(BaseTrigger):
    """Waits until runs have ended, with one list request per task and poll for all triggers of the process.

    It fires one event, a `WaitEvent`. Its arguments never hold the key.

    Args:
        conn_id: the id of the connection.
        runs: the ids of the runs, by the ids of their tasks.
        deadline: the time in seconds since 1970 until when to wait; None for no end.
        poll_interval: seconds between two polls; None for the intervals of the client.
        cancel_on_kill: whether the runs are cancelled when the task is marked or cleared while it is deferred.
    """

    def __init__(
        self,
        conn_id: str,
        runs: Mapping[str, Sequence[str]],
        deadline: float | None = None,
        poll_interval: float | None = None,
        cancel_on_kill: bool = True,  # as Airflow stores it
    ) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # Airflow's has no types
        self.conn_id = conn_id
        self.runs = {task_id: list(run_ids) for task_id, run_ids in runs.items()}
        self.deadline = deadline
        self.poll_interval = poll_interval
        self.cancel_on_kill = cancel_on_kill

    def serialize(self) -> tuple[str, dict[str, object]]:
        """Return the class and the arguments that Airflow stores."""
        return (
            f"{type(self).__module__}.{type(self).__qualname__}",
            {
                "conn_id": self.conn_id,
                "runs": self.runs,
                "deadline": self.deadline,
                "poll_interval": self.poll_interval,
                "cancel_on_kill": self.cancel_on_kill,
            },
        )

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """Fire one event once all runs have ended, or the deadline has passed."""
        task_ids = {run_id: task_id for task_id, run_ids in self.runs.items() for run_id in run_ids}
        settings = await AxTasksHook(self.conn_id).asettings()
        async with POOL.lease(settings, self.poll_interval) as shared:
            event = await wait_for_all(shared.watch, task_ids, seconds=seconds_until(self.deadline))
        yield TriggerEvent(event)  # type: ignore[no-untyped-call]  # Airflow's has no types

    async def on_kill(self) -> None:
        """Cancel the runs, if somebody acted on the task. Airflow calls this also when another triggerer takes over."""
        if not self.cancel_on_kill:
            return
        # The triggerer cancels this again each second until it has ended: what it began goes on beside it.
        killing = asyncio.create_task(self._kill())
        KILLING.add(killing)
        killing.add_done_callback(KILLING.discard)
        await asyncio.shield(killing)

    async def _kill(self) -> None:
        try:
            await self._cancel_if_killed()
        except Exception:
            # Nobody may be left to hear of it.
            run_ids = ", ".join(run_id for ids in self.runs.values() for run_id in ids)
            self.log.exception("The task was killed, but its runs could not be cancelled, and may go on: %s", run_ids)

    async def _cancel_if_killed(self) -> None:
        if await asyncio.to_thread(self._is_deferred):
            self.log.info("The task is still deferred: its runs go on")
            return
        settings = await AxTasksHook(self.conn_id).asettings()
        async with POOL.lease(settings, self.poll_interval) as shared:
            results = await cancel_runs(shared.client, (run_id for ids in self.runs.values() for run_id in ids))
        for run_id, result in results.items():
            if isinstance(result, AxError):
                self.log.warning("Run %s was not cancelled: %s", run_id, result)
            else:
                self.log.info("Run %s is %s", run_id, result.status)

    def _is_deferred(self) -> bool:
        instance = cast("TaskInstanceKeys | None", self.task_instance)
        return instance is not None and state_of_task(instance) == TaskInstanceState.DEFERRED


def state_of_task(instance: TaskInstanceKeys) -> str | None:
    """Return the state of a task instance as the metadata database has it; None if it has none.

    It blocks: on an event loop call it in a thread.
    """
    from airflow.sdk.execution_time.task_runner import RuntimeTaskInstance

    map_index = -1 if instance.map_index is None else instance.map_index
    states = RuntimeTaskInstance.get_task_states(
        dag_id=instance.dag_id, task_ids=[instance.task_id], run_ids=[instance.run_id], map_index=map_index
    )
    key = instance.task_id if map_index < 0 else f"{instance.task_id}_{map_index}"
    state = states.get(instance.run_id, {}).get(key)
    return None if state is None else str(getattr(state, "value", state))
