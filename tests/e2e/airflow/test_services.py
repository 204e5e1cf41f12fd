"""The services run, with Airflow's own operators."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.e2e.airflow.rest import AirflowApi

pytestmark = [pytest.mark.programs, pytest.mark.posix]


def test_a_task_of_airflow_defers_and_succeeds(api: AirflowApi) -> None:
    api.start_run("bare", "one")

    api.wait_for_states("bare", "one", {"success": 1})
