"""Tests of `ax spaces`, `projects`, `prompts` and similar groups, which list names and ids."""

from __future__ import annotations

import csv
import io
import json
import shlex
from functools import partial
from typing import TYPE_CHECKING

import pytest
from axtasks import AxClient
from axtasks.mock import Mock
from axtasks.mock import default_world as known

from tests import planted
from tests.cli.tasks_support import Servers, servers
from tests.worlds import names_alike

if TYPE_CHECKING:
    from collections.abc import Iterator

    from axtasks.mock import MockServer

    from tests.cli.support import Ax

KINDS = ("spaces", "projects", "datasets", "experiments", "evaluators")
# Each kind with one of its things: its id, its name, and what the name is looked up in.
KNOWN = {
    "spaces": (known.DEMO, "demo", []),
    "projects": (known.CHAT_PROD, "chat-prod", ["--space", "demo"]),
    "datasets": (known.GOLDEN_SET, "golden-set", ["--space", "demo"]),
    "experiments": (known.BASELINE, "baseline", ["--dataset", "golden-set", "--space", "demo"]),
    "evaluators": (known.HALLUCINATION, "Hallucination Eval", ["--space", "demo"]),
}
# Which of all a filter leaves, by name.
FILTERS = [
    ("spaces --name BOX", ["sandbox", "sandbox"]),
    (f"spaces --organization {known.ORGANIZATION} --name demo", ["demo-eu", "demo"]),
    ("projects --space demo", ["support-bot", "chat-prod"]),
    (f"projects -s {known.DEMO} -n Chat", ["chat-prod"]),
    ("datasets --space demo-eu", ["golden-set"]),
    ("datasets --name regression", ["regression-set"]),
    (f"experiments --dataset {known.REGRESSION_SET}", ["baseline"]),
    ("experiments --dataset golden-set --space demo --name nightly", ["nightly-2026-03-09"]),
    ("evaluators --space demo --name eval", ["Relevance Eval", "Hallucination Eval"]),
]


@pytest.fixture(scope="module")
def shared() -> Iterator[Servers]:
    """Yield one shared server, since no test here changes anything."""
    with servers(partial(Mock, world=names_alike())) as shared:
        yield shared


@pytest.fixture
def server(shared: Servers, dialect: str) -> MockServer:
    return shared.of(dialect)


@pytest.fixture
def client(server: MockServer) -> Iterator[AxClient]:
    """Yield a client of the same server."""
    with AxClient(api_key=planted.COMMAND_LINE, base_url=server.url) as client:
        yield client


