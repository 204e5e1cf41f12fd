"""Tests of the DAGs on the page about Airflow: read by Airflow, and each task run."""

from __future__ import annotations

import re
import shlex
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

import pytest
from airflow.cli.cli_parser import get_parser
from airflow.sdk.definitions.connection import Connection
from axtasks.airflow import FIELDS
from axtasks.airflow.connection import connection_settings
from axtasks.airflow.operators import RunsOperator

from tests.airflow.tasks import Supervisor, TaskOfDag, event_of
from tests.docs.pages import Block, page

try:
    from airflow.dag_processing.dagbag import DagBag
except ImportError:  # before Airflow 3.2
    from airflow.models.dagbag import DagBag

if TYPE_CHECKING:
    from pathlib import Path

    from airflow.sdk import DAG
    from axtasks.mock import MockServer

PAGE = page("guides/airflow")
BLOCKS = [block for block in PAGE.blocks if block.kind == "python airflow"]
YESTERDAY = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
# What the scheduler fills in for the schedules of the DAGs.
TIMES: dict[str, dict[str, Any]] = {
    "nightly": {"data_interval_start": YESTERDAY - timedelta(days=1), "data_interval_end": YESTERDAY},
    "on_deploy": {"logical_date": None, "run_type": "asset_triggered"},
    "all_of_them": {"logical_date": YESTERDAY, "run_type": "scheduled"},
}


def dag_of(block: Block, folder: Path) -> DAG:
    """Return the DAG of a block, as Airflow reads it from a file."""
    (folder / "page.py").write_text(block.text, encoding="utf-8")
    bag = DagBag(folder)
    assert not bag.import_errors
    (dag,) = bag.dags.values()
    return cast("DAG", dag)


def test_all_dags_of_the_page_are_tried() -> None:
    assert [re.findall(r'DAG\(\s*"(\w+)"', block.text) for block in BLOCKS] == [[dag_id] for dag_id in TIMES]


@pytest.mark.parametrize("block", BLOCKS, ids=str)
def test_a_dag_runs(server: MockServer, supervisor: Supervisor, block: Block, tmp_path: Path) -> None:
    dag = dag_of(block, tmp_path)
    (operator,) = [task for task in dag.tasks if isinstance(task, RunsOperator)]
    task = TaskOfDag(operator, supervisor, dag_run=TIMES[dag.dag_id])

    deferred = task.run()
    assert deferred.state == "deferred", deferred.error
    server.mock.clock.advance(60)
    done = task.run(deferred, event_of(deferred.trigger))

    assert done.state == "success", done.error


def test_the_table_of_fields_is_the_form() -> None:
    (table,) = [table for table in PAGE.tables if table.header == ("Field", "Meaning")]

    assert [row["Field"].strip("`") for row in table.rows] == list(FIELDS)


def test_the_connection_of_the_page_can_be_used() -> None:
    (shown,) = re.findall(r"^AIRFLOW_CONN_AX_TASKS_DEFAULT=(.*)$", PAGE.text, re.MULTILINE)

    settings = connection_settings(Connection.from_json(shown, conn_id="ax_tasks_default"))

    assert (settings.api_key, settings.space) == ("<key>", "demo")


def test_the_command_that_fills_in_the_past_is_one_of_airflows() -> None:
    (shown,) = re.findall(r"^airflow (.*)$", PAGE.text, re.MULTILINE)

    assert get_parser().parse_args(shlex.split(shown)).dag_id == "nightly"
