"""Waits for deferred tasks, as the services see them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.e2e.airflow.polling import until

if TYPE_CHECKING:
    from tests.e2e.airflow.mock_server import ServedMock
    from tests.e2e.airflow.rest import AirflowApi
    from tests.e2e.airflow.services import Airflow


@dataclass(frozen=True)
class Deferrals:
    """Waits for the deferred tasks of DAG runs: in the database, the scheduler and the triggerer."""

    api: AirflowApi
    services: Airflow
    mock: ServedMock

    def wait(self, dag: str, run_id: str, count: int, *, attempt: int = 1, task: str | None = None) -> None:
        """Wait until some tasks are deferred, and the scheduler knows that their processes have ended.

        If the scheduler learns of the end only when the task runs again, it takes the task for lost and fails it.
        """
        self.api.wait_for_states(dag, run_id, {"deferred": count}, task)
        until(
            lambda: self.services.count_executed(dag, run_id, attempt) >= count,
            seconds=600,
            what=f"the scheduler has heard of {count} processes of {dag} {run_id}",
        )

    def wait_for_polls(self, runs: list[str]) -> None:
        """Wait until the triggerer polls these runs: Airflow tells no trigger of a kill before that."""
        since = self.mock.mark()
        until(
            lambda: all(self.mock.count(run=run, since=since) for run in runs), seconds=600, what="all runs are polled"
        )
