"""Client of the few operations of Airflow's REST API (v2) that the tests need."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import httpx

from tests.e2e.airflow.polling import until

if TYPE_CHECKING:
    from collections.abc import Mapping

Json = dict[str, Any]
ENDED = {"success", "failed", "skipped", "upstream_failed", "removed"}
COMPONENTS = ("scheduler", "dag_processor", "triggerer")


@dataclass(frozen=True)
class AirflowApi:
    """Client of Airflow's REST API."""

    http: httpx.Client

    def is_healthy(self) -> bool:
        """Return true if all services have a recent heartbeat."""
        try:
            response = self.http.get("/api/v2/monitor/health")
        except httpx.TransportError:
            return False
        if response.status_code != HTTPStatus.OK:
            return False
        health = response.json()
        return all(health[name]["status"] == "healthy" for name in COMPONENTS)

    def log_in(self) -> None:
        """Log in, and send the token with all further requests."""
        token = self._call("GET", "/auth/token")["access_token"]
        self.http.headers["Authorization"] = f"Bearer {token}"

    def start_run(self, dag: str, run_id: str) -> None:
        """Start a run of a DAG once Airflow has parsed it, and unpause the DAG."""
        self.unpause(dag)
        now = datetime.now(UTC).isoformat()
        self._call("POST", f"/api/v2/dags/{dag}/dagRuns", json={"dag_run_id": run_id, "logical_date": now})

    def unpause(self, dag: str) -> None:
        """Unpause a DAG once Airflow has parsed it."""
        until(lambda: self._is_parsed(dag), seconds=300, what=f"the DAG {dag} is parsed: {self.import_errors()}")
        self._call("PATCH", f"/api/v2/dags/{dag}", json={"is_paused": False})

    def set_slots(self, slots: int) -> None:
        """Set how many tasks may run at once."""
        body = {"slots": slots, "include_deferred": False}
        self._call(
            "PATCH", "/api/v2/pools/default_pool", params={"update_mask": ["slots", "include_deferred"]}, json=body
        )

    def runs(self, dag: str) -> list[Json]:
        """Return the runs of a DAG."""
        found: list[Json] = self._call("GET", f"/api/v2/dags/{dag}/dagRuns")["dag_runs"]
        return found

    def import_errors(self) -> list[str]:
        """Return the errors of DAG files that cannot be imported."""
        return [error["stack_trace"] for error in self._call("GET", "/api/v2/importErrors")["import_errors"]]

    def run_state(self, dag: str, run_id: str) -> str:
        """Return the state of a run of a DAG."""
        return str(self._call("GET", f"/api/v2/dags/{dag}/dagRuns/{run_id}")["state"])

    def task_instances(self, dag: str, run_id: str, task: str | None = None) -> list[Json]:
        """Return the task instances of a DAG run, one for each mapped task."""
        path = f"/api/v2/dags/{dag}/dagRuns/{run_id}/taskInstances"
        found: list[Json] = self._call("GET", path, params={"limit": 500})["task_instances"]
        return [each for each in found if task in {None, each["task_id"]}]

    def states(self, dag: str, run_id: str, task: str | None = None) -> Counter[str | None]:
        """Count the states of the task instances of a run of a DAG."""
        return Counter(each["state"] for each in self.task_instances(dag, run_id, task))

    def wait_for_states(
        self, dag: str, run_id: str, states: Mapping[str, int], task: str | None = None, *, seconds: float = 600
    ) -> None:
        """Wait until the task instances are in these states.

        Raises:
            AssertionError: They were not in time, or all ended in other states.
        """
        last: Counter[str | None] = Counter()

        def are_there() -> bool:
            nonlocal last
            last = self.states(dag, run_id, task)
            assert last == Counter(states) or not last or not ENDED.issuperset(last)
            return last == Counter(states)

        try:
            until(are_there, seconds=seconds, what="")
        except AssertionError:
            raise AssertionError(f"{dag} {run_id}: {dict(states)} expected, found {dict(last)}") from None

    def set_state(self, dag: str, run_id: str, task: str, state: str) -> None:
        """Mark a task as succeeded or failed."""
        path = f"/api/v2/dags/{dag}/dagRuns/{run_id}/taskInstances/{task}"
        self._call("PATCH", path, json={"new_state": state})

    def clear(self, dag: str, run_id: str, task: str) -> None:
        """Clear a task in a DAG run, so that it runs again."""
        body = {
            "dry_run": False,
            "dag_run_id": run_id,
            "task_ids": [task],
            "only_failed": False,
            "reset_dag_runs": True,
        }
        self._call("POST", f"/api/v2/dags/{dag}/clearTaskInstances", json=body)

    def clear_run(self, dag: str, run_id: str) -> None:
        """Clear a run of a DAG with all its tasks."""
        self._call("POST", f"/api/v2/dags/{dag}/dagRuns/{run_id}/clear", json={"dry_run": False})

    def xcom(self, dag: str, run_id: str, task: str) -> Any:
        """Return the return value of a task."""
        path = f"/api/v2/dags/{dag}/dagRuns/{run_id}/taskInstances/{task}/xcomEntries/return_value"
        return self._call("GET", path, params={"deserialize": False})["value"]

    def _is_parsed(self, dag: str) -> bool:
        return self.http.get(f"/api/v2/dags/{dag}").status_code == HTTPStatus.OK

    def _call(self, method: str, path: str, **arguments: Any) -> Any:
        response = self.http.request(method, path, **arguments)
        assert response.is_success, f"{method} {path}: {response.status_code} {response.text}"
        return response.json() if response.content else None
