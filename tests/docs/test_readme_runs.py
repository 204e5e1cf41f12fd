"""Everything on README.md that can be run is run, and what it shows is what comes."""

from __future__ import annotations

import contextlib
import io
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from axtasks import AxClient

from tests.docs.normal import is_as_shown, normal
from tests.docs.readme import README, ROOT, Block, blocks
from tests.docs.shell import commands, run_attempts

if TYPE_CHECKING:
    from axtasks.mock import MockServer

pytest_plugins = ["pytester"]

BLOCKS = blocks()
PYTHON = [block for block in BLOCKS if block.kind == "python"]
SHELL = [block for block in BLOCKS if block.kind == "sh"]
# The client that all examples use is made in the first block of all.
SETUP, *EXAMPLES = PYTHON
SECTIONS = list(dict.fromkeys(block.section for block in EXAMPLES))
# Text that is neither run nor output, by the section it stands in; what it says is checked elsewhere.
DRAWINGS = ("Errors", "Inside")
DEMO = "See it run"


def output_of(block: Block, names: dict[str, object]) -> str:
    """What a block prints; what it defines goes into the names."""
    # Blank lines above it give errors the line they have on the page.
    code = compile("\n" * (block.line - 1) + block.text, str(README), "exec")
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(code, names)  # noqa: S102  that is what is tested
    return printed.getvalue()


def run(examples: list[Block]) -> None:
    """Runs blocks one after another in one namespace, and compares what they print."""
    names: dict[str, object] = {"__name__": "readme"}
    try:
        for block in examples:
            printed = output_of(block, names)
            assert is_as_shown(block.output or "", printed), (str(block), normal(block.output or ""), normal(printed))
    finally:
        for value in list(names.values()):
            if isinstance(value, AxClient):
                value.close()


@pytest.mark.usefixtures("environment")
@pytest.mark.parametrize("section", SECTIONS)
def test_examples_of_one_section(section: str) -> None:
    """The examples of a section run on their own, with the client from the top of the page."""
    run([SETUP, *(block for block in EXAMPLES if block.section == section)])


@pytest.mark.programs
def test_tests(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests that the page shows pass in a project of their own, one after another and warnings being errors."""
    shown = [block.text for block in PYTHON if re.search("^def test_", block.text, flags=re.MULTILINE)]
    pytester.makepyfile("\n".join(shown))
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)

    others = (f"-pno:{name}" for name in ("schemathesis", "hypothesispytest", "xdist"))
    done = pytester.runpytest_inprocess("--strict-markers", "-W", "error", *others)

    assert len(shown) == 2
    done.assert_outcomes(passed=2)


@pytest.mark.usefixtures("environment")
def test_examples_from_top_to_bottom() -> None:
    """Someone who follows the whole page against one server sees what the page shows."""
    run(PYTHON)


@pytest.mark.programs
def test_examples_have_types(tmp_path: Path) -> None:
    """The examples pass a strict type checker, one after another as one program."""
    program = tmp_path / "examples.py"
    program.write_text("\n".join(block.text for block in PYTHON), encoding="utf-8")

    done = subprocess.run(
        [sys.executable, "-m", "mypy", str(program)], cwd=ROOT, capture_output=True, text=True, timeout=300, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.programs
@pytest.mark.usefixtures("environment")
@pytest.mark.parametrize("block", SHELL, ids=str)
def test_commands(block: Block, server: MockServer) -> None:
    """Every command can be carried out, and prints what is shown."""
    printed = "".join(run_attempts(words, server=server.url) for words in commands(block.text))

    if block.output is not None:
        assert is_as_shown(block.output, printed), (normal(block.output), normal(printed))


@pytest.mark.programs
def test_demo() -> None:
    """The demo prints what the page shows."""
    (shown,) = [block.text for block in BLOCKS if block.section == DEMO and block.kind == "text"]

    done = subprocess.run(
        [sys.executable, "-m", "axtasks.demo"], capture_output=True, text=True, timeout=60, check=True
    )

    assert is_as_shown(shown, done.stdout), (normal(shown), normal(done.stdout))


def test_no_block_goes_unchecked() -> None:
    """Each block is run, is the output of one that is, or is a drawing that another test reads."""
    unknown = [
        str(block)
        for block in BLOCKS
        # What the container runs is run by a test of the mock.
        if block.kind not in {"python", "sh", "dockerfile"}
        and not (block.kind == "text" and (block.shown or block.section in {*DRAWINGS, DEMO}))
    ]

    assert unknown == []


@pytest.mark.parametrize(
    ("shown", "came", "same"),
    [
        pytest.param("VGFza1J1bjo5OTpxUndY ran", "VGFza1J1bjoxMDM6R3pZdA== ran", True, id="ids of one kind"),
        pytest.param("VGFza1J1bjo5OTpxUndY ran", "T25saW5lVGFzazo0NTpxUndY ran", False, id="ids of two kinds"),
        pytest.param("UnprocessableEntityError", "UnprocessableEntityErrol", False, id="long words are no ids"),
        pytest.param("a\n...\nb", "a\nx\ny\nb", True, id="dots for lines"),
        pytest.param("a\n...\nb", "a\nb", True, id="dots for none"),
        pytest.param("a\n...\nb", "a\nx", False, id="dots are not the end"),
        pytest.param("a", "a\nb", False, id="a line too many"),
        pytest.param("7 succeeded", "8 succeeded", True, id="counts"),
        pytest.param("2026-03-10T15:00:00.000Z", "2026-03-11T09:12:13.456Z", True, id="times"),
        pytest.param("at http://127.0.0.1:1", "at http://127.0.0.1:22", True, id="ports"),
    ],
)
def test_comparing(shown: str, came: str, same: bool) -> None:
    """Only what differs from run to run is overlooked."""
    assert is_as_shown(shown, came) is same
