"""Tests of the provider: its metadata, its connections, and its import time."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.resources import files
from importlib.util import find_spec
from typing import TYPE_CHECKING

import airflow
import jsonschema
import pytest
from airflow.api_fastapi.core_api.services.ui.connections import HookMetaService
from airflow.models import Connection
from airflow.providers_manager import ProvidersManager
from axtasks import AxClient
from axtasks.airflow import FIELDS, get_provider_info
from axtasks.airflow.hooks import AxTasksHook

from tests.airflow.conftest import CONNECTIONS, KEY

if TYPE_CHECKING:
    from axtasks.mock import MockServer

# Of the CPU time that Airflow itself takes to be imported, so that it holds on any machine.
MOST_SHARE = 0.15
IS_FORM_MADE = tuple(map(int, airflow.__version__.split(".")[:2])) >= (3, 2) or find_spec("wtforms") is not None
IMPORT = """
import time
started = time.process_time()
from airflow.sdk import DAG
with DAG("bare", schedule="@daily"):
    pass
before = time.process_time()
from axtasks.airflow.operators import AxRunTaskOperator
from axtasks.airflow.sensors import AxRunSensor
print((time.process_time() - before) / (before - started))
"""


def test_the_metadata_is_as_airflows_schema_says() -> None:
    schema = json.loads(files("airflow").joinpath("provider_info.schema.json").read_text(encoding="utf-8"))

    jsonschema.validate(get_provider_info(), schema)


def test_airflow_finds_the_provider_by_its_entry_point() -> None:
    provider = ProvidersManager().providers["ax-tasks"]

    assert get_provider_info().items() <= provider.data.items()


def test_the_form_of_a_connection_has_all_fields() -> None:
    """The hook builds the form before 3.2, which needs WTForms."""
    (form,) = [form for form in HookMetaService.hook_meta_data() if form.connection_type == "ax_tasks"]

    assert form.hook_name == "Arize AX Tasks"
    if IS_FORM_MADE:
        assert set(form.extra_fields or {}) == set(FIELDS)
        assert form.standard_fields is not None
        assert form.standard_fields.password.title == "API key"
        assert form.standard_fields.host.hidden


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
    shares = [
        float(subprocess.run([sys.executable, "-c", IMPORT], capture_output=True, text=True, check=True).stdout)
        for _ in range(2)
    ]

    assert min(shares) <= MOST_SHARE
