"""The tables, drawings, names and links on README.md are those of the code."""

from __future__ import annotations

import inspect
import re
from dataclasses import fields
from typing import TYPE_CHECKING

import axtasks
import httpx
import pytest
from _pytest.fixtures import FixtureFunctionDefinition
from axtasks import AsyncAxClient, AxClient, Hooks, Poll, RequestEvent, ResponseEvent, RetryEvent, errors, profiles
from axtasks import profiles as profile_files
from axtasks.config import credentials as keys
from axtasks.config import endpoint as servers
from axtasks.config import options as timeouts
from axtasks.config import settings as config
from axtasks.contract import dialect as dialects
from axtasks.mock import Mock, MockRequest, MockTransport
from axtasks.mock import default_world as known
from axtasks.mock.faults import script as fault_scripts
from axtasks.mock.faults.fault import FaultKind
from axtasks.resources import bindings as resources
from axtasks.resources.bind import SyncResource
from axtasks.testing.worlds import WorldOptions
from axtasks_api.codec import MissingAttributeError

from tests.docs.readme import ROOT, TEXT, Table, blocks, code_words, prose, section, tables
from tests.docs.shell import VARIABLES, make_targets

if TYPE_CHECKING:
    from collections.abc import Iterator

TABLES = {table.section: table for table in tables()}
CONFIGURATION, METHODS = TABLES["Configuration"], TABLES["The methods"]
TREE_LINE = re.compile(r"^(?P<indent>[│├└─ ]*)(?P<name>\w+)(?P<rest>.*)$")


def drawings(section: str) -> list[str]:
    """The texts of a section that are not the output of anything."""
    return [block.text for block in blocks() if block.section == section and block.kind == "text" and not block.shown]


def column(table: Table, name: str) -> list[str]:
    """What stands in backquotes in a column."""
    return [word for row in table.rows for word in code_words(row[name])]


def tree(text: str) -> Iterator[tuple[str, str | None, str]]:
    """Each name in a drawn tree, with its parent and what stands beside it."""
    path: list[str] = []
    for line in text.splitlines():
        found = TREE_LINE.match(line)
        assert found, line
        depth = len(found["indent"]) // 4
        path[depth:] = [found["name"]]
        yield found["name"], path[depth - 1] if depth else None, found["rest"]


def test_no_table_goes_unchecked() -> None:
    """Every table of the page is one that is compared here."""
    # Those of commands, exit codes and failures are written by the program, and compared as they stand.
    heads = sorted(table.header[:2] for table in tables())
    assert [head[0] for head in heads] == [
        "Argument",
        "Command",
        "Exit code",
        "Fixture",
        "Hook",
        "Key",
        "Method",
        "Method",
        "Package",
        "Requests of",
    ]
    assert heads[-2] != heads[-3]


def test_requests() -> None:
    """Each number of requests is what the method takes, the dialect being known."""
    table = TABLES["Names and requests"]
    for row in table.rows:
        for name in code_words(row[table.header[0]]):
            assert [int(row[head]) for head in table.header[1:]] == _requests_of(name), name


def _requests_of(name: str) -> list[int]:
    asked: list[str] = []
    hooks = Hooks(on_request=lambda event: asked.append(event.operation))
    more = {"query_filter": "x = 1"} if name == "update" else {}

    def taken(ax: AxClient, task: str, space: str | None = None) -> int:
        asked.clear()
        getattr(ax.tasks, name)(task, space=space, **more)
        return len(asked)

    with httpx.Client(transport=MockTransport(Mock())) as http:

        def fresh() -> AxClient:
            return AxClient(api_key="any", contract="documents", http_client=http, hooks=hooks)

        by_id = taken(fresh(), known.CHAT_QUALITY)
        alone = taken(fresh(), "Golden Set Review")
        in_space = taken(fresh(), "Chat Quality Monitor", known.DEMO)
        ax = fresh()
        return [by_id, alone, in_space, *(taken(ax, "Chat Quality Monitor", "demo") for _ in range(2))]


def test_arguments() -> None:
    """The table has every argument of a client, in order, and no other."""
    assert column(CONFIGURATION, "Argument") == [
        name for name in inspect.signature(AxClient.__init__).parameters if name != "self"
    ]


