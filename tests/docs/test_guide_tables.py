"""Tests of the numbers and names on the pages about limits, networks, keys, dialects and observation."""

from __future__ import annotations

import inspect
import logging
from dataclasses import fields
from typing import Any

import axtasks
import httpx
import pytest
from axtasks import AxClient, Hooks, Limits, NameMemory, Poll, RequestEvent, ResponseEvent, RetryEvent, RetryPolicy
from axtasks import Timeouts as TimeoutsOfCalls
from axtasks.cli import main
from axtasks.config import credentials, endpoint, proxy
from axtasks.contract.dialect import CONTRACTS
from axtasks.mock import Mock, MockTransport
from axtasks.resources.bindings import Tasks
from axtasks.text import MOST_CHARACTERS
from axtasks.transport import httpcore_engine, network
from axtasks_api.dialect import ADDED, SPELLING

from tests.docs.cli_reference import commands
from tests.docs.pages import Table, code_words, page

LIMITS, NETWORK, KEYS = page("reference/limits"), page("guides/network"), page("guides/keys")
DIALECTS, OBSERVABILITY = page("guides/dialects"), page("guides/observability")
NUMBERS: dict[str, float] = {
    "timeout=60 or Timeouts(total=60)": TimeoutsOfCalls().total,
    "Timeouts(connect=5)": TimeoutsOfCalls().connect,
    "Timeouts(read=15)": TimeoutsOfCalls().read,
    "RetryPolicy(first_pause=1)": RetryPolicy().first_pause,
    "RetryPolicy(longest_pause=20)": RetryPolicy().longest_pause,
    "the program of api_key_command": credentials.COMMAND_SECONDS,
    "an idle connection": httpcore_engine.KEPT_SECONDS,
    "Limits(response_bytes=1_000_000)": Limits().response_bytes,
    "Limits(pages=100)": Limits().pages,
    "RetryPolicy(attempts=2)": RetryPolicy().attempts,
    "requests of one client at once": network.MOST_AT_ONCE,
    "idle connections of one client": httpcore_engine.MOST_KEPT,
    "NameMemory(entries=100)": NameMemory().entries,
    "NameMemory(seconds=60)": NameMemory().seconds,
    "characters of a message of an error": MOST_CHARACTERS,
}
"""What a limit is set with, or where nothing sets it what it is of, to what the code has."""


def in_section(tables: list[Table], section: str) -> Table:
    """Return the one table of a section."""
    (table,) = [table for table in tables if table.section == section]
    return table


def test_limits_are_those_of_the_code() -> None:
    tables = [in_section(LIMITS.tables, section) for section in ("Time", "Sizes and counts")]
    shown = {
        (row["Set with"] or row["What"]).replace("`", ""): float(row[table.header[1]].replace(",", ""))
        for table in tables
        for row in table.rows
    }

    assert shown == NUMBERS


@pytest.mark.parametrize(
    "said",
    [word for table in LIMITS.tables for row in table.rows for word in code_words(row["Set with"]) if "(" in word],
)
def test_settings_of_limits_are_valid_python(said: str) -> None:
    assert eval(said, dict(vars(axtasks), **{name: getattr(axtasks, name) for name in axtasks.__all__}))  # noqa: S307  # ours


def test_the_time_for_a_run_is_that_of_the_code() -> None:
    assert inspect.signature(Tasks.wait_for_run).parameters["timeout"].default == 600
    assert "600 seconds by default" in LIMITS.section("Time")


