"""Tests of the notice about the contract's stage: once per process and stage, by logging, and optional.

It is given on the first access of `client.tasks`, before any request, or as soon as the contract is detected.
"""

from __future__ import annotations

import logging
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Lock
from typing import TYPE_CHECKING, Any

import pytest
from axtasks import InvalidArgumentError
from axtasks.conformance import load_contract
from axtasks.resources import stage as notice

from tests.unit.support import Recorder, client_over, page

if TYPE_CHECKING:
    from collections.abc import Callable

    from axtasks import AxClient

    from tests.unit.support import Stage

pytestmark = pytest.mark.one_contract

NOTICE = "The tasks API is in ALPHA and may change without notice."
PROGRAM = """
import httpx
from axtasks import AxClient
from tests.unit.support import client_over, page
for _ in range(2):
    client_over(httpx.MockTransport(lambda _: page("tasks"))).tasks.list()
"""


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> Callable[[], int]:
    """Return a counter of the notices of a process that has given none before."""
    monkeypatch.setattr(notice, "_once", {contract: Lock() for contract in notice.STAGES})
    return lambda: caplog.text.count(NOTICE)


def client(**settings: Any) -> AxClient:
    """Return a client of a server without data."""
    return client_over(Recorder(lambda sent: page(sent.path.rpartition("/")[2])), **settings)


def test_nothing_is_said_before_tasks_are_asked_for(said: Callable[[], int]) -> None:
    ax = client()
    ax.spaces.list()
    ax.datasets.list()

    assert said() == 0


def test_it_is_said_once_however_many_clients_and_methods_are_used(said: Callable[[], int]) -> None:
    for ax in (client(), client()):
        ax.tasks.list()
        list(ax.tasks.list(limit=5))

    assert said() == 1


def test_it_is_said_once_however_many_threads_ask(said: Callable[[], int]) -> None:
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: client().tasks.list(), range(8)))

    assert said() == 1


def test_it_is_said_even_where_the_call_is_refused(said: Callable[[], int]) -> None:
    with suppress(InvalidArgumentError):
        client().tasks.list(limit=0)

    assert said() == 1


@pytest.mark.parametrize(("contract", "told"), [("documents", "ALPHA"), ("beta", "BETA")], indirect=["contract"])
def test_it_names_the_stage_of_the_contract_once_it_is_known(
    said: Callable[[], int], stage: Stage, caplog: pytest.LogCaptureFixture, told: str
) -> None:
    del said
    with stage.client(contract="auto") as ax:
        tasks = ax.tasks
        before = caplog.text
        tasks.list()
        list(tasks.list())

    assert before == ""
    assert re.findall("is in ([A-Z]+)", caplog.text) == [told]


def test_the_stages_are_those_that_the_contracts_say() -> None:
    said = {name: load_contract(name).document["info"]["x-stage"].upper() for name in notice.STAGES}

    assert said == notice.STAGES


def test_each_stage_is_told_once(said: Callable[[], int], caplog: pytest.LogCaptureFixture) -> None:
    for contract in ("documents", "beta", "beta", "documents"):
        _ = client(contract=contract).tasks

    assert said() == 1
    assert re.findall("is in ([A-Z]+)", caplog.text) == ["ALPHA", "BETA"]


def test_a_contract_that_is_assumed_has_its_stage_told(said: Callable[[], int]) -> None:
    tasks = client(contract="auto").tasks
    tasks.list()
    nothing_known = said()
    tasks.list(task_type="template_evaluation")

    assert (nothing_known, said()) == (0, 1)


@pytest.mark.parametrize(("value", "times"), [("1", 0), ("", 1)], ids=["set", "empty"])
def test_a_variable_silences_it_unless_it_is_empty(
    said: Callable[[], int], monkeypatch: pytest.MonkeyPatch, value: str, times: int
) -> None:
    monkeypatch.setenv("ARIZE_TASKS_NO_ALPHA_WARNING", value)
    client().tasks.list()

    assert said() == times


@pytest.mark.parametrize("logger", ["axtasks.alpha", "axtasks"])
def test_its_logger_and_the_one_above_silence_it(
    said: Callable[[], int], caplog: pytest.LogCaptureFixture, logger: str
) -> None:
    with caplog.at_level(logging.ERROR, logger=logger):
        client().tasks.list()

    assert said() == 0


@pytest.mark.programs
def test_a_program_without_logging_has_it_on_standard_error() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], env=os.environ, capture_output=True, text=True, check=True)

    assert (done.stdout, done.stderr.count(NOTICE)) == ("", 1)