def test_environment_variables() -> None:
    """Each argument has the environment variable that is read for it."""
    shown = {
        row["Argument"].strip("`"): row["Environment variable"].strip("`")
        for row in CONFIGURATION.rows
        if row["Environment variable"]
    }

    assert shown == {**config.ENVIRONMENT, "retry": config.ATTEMPTS_VARIABLE}


def test_profile_keys(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Each argument with a profile key is read from that key of a profile, and no other is."""
    values = {
        row["Argument"].strip("`"): (*row["Profile key"].strip("`").split("."), f"value of {row['Argument']}")
        for row in CONFIGURATION.rows
        if row["Profile key"]
    }
    folder = tmp_path_factory.mktemp("profiles")
    (folder / "profiles").mkdir()
    sections = {section for section, _, _ in values.values()}
    (folder / "profiles" / "mine.toml").write_text(
        "".join(
            f"[{wanted}]\n"
            + "".join(f'{key} = "{text}"\n' for section, key, text in values.values() if section == wanted)
            for wanted in sorted(sections)
        ),
        encoding="utf-8",
    )

    found = profiles.read_profile("mine", environment={profile_files.DIRECTORY_VARIABLE: str(folder)})

    assert found == {name: text for name, (_, _, text) in values.items()}
    assert set(found) == {*keys.KEY_SOURCES, *profiles._ROUTING, *profiles._DIALECT, *profiles._SECURITY}


@pytest.mark.parametrize(
    ("argument", "default"),
    [
        ("api_host", servers.DEFAULT_HOST),
        ("api_scheme", servers.DEFAULT_SCHEME),
        ("timeout", str(timeouts.DEFAULT_TOTAL_SECONDS)),
        ("on_ambiguous", config.ON_AMBIGUOUS[0]),
        ("contract", dialects.AUTO),
    ],
)
def test_defaults(argument: str, default: str) -> None:
    """The defaults of the table are those of the code."""
    (row,) = [row for row in CONFIGURATION.rows if row["Argument"] == f"`{argument}`"]

    assert row["Default"] == f"`{default}`"


def test_what_says_where_the_server_is() -> None:
    """The sentence about the endpoints names them all."""
    (sentence,) = re.findall(r"At most one of (.*?) may be given", prose())

    assert tuple(code_words(sentence)) == servers.ENDPOINTS


@pytest.mark.parametrize("client", [AxClient, AsyncAxClient])
def test_methods(client: type[AxClient] | type[AsyncAxClient]) -> None:
    """The table has every method of every group, and no other."""
    prefix = "Async" if client is AsyncAxClient else ""
    classes = {
        re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower(): value
        for name, value in vars(resources).items()
        if isinstance(value, type) and issubclass(value, SyncResource) and name not in {"Raw", "SyncResource"}
    }

    offered = {
        f"{group}.{name}"
        for group, kind in classes.items()
        for name, member in vars(getattr(resources, prefix + kind.__name__)).items()
        if inspect.isfunction(member) and name[0] != "_"
    }

    assert sorted(column(METHODS, "Method")) == sorted(offered)


def test_keys_of_fault_scripts() -> None:
    """The table has every key of a script, in order, and every fault as a script that can be read."""
    table = TABLES["Worlds and faults of your own"]
    (faults,) = [row["What it says"] for row in table.rows if row["Key"] == "`fault`"]

    assert tuple(column(table, "Key")) == fault_scripts.KEYS
    assert [fault_scripts.parse(word)[0].kind for word in code_words(faults)] == list(FaultKind)


def test_hooks() -> None:
    """The table has every hook, with all that it is told."""
    kinds = {"on_request": RequestEvent, "on_response": ResponseEvent, "on_retry": RetryEvent, "on_poll": Poll}
    shown = {row["Hook"].strip("`"): code_words(row["with"]) for row in TABLES["Watching it work"].rows}

    assert sorted(shown) == sorted(Hooks.__slots__)
    assert shown == {name: [field.name for field in fields(kind)] for name, kind in kinds.items()}


def test_fixtures(request: pytest.FixtureRequest) -> None:
    """The table has every fixture of the plugin, and the text every option of its marker."""
    plugin = request.config.pluginmanager.get_plugin("ax_tasks")
    offered = [name for name, value in vars(plugin).items() if isinstance(value, FixtureFunctionDefinition)]

    assert sorted(column(TABLES["With pytest"], "Fixture")) == sorted(offered)
    assert {field.name for field in fields(WorldOptions)} - {"source"} <= set(code_words(section("With pytest")))


def test_public_names() -> None:
    """The list of names and the tree of errors have every public name, each once."""
    (drawn,) = drawings("Errors")
    listed = [name for name in code_words(section("Public names")) if not name.startswith("axtasks")]
    shown = [*listed, *(name for name, _, _ in tree(drawn))]

    assert sorted(shown) == sorted(axtasks.__all__)


def test_error_tree_is_the_one_of_its_module() -> None:
    """The page draws the tree as `axtasks.errors` does."""
    (drawn,) = drawings("Errors")

    assert drawn in (errors.__doc__ or "")


def test_error_tree() -> None:
    """Each error has the parent it is drawn under, and is what it is said to be besides."""
    (drawn,) = drawings("Errors")
    seen = set()
    for name, parent, rest in tree(drawn):
        kind = getattr(errors, name)
        besides = re.findall(r"\(also an? (\w+)\)", rest)
        # The error of the generated models stands for the one of Python that it is.
        bases = [
            (base.__base__ or base).__name__ if base is MissingAttributeError else base.__name__
            for base in kind.__bases__
        ]
        assert bases == [*([parent] if parent else ["Exception"]), *besides], name
        seen.add(kind)

    assert seen == {kind for kind in vars(errors).values() if inspect.isclass(kind) and issubclass(kind, Exception)}


@pytest.mark.parametrize(
    ("status", "name"),
    [(int(found[1]), name) for name, _, rest in tree(drawings("Errors")[0]) if (found := re.match(r" +(\d{3})", rest))],
)
def test_statuses_in_the_error_tree(status: int, name: str) -> None:
    """An answer with a status is the error that is drawn beside it."""
    transport = httpx.MockTransport(lambda _: httpx.Response(status))
    with (
        httpx.Client(transport=transport) as http,
        AxClient(api_key="any", http_client=http) as ax,
        pytest.raises(errors.APIError) as raised,
    ):
        ax.tasks.get_run("VGFza1J1bjo5OTpxUndY")

    assert type(raised.value).__name__ == name


def test_attributes_in_the_error_tree() -> None:
    """What an error is drawn to have, it says it has."""
    (drawn,) = drawings("Errors")
    for name, _, rest in tree(drawn):
        for attribute in code_words(rest):
            assert f"{attribute}: " in inspect.cleandoc(getattr(errors, name).__doc__ or ""), (name, attribute)


def test_folders() -> None:
    """What the map of the repository names is there."""
    folders, layers = drawings("Inside")

    for line in folders.splitlines():
        assert (ROOT / line.split()[0]).exists(), line
    assert "mock ──► openapi.json" in layers


def test_make_targets() -> None:
    """Every make command that is mentioned exists."""
    mentioned = {target for words in re.findall(r"make ((?:[a-z]+-)*[a-z]+)(?=`)", prose()) for target in words.split()}

    assert {"ci", "drift", "install-check", "lock"} <= mentioned
    assert mentioned <= set(make_targets())


def test_variables() -> None:
    """Every environment variable that is mentioned is read."""
    assert set(re.findall(r"\bARIZE_[A-Z_]+\b", TEXT)) == VARIABLES


def test_links() -> None:
    """Links within the repository lead somewhere."""
    targets = re.findall(r"\]\(([^)]+)\)", TEXT)

    assert targets
    assert [target for target in targets if not (ROOT / target).exists()] == []


def test_extras() -> None:
    """The page tells about every extra."""
    from tests.docs.shell import PROJECT

    for extra in PROJECT["project"]["optional-dependencies"]:
        assert f"'.[{extra}]'" in TEXT


def test_line_length() -> None:
    """Prose stays within the width of the code; a row of a table or a drawing may not be broken."""
    assert [line for line in prose().splitlines() if len(line) > 120 and not line.startswith("|")] == []


def test_operations_of_the_mocks_own() -> None:
    """Every operation of the mock's own that is named exists: its path knows methods, just not this one."""
    named = code_words(re.split("below `/__mock/`:", section("Testing your own code"))[1].partition("Among them")[0])

    assert len(named) > 5
    for name in named:
        assert Mock().handle(MockRequest("OPTIONS", f"/__mock/{name}")).status == 405, name
    assert Mock().handle(MockRequest("OPTIONS", "/__mock/nothing")).status == 404
