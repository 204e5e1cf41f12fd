"""Tests of the public names of `axtasks`, and of its import cost."""

from __future__ import annotations

import ast
import inspect
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import axtasks
import pytest
from axtasks import errors


def imported_for_checkers() -> dict[str, list[str]]:
    """Return the names imported under `TYPE_CHECKING`, by module."""
    source = ast.parse(Path(inspect.getfile(axtasks)).read_text(encoding="utf-8"))
    (block,) = [node for node in source.body if isinstance(node, ast.If)]
    found: dict[str, list[str]] = {}
    for node in block.body:
        assert isinstance(node, ast.ImportFrom)
        module = f"axtasks.{node.module}" if node.level else str(node.module)
        found.setdefault(module, []).extend(alias.name for alias in node.names)
    return found


def test_all_is_sorted() -> None:
    """The list of public names is in the order that ruff keeps: constants, classes, then the rest."""
    names = axtasks.__all__
    constants = [name for name in names if name.isupper()]
    rest = [name for name in names if not name[0].isupper()]
    classes = [name for name in names if name not in constants and name not in rest]

    assert names == [*sorted(constants), *sorted(classes), *sorted(rest)]
    assert len(names) == len(set(names))


def test_three_lists_of_names_agree() -> None:
    """The list of names, the lazy imports and the imports for type checkers have the same names and modules."""
    loaded = {module: sorted(names) for module, names in axtasks._HOMES.items()}

    assert {module: sorted(names) for module, names in imported_for_checkers().items()} == loaded
    assert sorted(axtasks.__all__) == sorted(["__version__", *(name for names in loaded.values() for name in names)])
    assert dir(axtasks) == sorted(axtasks.__all__)


@pytest.mark.parametrize("name", axtasks.__all__)
def test_each_name_can_be_used(name: str) -> None:
    """A public name is the object of that name in its module."""
    home = axtasks._MODULES.get(name, "axtasks._version")

    assert getattr(axtasks, name) is getattr(import_module(home), name)


def test_every_error_is_public() -> None:
    """Every error that can be raised has a public name."""
    kinds = {name for name, kind in vars(errors).items() if inspect.isclass(kind) and issubclass(kind, Exception)}

    assert kinds <= set(axtasks.__all__)
    assert kinds == {
        name for name, kind in vars(errors).items() if inspect.isclass(kind) and issubclass(kind, errors.AxError)
    }


def test_unknown_names() -> None:
    """Any other name is an AttributeError with that name."""
    with pytest.raises(AttributeError, match="AxClientt"):
        axtasks.AxClientt  # noqa: B018  # the access is what is tested


@pytest.mark.programs
def test_importing_loads_nothing_heavy() -> None:
    """`import axtasks` loads no HTTP library, no model, no command line, no extra and not the mock."""
    script = "import sys, axtasks; print(*sys.modules, sep='\\n')"

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    loaded = set(done.stdout.split())
    assert {name.partition(".")[0] for name in loaded} & {
        "attrs", "click", "httpx", "jsonschema_rs", "opentelemetry", "pandas", "httptools", "uvicorn",
    } == set()  # fmt: skip
    assert {name for name in loaded if name.startswith(("axtasks_api.models", "axtasks.mock", "axtasks.cli"))} == set()


@pytest.mark.parametrize("name", axtasks._VENDOR_NAMES)
def test_a_name_of_the_vendors_package_is_answered_with_ours(name: str) -> None:
    """There are no aliases: imports and attributes give an error with our name, and `hasattr` is False."""
    meant = axtasks._VENDOR_NAMES[name]
    told = re.escape(f"{name!r}") + ".*" + re.escape(f"; did you mean {meant}?")

    with pytest.raises(ImportError, match=f"cannot import name {told}"):
        exec(f"from axtasks import {name}")  # noqa: S102  # as a program has it
    with pytest.raises(AttributeError, match=f"no attribute {told}"):
        getattr(axtasks, name)
    assert not hasattr(axtasks, name)
    assert set(re.findall(r"\w+", meant)) - {"or"} <= set(axtasks.__all__)


def test_a_name_that_nobody_has_is_told_as_python_tells_it() -> None:
    with pytest.raises(ImportError, match="cannot import name 'AxClientt' from 'axtasks'") as caught:
        exec("from axtasks import AxClientt")  # noqa: S102

    assert "did you mean" not in str(caught.value)
