"""What Airflow makes of the provider: its metadata, its connections, and the time that importing it takes."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import airflow
import jsonschema
import pytest
from airflow.models import Connection
from airflow.providers_manager import ProvidersManager
from axtasks import AxClient
from axtasks.airflow import FIELDS, get_provider_info
from axtasks.airflow.hooks import AxTasksHook

from tests.airflow.conftest import CONNECTIONS, KEY

if TYPE_CHECKING:
    from axtasks.mock import MockServer

MOST_SECONDS = 0.3
HAS_FIELDS = tuple(map(int, airflow.__version__.split(".")[:2])) >= (3, 2)
IMPORT = """
import time
from airflow.sdk import DAG
with DAG("bare", schedule="@daily"):
    pass
before = time.process_time()
from axtasks.airflow.operators import AxRunTaskOperator
from axtasks.airflow.sensors import AxRunSensor
print(time.process_time() - before)
"""


def test_the_metadata_is_as_airflows_schema_says() -> None:
    schema = json.loads(files("airflow").joinpath("provider_info.schema.json").read_text(encoding="utf-8"))

    jsonschema.validate(get_provider_info(), schema)


def test_airflow_finds_the_provider_by_its_entry_point() -> None:
    provider = ProvidersManager().providers["ax-tasks"]

    assert provider.data == get_provider_info()


def test_the_form_of_a_connection_has_all_fields() -> None:
    manager = ProvidersManager()
    hook = manager.hooks["ax_tasks"]
    assert hook is not None
    behaviour: Any = manager.field_behaviours["ax_tasks"]

    assert (hook.hook_name, hook.connection_id_attribute_name) == ("Arize AX Tasks", "ax_conn_id")
    assert behaviour["relabeling"] == {"password": "API key"}
    assert "host" in behaviour["hidden_fields"]
    if HAS_FIELDS:
        widgets = manager.connection_form_widgets
        assert {name for name in widgets if "ax_tasks" in name} == {f"extra__ax_tasks__{name}" for name in FIELDS}


def test_the_form_of_older_versions_has_the_same() -> None:
    pytest.importorskip  # noqa: B018
    assert AxTasksHook.get_ui_field_behaviour()["relabeling"] == {"password": "API key"}


@pytest.mark.parametrize("name", CONNECTIONS)
def test_a_hook_makes_clients(server: MockServer, name: str) -> None:
    with AxTasksHook(name).get_conn() as ax:
        assert isinstance(ax, AxClient)
        assert ax.base_url == server.url
        assert KEY not in repr(ax)


def test_a_connection_is_tested_by_a_request(server: MockServer, monkeypatch: pytest.MonkeyPatch) -> None:
    connection = Connection(conn_id="tested", conn_type="ax_tasks", password=KEY, extra={"base_url": server.url})
    monkeypatch.setenv("AIRFLOW_CONN_TESTED", connection.as_json())

    assert AxTasksHook("tested").test_connection() == (True, "The key is good: a space was listed")
    server.mock.faults.add("fault=status:401")
    is_good, shown = AxTasksHook("tested").test_connection()
    assert not is_good
    assert KEY not in shown


@pytest.mark.programs
def test_importing_it_takes_little_beyond_airflow() -> None:
    seconds = [
        float(subprocess.run([sys.executable, "-c", IMPORT], capture_output=True, text=True, check=True).stdout)
        for _ in range(2)
    ]

    assert min(seconds) <= MOST_SECONDS
