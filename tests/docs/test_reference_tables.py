"""Tests of the tables, trees, names and links on the pages against the code."""

from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING

import httpx
import pytest
from axtasks import AsyncAxClient, AxClient, errors, profiles
from axtasks import profiles as profile_files
from axtasks.config import credentials as keys
from axtasks.config import endpoint as servers
from axtasks.config import options as timeouts
from axtasks.config import settings as config
from axtasks.contract import dialect as dialects
from axtasks.resources import bindings as resources
from axtasks.resources.bind import AsyncResource, SyncResource
from axtasks_api.codec import MissingAttributeError

from tests.docs.pages import DOCS, PAGES, README, ROOT, Page, Table, code_words, page
from tests.docs.shell import PROJECT, VARIABLES, make_targets

if TYPE_CHECKING:
    from collections.abc import Iterator

CONFIGURATION, VARIABLES_BESIDES = page("reference/configuration").tables
(METHODS,) = page("reference/client").tables
ERRORS, CONTRIBUTING = page("reference/errors"), page("contributing")
(TREE,) = (block.text for block in ERRORS.blocks if block.kind == "text" and not block.shown)
TREE_LINE = re.compile(r"^(?P<indent>[│├└─ ]*)(?P<name>\w+)(?P<rest>.*)$")
MOST_LINES, MOST_BYTES = 130, 7 * 1024
LEAST_PLACES = 20


def column(table: Table, name: str) -> list[str]:
    """Return the words in backquotes in a column."""
    return [word for row in table.rows for word in code_words(row[name])]


def tree() -> Iterator[tuple[str, str | None, str]]:
    """Yield each error of the drawn tree, with its parent and the text beside it."""
    path: list[str] = []
    for line in TREE.splitlines():
        found = TREE_LINE.match(line)
        assert found, line
        depth = len(found["indent"]) // 4
        path[depth:] = [found["name"]]
        yield found["name"], path[depth - 1] if depth else None, found["rest"]


def test_the_front_page_is_short() -> None:
    assert len(README.text.splitlines()) <= MOST_LINES
    assert len(README.text.encode()) <= MOST_BYTES


def test_arguments() -> None:
    """The table has every argument of a client, in order, and no other."""
    assert column(CONFIGURATION, "Argument") == [
        name for name in inspect.signature(AxClient.__init__).parameters if name != "self"
    ]


def test_environment_variables() -> None:
    """Each argument has its environment variable, and the second table has all others."""
    shown = {
        code_words(row["Argument"])[0]: code_words(row["Environment variable"])[0]
        for row in CONFIGURATION.rows
        if row["Environment variable"]
    }

    assert shown == {**config.ENVIRONMENT, "retry": config.ATTEMPTS_VARIABLE}
    assert {*shown.values(), *column(VARIABLES_BESIDES, "Variable")} == VARIABLES


def test_profile_keys(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Each argument with a profile key is read from that key, and no other is."""
    values = {
        code_words(row["Argument"])[0]: (*code_words(row["Profile key"])[0].split("."), f"value of {row['Argument']}")
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
    (row,) = [row for row in CONFIGURATION.rows if code_words(row["Argument"]) == [argument]]

    assert row["Default"] == f"`{default}`"


def test_the_sentence_about_endpoints_names_all_settings() -> None:
    """The sentence about the endpoints names all sources."""
    (sentence,) = re.findall(r"At most one of (.*?) may be given", page("reference/configuration").prose)

    assert tuple(code_words(sentence)) == servers.ENDPOINTS


@pytest.mark.parametrize("client", [AxClient, AsyncAxClient])
def test_methods(client: type[AxClient] | type[AsyncAxClient]) -> None:
    """The table has every method of every group, and no other."""
    prefix = "Async" if client is AsyncAxClient else ""
    bases = (SyncResource, AsyncResource)
    groups = {
        name.removeprefix("Async"): kind
        for name, kind in vars(resources).items()
        if inspect.isclass(kind) and issubclass(kind, bases) and kind not in bases
        if name.startswith("Async") == bool(prefix) and not name.endswith("Raw")
    }
    offered = {
        f"{_attribute(name)}.{method}"
        for name, kind in groups.items()
        for method, member in vars(kind).items()
        if inspect.isfunction(member) and method[0] != "_"
    }

    alone = set() if client is AsyncAxClient else {"tasks.watch"}
    assert sorted(column(METHODS, "Method")) == sorted(offered | alone)


def _attribute(name: str) -> str:
    """Return the attribute of a client for a class of methods."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def test_the_error_tree_is_the_one_of_its_module() -> None:
    assert TREE in (errors.__doc__ or "")


def test_error_tree() -> None:
    """Each error has its parent and its second base as drawn."""
    seen = set()
    for name, parent, rest in tree():
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
    [(int(found[1]), name) for name, _, rest in tree() if (found := re.match(r" +(\d{3})", rest))],
)
def test_statuses_in_the_error_tree(status: int, name: str) -> None:
    """A response with a status raises the error that is drawn beside it."""
    transport = httpx.MockTransport(lambda _: httpx.Response(status))
    with (
        httpx.Client(transport=transport) as http,
        AxClient(api_key="any", http_client=http) as ax,
        pytest.raises(errors.APIError) as raised,
    ):
        ax.tasks.get_run("VGFza1J1bjo5OTpxUndY")

    assert type(raised.value).__name__ == name


def test_attributes_in_the_error_tree() -> None:
    """Each error documents the attributes in the tree."""
    for name, _, rest in tree():
        for attribute in code_words(rest):
            assert f"{attribute}: " in inspect.cleandoc(getattr(errors, name).__doc__ or ""), (name, attribute)


def test_where_to_change_names_files_that_exist() -> None:
    (table,) = CONTRIBUTING.tables
    named = [word for row in table.rows for words in row.values() for word in code_words(words) if "/" in word]

    assert len(table.rows) >= LEAST_PLACES
    assert [name for name in named if not (ROOT / name).exists() and not name.startswith("/__mock")] == []


def test_make_targets_exist() -> None:
    mentioned = {
        target
        for one in PAGES
        for words in re.findall(r"make ((?:[a-z]+-)*[a-z]+)(?=`)", one.prose)
        for target in words.split()
    }

    assert {"ci", "drift", "docs-site"} <= mentioned
    assert mentioned <= set(make_targets())


def test_environment_variables_that_are_mentioned_are_read() -> None:
    """The pages on moving also name variables of the vendor's clients, and one of the reader's own."""
    pages = [one for one in PAGES if not one.path.stem.startswith("vendor-")]
    mentioned = {word for one in pages for word in re.findall(r"\bARIZE_[A-Z_]+[A-Z]\b", one.text)}

    assert mentioned == VARIABLES | {"ARIZE_WORK_KEY"}


def test_extras_are_told() -> None:
    told = "".join(one.text for one in PAGES)

    for extra in PROJECT["project"]["optional-dependencies"]:
        assert f"`{extra}`" in told


@pytest.mark.parametrize("shown", PAGES, ids=str)
def test_links_lead_to_files(shown: Page) -> None:
    targets = [each for each in re.findall(r"\]\(([^)#]+)[^)]*\)", shown.prose) if "://" not in each]

    assert [target for target in targets if not (shown.path.parent / target).exists()] == []


def test_every_page_is_in_the_list_of_pages() -> None:
    listed = re.findall(r"^[a-z-]+(?:/[a-z-]+)?$", (DOCS / "index.md").read_text(encoding="utf-8"), re.MULTILINE)

    assert sorted(f"docs/{name}.md" for name in [*listed, "index"]) == sorted(
        str(each) for each in PAGES if each is not README
    )