@pytest.mark.parametrize(
    ("setting", "value", "url"),
    [
        tuple(row[head].strip("`") for head in table.header)
        for table in NETWORK.tables
        if table.header[0] == "Setting"
        for row in table.rows
    ],
)
def test_each_setting_leads_to_its_server(setting: str, value: str, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("ARIZE_API_HOST", "ARIZE_API_SCHEME"):
        monkeypatch.delenv(variable, raising=False)
    given: dict[str, Any] = {} if setting == "none" else {setting: value}

    with AxClient(api_key="any", **given) as ax:
        assert ax.base_url == url


def test_no_setting_that_names_a_server_is_missing() -> None:
    table = in_section(NETWORK.tables, "Regions and private deployments")

    assert sorted(row["Setting"].strip("`") for row in table.rows) == sorted(("none", *endpoint.ENDPOINTS))


def test_proxies_are_those_that_are_read() -> None:
    table = in_section(NETWORK.tables, "Use a proxy")
    shown = {row["Variable"].strip("`") for row in table.rows}

    assert shown == {*(f"{scheme.upper()}_PROXY" for scheme in proxy.PROXIED), "NO_PROXY"}


def test_each_option_that_names_a_key_is_one_of_the_command() -> None:
    (command,) = [found for words, found in commands(main) if words == ("profiles", "create")]
    offered = {option for parameter in command.params for option in parameter.opts if option.startswith("--api-key")}
    shown = [row["Option"] for row in in_section(KEYS.tables, "Profiles").rows]

    assert {code_words(option)[0].split()[0] for option in shown if code_words(option)} == offered


def test_dialects_are_those_of_the_code() -> None:
    rows = in_section(DIALECTS.tables, "What the two dialects are").rows
    spelled = [code_words(row["Spelling on the wire"]) for row in rows if row["Spelling on the wire"]]

    assert sorted(code_words(row["Name"])[0] for row in rows) == sorted(CONTRACTS)
    for shown, name in zip(zip(*spelled, strict=True), ("TaskType", "TaskRunStatus"), strict=True):
        assert SPELLING[name][shown[0]] == shown[1]


def test_the_table_has_all_that_only_the_newer_dialect_takes() -> None:
    """The table has every field, parameter and class that only the newer dialect takes."""
    taken = {
        name
        for kind, names in ADDED.items()
        if kind.endswith(("Request", "TaskEvaluatorInput")) or kind.islower()
        for name in names
    }
    rows = in_section(DIALECTS.tables, "What only the newer dialect has").rows
    shown = {code_words(row["What"])[0] for row in rows}
    flags = {flag for row in rows for flag in code_words(row["On the command line"])}

    assert shown == {"space" if name == "space_id" else name for name in taken} | {"AgentCallRunConfig"}
    assert flags <= {option for _, command in commands(main) for each in command.params for option in each.opts}


def test_hooks_are_those_of_the_code() -> None:
    kinds = {"on_request": RequestEvent, "on_response": ResponseEvent, "on_retry": RetryEvent, "on_poll": Poll}
    table = in_section(OBSERVABILITY.tables, "Count requests with hooks")
    shown = {row["Hook"].strip("`"): code_words(row["What it is told"]) for row in table.rows}

    assert sorted(shown) == sorted(Hooks.__slots__)
    assert shown == {name: [field.name for field in fields(kind)] for name, kind in kinds.items()}


def test_records_have_the_attributes_that_are_shown(caplog: pytest.LogCaptureFixture) -> None:
    usual = set(vars(logging.makeLogRecord({}))) | {"message", "asctime"}
    shown = {
        row["Level"].strip("`"): sorted(code_words(row["Attributes of the record"]))
        for row in in_section(OBSERVABILITY.tables, "Log every request").rows
        if row["Logger"] == "`axtasks.requests`"
    }
    transport = MockTransport(Mock(faults="times=1, fault=status:503"))
    quick = RetryPolicy(first_pause=1e-6)
    with (
        caplog.at_level(logging.DEBUG, logger="axtasks.requests"),
        httpx.Client(transport=transport) as http,
        AxClient(api_key="any", http_client=http, retry=quick) as ax,
    ):
        ax.spaces.list()

    records = [record for record in caplog.records if record.name == "axtasks.requests"]
    found = {record.levelname: sorted(set(vars(record)) - usual) for record in records}
    assert found == shown
