"""Tests of `--values`, `ARIZE_TASKS_VALUES` and the profile: enum values as received, or as documented."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.tasks_support import Journal, Servers, servers, tasks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from axtasks.mock import MockServer

    from tests.cli.support import Ax

pytestmark = pytest.mark.both_contracts
WIRE = {"documents": "template_evaluation", "beta": "TEMPLATE_EVALUATION"}


@pytest.fixture(scope="module")
def shared() -> Iterator[Servers]:
    """Yield a shared server, which every test gets in its initial state."""
    with servers(Journal) as shared:
        yield shared


@pytest.fixture
def server(shared: Servers, dialect: str) -> MockServer:
    return shared.fresh(dialect)


@pytest.mark.usefixtures("server")
@pytest.mark.parametrize("output", ["json", "jsonl", "csv", "text", "table"])
def test_values_are_spelled_as_asked_in_every_format(ax: Ax, output: str, dialect: str) -> None:
    spelled = {}
    for how in ("documents", "wire"):
        finished = tasks(ax, f"get $CHAT_QUALITY -o {output} --values {how}")
        assert finished.exit_code == 0, finished.stderr
        spelled[how] = [word for word in WIRE.values() if word in finished.stdout]

    assert spelled == {"documents": ["template_evaluation"], "wire": [WIRE[dialect]]}


@pytest.mark.usefixtures("server")
def test_pages_and_queries_are_spelled_so_too(ax: Ax, dialect: str) -> None:
    finished = tasks(ax, "list --values WIRE --query tasks[0].type -o text --task-type template_evaluation")

    assert finished.stdout == f"{WIRE[dialect]}\n", finished.stderr


@pytest.mark.usefixtures("server")
def test_the_option_comes_before_the_variable_and_that_before_the_profile(
    ax: Ax, dialect: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("ARIZE_DIRECTORY", str(tmp_path))
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles" / "work.toml").write_text('[output]\nvalues = "wire"\n')

    def spelled(*options: str) -> str:
        finished = tasks(ax, f"get $CHAT_QUALITY --query type -o text {' '.join(options)}")
        return finished.stdout.strip()

    assert spelled() == WIRE["documents"]
    assert spelled("--profile", "work") == WIRE[dialect]
    monkeypatch.setenv("ARIZE_TASKS_VALUES", "documents")
    assert spelled("--profile", "work") == WIRE["documents"]
    assert spelled("--profile", "work", "--values", "wire") == WIRE[dialect]
    monkeypatch.setenv("ARIZE_TASKS_VALUES", "wire")
    assert spelled() == WIRE[dialect]


@pytest.mark.one_contract
@pytest.mark.usefixtures("server")
def test_anything_else_is_refused(ax: Ax, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ARIZE_DIRECTORY", str(tmp_path))
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles" / "work.toml").write_text('[output]\nvalues = "upper"\n')

    by_option = tasks(ax, "list --values upper")
    by_profile = tasks(ax, "list --profile work")
    monkeypatch.setenv("ARIZE_TASKS_VALUES", "upper")
    by_variable = tasks(ax, "list")

    assert (by_option.exit_code, by_profile.exit_code, by_variable.exit_code) == (2, 1, 2)
    assert "Error: Invalid value for '--values': 'upper' is not one of" in by_option.stderr
    assert "values has to be one of documents, wire, not 'upper'" in by_profile.stderr
    assert "'--values' (of the variable ARIZE_TASKS_VALUES): 'upper' is not one of" in by_variable.stderr
