"""Tests that run the code blocks on the pages, and compare their output."""

from __future__ import annotations

import contextlib
import io
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from axtasks import AxClient

from tests.docs.normal import is_as_shown, normal
from tests.docs.pages import PAGES, ROOT, Block, Page
from tests.docs.shell import commands, run_attempts

if TYPE_CHECKING:
    from pathlib import Path

    from _pytest.mark import ParameterSet
    from axtasks.mock import MockServer

pytest_plugins = ["pytester"]

TEST = re.compile(r"^(async )?def test_", re.MULTILINE)
RUN = {"python", "sh", "bash"}
READ = {"text", "dockerfile", "yaml", "toml", "python interop", "python recipes", "python airflow"}
"""Kinds of blocks that are not run here: drawings, files that other tests read, and what others run.

`make interop`, `make test-recipes` and `make test-airflow` run those that need an environment of their own.
"""
STARTS_A_PROGRAM = re.compile(r"\bapi_key_command=|\bsubprocess\b")


def is_directive(block: Block) -> bool:
    """Return True if a block is for Sphinx."""
    return block.kind.startswith("{")


def pages_with(kind: str) -> list[Page]:
    """Return the pages that have a block of a kind."""
    return [page for page in PAGES if any(block.kind == kind for block in page.blocks)]


def printed_by(block: Block, names: dict[str, object]) -> str:
    """Run a block, which shares its names with others, and return its output."""
    # Blank lines above it give errors the line they have on the page.
    code = compile("\n" * (block.line - 1) + block.text, str(ROOT / block.page), "exec")
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(code, names)  # noqa: S102  that is what is tested
    return printed.getvalue()


def marked(page: Page) -> ParameterSet:
    """Return a page as a parameter, marked if its examples start a program."""
    starts = any(block.kind == "python" and STARTS_A_PROGRAM.search(block.text) for block in page.blocks)
    return pytest.param(page, marks=[pytest.mark.programs] if starts else [])


@pytest.mark.usefixtures("environment")
@pytest.mark.parametrize("page", [*map(marked, pages_with("python"))], ids=str)
def test_examples(page: Page) -> None:
    """The blocks of a page, run from top to bottom, have the shown output."""
    names: dict[str, object] = {"__name__": "page"}
    try:
        for block in (block for block in page.blocks if block.kind == "python"):
            printed = printed_by(block, names)
            assert is_as_shown(block.output or "", printed), (str(block), normal(block.output or ""), normal(printed))
    finally:
        for value in list(names.values()):
            if isinstance(value, AxClient):
                value.close()


@pytest.mark.programs
@pytest.mark.parametrize("page", [page for page in PAGES if TEST.search(page.text)], ids=str)
def test_tests(page: Page, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests on a page pass in a project of their own, with warnings as errors."""
    shown = [block.text for block in page.blocks if block.kind == "python" and TEST.search(block.text)]
    wanted = sum(len(TEST.findall(text)) for text in shown)
    pytester.makepyfile("\n".join(shown))
    monkeypatch.setenv("PATH", os.path.dirname(sys.executable), prepend=os.pathsep)  # noqa: PTH120  # text is wanted

    # In a process of its own: a run in this one leaves modules of ours behind that are loaded twice in the next.
    others = (f"-pno:{name}" for name in ("schemathesis", "hypothesispytest", "xdist"))
    done = pytester.runpytest_subprocess("--strict-markers", "-W", "error", *others)

    done.assert_outcomes(passed=wanted)


@pytest.mark.programs
def test_examples_have_types(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The examples of each page pass a strict type checker as one program."""
    folder = tmp_path_factory.mktemp("pages")
    for page in pages_with("python"):
        program = folder / f"{str(page).replace('/', '_').replace('-', '_').removesuffix('.md')}.py"
        text = "\n".join(block.text for block in page.blocks if block.kind == "python")
        program.write_text(text, encoding="utf-8")

    done = subprocess.run(
        [sys.executable, "-m", "mypy", *map(str, sorted(folder.iterdir()))],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=1200,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.programs
@pytest.mark.usefixtures("environment")
@pytest.mark.parametrize("page", pages_with("sh"), ids=str)
def test_commands(page: Page, server: MockServer) -> None:
    """The commands of a page, run one after another, have the shown output."""
    for block in (block for block in page.blocks if block.kind == "sh"):
        printed = "".join(run_attempts(words, server=server.url) for words in commands(block.text))

        if block.output is not None:
            assert is_as_shown(block.output, printed), (str(block), normal(block.output), normal(printed))


@pytest.mark.programs
@pytest.mark.parametrize("page", pages_with("bash"), ids=str)
def test_scripts(page: Page, environment: dict[str, str], tmp_path: Path) -> None:
    """Each script succeeds and has the shown output, with `ax` and `python` of the tests."""
    path = os.pathsep.join((os.path.dirname(sys.executable), os.environ["PATH"]))  # noqa: PTH120  # text is wanted
    for block in (block for block in page.blocks if block.kind == "bash"):
        done = subprocess.run(
            ["bash", "-e", "-c", block.text],
            cwd=tmp_path,
            env={**os.environ, **environment, "PATH": path},
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )

        assert done.returncode == 0, (str(block), done.stdout, done.stderr)
        assert is_as_shown(block.output or "", done.stdout), (str(block), normal(done.stdout))


def test_no_block_goes_unchecked() -> None:
    """Each block is run, is the output of one that is, is for Sphinx, or is checked by another test."""
    blocks = [block for page in PAGES for block in page.blocks]

    assert [str(block) for block in blocks if not (block.kind in RUN | READ or is_directive(block))] == []
