"""Tests of the right-hand columns on the pages about moving from the vendor's SDK and command line.

The left-hand ones are tried with the vendor's packages by `make interop`.
"""

from __future__ import annotations

import inspect
import json
import os
import shlex
import subprocess
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import axtasks
import click
import httpx
import pytest
from axtasks import APIError, AxClient, AxError, RetryPolicy
from axtasks.cli import main
from axtasks.config import proxy, settings
from axtasks.mock import Mock, MockServer, MockTransport, load_world

from tests.docs.cli_reference import SHARED, commands
from tests.docs.pages import Page, Table, code_words, page
from tests.docs.shell import VARIABLES, ax
from tests.e2e.interop.scenario import WORLD, shown_as

if TYPE_CHECKING:
    from collections.abc import Iterator

SDK, CLI = page("guides/vendor-sdk"), page("guides/vendor-cli")


def table(*header: str, of: Page = SDK) -> Table:
    """Return the one table of a page with these columns."""
    (found,) = [each for each in of.tables if each.header == header]
    return found


ERRORS = table("Status", "The vendor's exception", "Here")
CALLS = table("Call", "The vendor's exception", "Here")
READING = table("With the vendor's SDK", "Here", "Both give")
ATTRIBUTES = table("With the vendor's SDK", "Here")
METHODS = table("Method", "Parameters on both sides", "Only there", "Only here")
CLASSES = table("In `arize.tasks.types`", "In", "Here")
ARGUMENTS = table("Argument of `ArizeClient`", "Variable", "Here")

EXITS = table("What happened", "Command", "0.25", "0.39", "Here", of=CLI)
FIELDS = table("Command", "Field", "0.25", "0.39", "Here", of=CLI)
OPTIONS = table("Command", "Options on both sides", "Only there", "Only here", of=CLI)
HABITS = table("With the vendor's `ax`", "Here", of=CLI)


def here(rows: Table, column: str = "Here") -> list[str]:
    """Return the words in backquotes in a column."""
    return [word for row in rows.rows for word in code_words(row[column])]


@pytest.fixture(scope="module")
def names() -> Iterator[dict[str, Any]]:
    """Yield the names that the first program of the page defines."""
    (program, *_) = [block.text for block in SDK.blocks if block.kind == "python"]
    found: dict[str, Any] = {}
    with httpx.Client(transport=MockTransport(Mock(run_seconds=0))) as http:
        made = program.replace("AxClient()", "AxClient(api_key='any', space='demo', http_client=http)")
        exec(made, {"http": http}, found)  # noqa: S102  # the program of the page
        yield found


@pytest.mark.parametrize("row", READING.rows, ids=lambda row: row["Here"])
def test_expressions_of_the_table_have_the_shown_values(row: dict[str, str], names: dict[str, Any]) -> None:
    (expression,), (value,) = code_words(row["Here"]), code_words(row["Both give"])

    assert repr(eval(expression, names)) == value  # noqa: S307  # of the page


@pytest.mark.parametrize("row", CALLS.rows, ids=lambda row: row["Call"])
def test_each_call_raises_what_is_said(row: dict[str, str], names: dict[str, Any]) -> None:
    (call,), (name,) = code_words(row["Call"]), code_words(row["Here"])

    with pytest.raises(AxError) as caught:
        eval(call, names)  # noqa: S307  # of the page

    assert type(caught.value).__name__ == name


def refused(status: int) -> APIError:
    """Return the error of a response with a status."""
    body = {"title": "No", "status": status, "type": "about:blank", "detail": "no", "instance": "/"}
    transport = httpx.MockTransport(lambda _: httpx.Response(status, json=body))
    with (
        httpx.Client(transport=transport) as http,
        AxClient(api_key="any", http_client=http, retry=RetryPolicy(attempts=1)) as ax,
        pytest.raises(APIError) as caught,
    ):
        ax.tasks.get_run("VGFza1J1bjo5OTpxUndY")
    return caught.value


@pytest.mark.parametrize("row", ERRORS.rows, ids=lambda row: row["Status"])
def test_each_status_raises_what_is_said(row: dict[str, str]) -> None:
    assert f"`{type(refused(int(row['Status']))).__name__}`" == row["Here"]


@pytest.mark.parametrize("row", ATTRIBUTES.rows, ids=lambda row: row["Here"])
def test_an_error_has_the_vendors_attributes_and_ours(row: dict[str, str]) -> None:
    error = refused(404)
    theirs, ours = (
        eval(code_words(row[column])[0], {"error": error})  # noqa: S307  # of the page
        for column in ATTRIBUTES.header
    )

    assert theirs
    assert theirs == ours