@pytest.mark.parametrize("kind", KINDS)
class TestEachKind:
    def test_a_list_is_what_the_library_returns(self, ax: Ax, client: AxClient, kind: str) -> None:
        page = getattr(client, kind).list()

        as_json = ax(kind, "list", "-o", "json")
        as_csv = ax(kind, "list", "-o", "csv")

        assert as_json.exit_code == as_csv.exit_code == 0
        assert as_json.json == page.to_dict()
        assert [row["id"] for row in csv.DictReader(io.StringIO(as_csv.stdout))] == [item.id for item in page]

    def test_a_table_shows_names_and_ids(self, ax: Ax, kind: str) -> None:
        identifier, name, _ = KNOWN[kind]

        finished = ax(kind, "list")

        assert any(name in line and identifier in line for line in finished.stdout.splitlines())
        assert finished.stderr == ""

    def test_quiet_prints_ids_alone(self, ax: Ax, client: AxClient, kind: str) -> None:
        finished = ax(kind, "list", "--quiet")

        assert finished.stdout.split() == [item.id for item in getattr(client, kind).list()]

    def test_a_list_goes_on_where_the_last_one_ended(self, ax: Ax, kind: str) -> None:
        every = ax(kind, "list", "-q").stdout.split()

        first = ax(kind, "list", "--limit", "2")
        cursor = ax(kind, "list", "-l", "2", "-o", "json").json["pagination"]["next_cursor"]
        rest = ax(kind, "list", "--cursor", cursor, "-q")

        assert f"--cursor {cursor}" in first.stderr
        assert ax(kind, "list", "-l", "2", "-q").stdout.split() + rest.stdout.split() == every

    def test_all_goes_to_the_end(self, ax: Ax, kind: str) -> None:
        finished = ax(kind, "list", "--all", "-o", "json")

        assert finished.json["pagination"]["has_more"] is False
        assert len(finished.json[kind]) > 1

    def test_no_results_are_said_on_standard_error(self, ax: Ax, kind: str) -> None:
        finished = ax(kind, "list", "--name", "nothing bears this name")

        assert (finished.exit_code, finished.stdout, finished.stderr) == (0, "", f"No {kind}.\n")

    def test_one_is_shown_by_its_id(self, ax: Ax, client: AxClient, kind: str) -> None:
        identifier, name, _ = KNOWN[kind]

        as_json = ax(kind, "get", identifier, "-o", "json")
        as_text = ax(kind, "get", identifier)

        assert as_json.exit_code == as_text.exit_code == 0
        assert as_json.json == getattr(client, kind).get(identifier).to_dict()
        assert as_json.json["name"] == name
        assert name in as_text.stdout

    def test_one_is_shown_by_its_name(self, ax: Ax, kind: str) -> None:
        identifier, name, scope = KNOWN[kind]

        assert ax(kind, "get", name, *scope, "-q").stdout.strip() == identifier

    def test_an_unknown_name_is_not_found(self, ax: Ax, kind: str) -> None:
        finished = ax(kind, "get", "No Such Thing", *KNOWN[kind][2])

        assert finished.exit_code == 4
        assert finished.stdout == ""
        assert "'No Such Thing'" in finished.stderr

    def test_an_unknown_id_is_not_found(self, ax: Ax, kind: str) -> None:
        ids = {
            "spaces": "U3BhY2U6OTk5OTk=",
            "projects": "TW9kZWw6OTk5OTk=",
            "datasets": "RGF0YXNldDo5OTk5OQ==",
            "experiments": "RXhwZXJpbWVudDo5OTk5OQ==",
            "evaluators": "RXZhbHVhdG9yOjk5OTk5",
        }

        assert ax(kind, "get", ids[kind]).exit_code == 4

    def test_an_id_of_something_else_is_not_found(self, ax: Ax, kind: str) -> None:
        assert ax(kind, "get", known.CHAT_QUALITY).exit_code == 4

    @pytest.mark.parametrize("arguments", ["list --limit 0", "list --limit x", "list extra", "get", "get a b", "drop"])
    def test_wrong_use_is_refused(self, ax: Ax, kind: str, arguments: str) -> None:
        assert ax(kind, *arguments.split()).exit_code == 2

    @pytest.mark.parametrize("command", ["list", "get"])
    def test_help_has_an_example_that_works(self, ax: Ax, kind: str, command: str) -> None:
        shown = ax(kind, command, "--help").stdout
        program, *arguments = shlex.split(shown.partition("Example:")[2])
        assert program == "ax"

        finished = ax(*arguments)

        assert finished.exit_code == 0
        assert KNOWN[kind][1] in finished.stdout

    def test_help_of_the_group_names_both_commands(self, ax: Ax, kind: str) -> None:
        shown = ax(kind, "--help").stdout

        assert f"List {kind}" in shown
        assert f"{kind[:-1]} by name or id" in shown
        assert "Exit codes:" in shown


@pytest.mark.parametrize(("command", "names"), FILTERS, ids=[command for command, _ in FILTERS])
def test_filters_limit_a_list(ax: Ax, command: str, names: list[str]) -> None:
    kind, *options = command.split()

    finished = ax(kind, "list", *options, "-o", "json")

    assert finished.exit_code == 0
    assert sorted(item["name"] for item in finished.json[kind]) == sorted(names)


@pytest.mark.one_contract
def test_a_list_of_experiments_takes_a_space_only_to_look_up_the_dataset(ax: Ax) -> None:
    finished = ax("experiments", "list", "--space", "demo")

    assert (finished.exit_code, finished.stdout) == (2, "")
    assert "list_experiments by space_id is not in the documents' contract" in finished.stderr


