"""A DAG of Airflow's own operators: shows that the services run and defer, without ours."""

from __future__ import annotations

from airflow.providers.standard.sensors.date_time import DateTimeSensorAsync
from airflow.sdk import DAG

SOON = "{{ (macros.datetime.utcnow() + macros.timedelta(seconds=1)).isoformat() }}+00:00"

with DAG("bare", schedule=None):
    DateTimeSensorAsync(task_id="wait", target_time=SOON)