@pytest.mark.parametrize("row", METHODS.rows, ids=lambda row: row["Method"])
def test_parameters_are_those_of_the_methods(row: dict[str, str]) -> None:
    group, name = row["Method"].strip("`").split(".")
    with AxClient(api_key="any") as ax:
        taken = set(inspect.signature(getattr(getattr(ax, group), name)).parameters)

    assert taken == {word for column in (METHODS.header[1], "Only here") for word in code_words(row[column])}


def test_classes_are_public_and_the_hints_of_imports_name_them() -> None:
    named = {row[CLASSES.header[0]].strip("`"): code_words(row["Here"]) for row in CLASSES.rows}

    assert set(here(CLASSES)) <= set(axtasks.__all__)
    for name, ours in named.items():
        hint = axtasks._VENDOR_NAMES.get(name, name if name in axtasks.__all__ else "none")
        assert hint.replace(" or ", ", ").split(", ") == ours, name


def test_settings_are_arguments_and_variables() -> None:
    proxies = {f"{scheme.upper()}_PROXY" for scheme in proxy.PROXIED}
    arguments = set(inspect.signature(AxClient.__init__).parameters)
    for row in ARGUMENTS.rows:
        named = set(code_words(row["Here"]))
        assert named <= arguments | VARIABLES | proxies
        # The page gives a variable wherever both sides have an argument and a variable of one name.
        if row["Variable"].strip("`") in VARIABLES and named & arguments == {row[ARGUMENTS.header[0]].strip("`")}:
            assert named & VARIABLES == {settings.ENVIRONMENT[name] for name in named & arguments}


@pytest.fixture(scope="module")
def steps() -> Iterator[tuple[list[str], dict[str, str]]]:
    """Yield the command line of `ax`, and an environment with a server of the page's world."""
    with MockServer(Mock(world=load_world(WORLD))) as server, TemporaryDirectory() as home:
        variables = {"ARIZE_API_KEY": "any", "ARIZE_API_HOST": server.url.removeprefix("http://"), "HOME": home}
        kept = {name: value for name, value in os.environ.items() if name not in VARIABLES}
        yield ax(), {**kept, "ARIZE_API_SCHEME": "http", **variables}


def ran(line: str, steps: tuple[list[str], dict[str, str]]) -> subprocess.CompletedProcess[str]:
    """Run a command line of the page, whose variables stand in front."""
    program, environment = steps
    words = shlex.split(line)
    at = words.index("ax")
    variables = dict(word.split("=", 1) for word in words[:at])
    return subprocess.run(
        [*program, *words[at + 1 :]],
        env={**environment, "ARIZE_TASKS_ATTEMPTS": "1", **variables},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


@pytest.mark.programs
@pytest.mark.parametrize("row", EXITS.rows, ids=lambda row: row["What happened"])
def test_exit_codes_are_as_shown(row: dict[str, str], steps: tuple[list[str], dict[str, str]]) -> None:
    done = ran(row["Command"].strip("`"), steps)

    assert done.returncode == int(row["Here"]), done.stderr


@pytest.mark.programs
@pytest.mark.parametrize("row", FIELDS.rows, ids=lambda row: row["Field"])
def test_fields_of_the_json_are_as_shown(row: dict[str, str], steps: tuple[list[str], dict[str, str]]) -> None:
    found = json.loads(ran(row["Command"].strip("`"), steps).stdout)

    assert shown_as(found, row["Field"].strip("`")) == row["Here"].strip("`")


def test_options_are_those_of_the_commands() -> None:
    offered = {
        f"ax {' '.join(words)}": {
            "/".join([*sorted(option.opts, key=len), *option.secondary_opts])
            for option in command.params
            if isinstance(option, click.Option) and option.name not in {*SHARED, "contract"}
        }
        for words, command in commands(main)
    }
    for row in OPTIONS.rows:
        shown = {word for head in ("Options on both sides", "Only here") for word in code_words(row[head])}
        assert shown == offered[row["Command"].strip("`")], row["Command"]


def test_options_of_the_habits_exist() -> None:
    offered = {option for _, command in commands(main) for each in command.params for option in each.opts}
    words = [word for text in here(HABITS) for word in text.split()]

    assert {word for word in words if word.startswith("--")} <= offered
    assert {word for word in words if word.startswith("ARIZE_")} <= VARIABLES