@pytest.mark.one_contract("beta")
def test_the_newer_dialect_lists_the_experiments_of_a_space(ax: Ax) -> None:
    of_space = ax("experiments", "list", "--space", "demo", "-o", "json")
    of_dataset = ax("experiments", "list", "--dataset", "golden-set", "--space", "demo", "-o", "json")

    assert of_space.exit_code == 0
    listed = {item["id"] for item in of_dataset.json["experiments"]}
    assert listed
    assert listed <= {item["id"] for item in of_space.json["experiments"]}


def test_an_experiments_name_needs_its_dataset(ax: Ax) -> None:
    finished = ax("experiments", "get", "baseline", "--space", "demo")

    assert finished.exit_code == 2
    assert "give --dataset, or the id of 'baseline'" in finished.stderr


@pytest.mark.parametrize(
    ("kind", "name"), [("projects", "support-bot"), ("datasets", "regression-set"), ("evaluators", "Toxicity Eval")]
)
def test_a_name_needs_no_space_where_only_one_thing_bears_it(ax: Ax, kind: str, name: str) -> None:
    assert ax(kind, "get", name).exit_code == 0


def test_a_name_of_several_spaces_is_refused_with_their_ids(ax: Ax) -> None:
    finished = ax("spaces", "get", "sandbox")

    assert finished.exit_code == 4
    assert all(identifier in finished.stderr for identifier in known.SANDBOXES)


def test_an_evaluator_is_shown_in_a_version(ax: Ax) -> None:
    evaluator = ax.mock.world.evaluators.get(known.HALLUCINATION)
    assert evaluator is not None
    version = evaluator.version_ids[0]

    assert ax("evaluators", "get", known.HALLUCINATION, "--version-id", version).exit_code == 0
    assert ax("evaluators", "get", known.HALLUCINATION, "--version-id", "no id").exit_code == 2


# Each kind that only today's contract has, with the list of its JSON document.
TODAY = {
    "ai-integrations": ("ai_integrations", known.OPENAI_MAIN, "openai-main"),
    "integrations": ("integrations", known.SUPPORT_AGENT, "support-agent"),
    "prompts": ("prompts", known.SUMMARIZE, "summarize"),
}


@pytest.mark.parametrize("contract", ["beta"], indirect=True)
@pytest.mark.parametrize(("command", "name", "identifier", "named"), [(it, *TODAY[it]) for it in TODAY], ids=TODAY)
def test_beta_only_resources_are_listed_and_shown(command: str, name: str, identifier: str, named: str, ax: Ax) -> None:
    listed = ax(command, "list", "--space", "demo", "-o", "json")
    shown = ax(command, "get", named, "--space", "demo", "-o", "json")

    assert identifier in {each["id"] for each in json.loads(listed.stdout)[name]}
    assert (json.loads(shown.stdout)["id"], shown.stderr) == (identifier, "")
    assert named in ax(command, "list", "--space", "demo").stdout
    assert ax(command, "list", "--space", "demo-eu", "-o", "csv").stderr.endswith(
        f"No {command.replace('ai-', 'AI ')}.\n"
    )


@pytest.mark.parametrize("contract", ["beta"], indirect=True)
def test_today_s_contract_has_more_to_filter_by(ax: Ax) -> None:
    def ids(*arguments: str) -> list[str]:
        return ax(*arguments, "--quiet").stdout.split()

    assert ids("integrations", "list", "--type", "agent") == [known.SUPPORT_AGENT]
    assert ids("projects", "list", "--project-type", "harness") == []
    version = ax("prompts", "get", known.SUMMARIZE, "--label", "production", "--query", "version.id", "-o", "text")
    assert version.stdout.split() == [known.SUMMARIZE_VERSIONS[1]]


@pytest.mark.parametrize("command", TODAY)
@pytest.mark.one_contract
def test_the_documents_contract_does_not_have_them(command: str, ax: Ax) -> None:
    refused = ax(command, "list")

    assert refused.exit_code == 2
    assert "is not in the documents' contract" in refused.stderr
