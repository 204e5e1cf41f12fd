"""DAGs of the tests, whose runs end when a test tells the mock so."""

from __future__ import annotations

import logging
import os
import signal
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from airflow.sdk import DAG
from axtasks.airflow.operators import AxRunTaskOperator, AxRunTasksOperator

if TYPE_CHECKING:
    from airflow.sdk import Context

EVALUATIONS = [f"evaluation-{number:02d}" for number in range(20)]
SLOW = [f"slow-{number}" for number in range(10)]
WINDOWS_EACH = 20
FIRST = datetime(2026, 3, 9, tzinfo=UTC)
DEFERRED = {"window": timedelta(hours=1), "deferrable": True, "poll_interval": 2}


class DyingOperator(AxRunTaskOperator):
    """Operator that kills its worker at the first try, once the server has answered the trigger."""

    def execute(self, context: Context) -> object:
        """Run the operator, but die on the first try."""
        if context["ti"].try_number == 1:
            requests = logging.getLogger("axtasks.requests")
            requests.setLevel(logging.DEBUG)
            requests.addFilter(_die)
        return super().execute(context)


def _die(record: logging.LogRecord) -> bool:
    """Kill this process when a trigger has been answered."""
    if getattr(record, "operation", "") == "trigger_task_run" and getattr(record, "status_code", None) is not None:
        os.kill(os.getpid(), signal.SIGKILL)
    return True


with DAG("deferred", schedule=None, default_args=DEFERRED):
    for name in EVALUATIONS:
        AxRunTaskOperator(task_id=name, task=name)

with DAG("dying", schedule=None, default_args={**DEFERRED, "retries": 1, "retry_delay": timedelta(0)}):
    for name in EVALUATIONS:
        DyingOperator(task_id=name, task=name)

with DAG("marked", schedule=None, default_args=DEFERRED):
    for name, task in zip(("failed", "succeeded", "cleared"), EVALUATIONS, strict=False):
        AxRunTaskOperator(task_id=name, task=task)

with DAG("goes_on", schedule=None, default_args=DEFERRED):
    for name, task in zip(("first", "last"), EVALUATIONS, strict=False):
        AxRunTaskOperator(task_id=name, task=task)

with DAG("in_worker", schedule=None, default_args=DEFERRED):
    AxRunTaskOperator(
        task_id="wait", task=EVALUATIONS[0], deferrable=False, poll_interval=1, retries=1, retry_delay=timedelta(0)
    )

with DAG("vendor_connection", schedule=None, default_args=DEFERRED):
    AxRunTaskOperator(task_id="evaluate", task=EVALUATIONS[0], ax_conn_id="arize_ax_default")

with DAG("fleet", schedule=None, default_args=DEFERRED):
    AxRunTasksOperator(
        task_id="many",
        tasks=[
            {"task": task, "window": (FIRST + timedelta(hours=hour), FIRST + timedelta(hours=hour + 1))}
            for task in SLOW
            for hour in range(WINDOWS_EACH)
        ],
    )
    for name in EVALUATIONS:
        AxRunTaskOperator(task_id=name, task=name)
