"""The contents of the wheel, built by the build backend itself, without pip and the network."""

from __future__ import annotations

import configparser
import json
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from email.parser import Parser
from pathlib import Path
from typing import TYPE_CHECKING

import axtasks
import pytest
from packaging.requirements import Requirement

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import Message

pytestmark = pytest.mark.programs

ROOT = Path(__file__).parents[3]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
BUILD = "import sys; from hatchling import build; print(getattr(build, sys.argv[1])(sys.argv[2]))"
# Each package with its folder.
PACKAGES = {"axtasks": ROOT / "facade", "axtasks_api_beta": ROOT / "facade", "axtasks_api": ROOT / "generated"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[zipfile.ZipFile]:
    """A freshly built wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run([sys.executable, "-c", BUILD, "build_wheel", str(folder)], cwd=ROOT, capture_output=True, check=True)
    (path,) = folder.glob("*.whl")
    with zipfile.ZipFile(path) as archive:
        yield archive


@pytest.fixture(scope="module")
def info(wheel: zipfile.ZipFile) -> str:
    """The `.dist-info` folder in the wheel."""
    (folder,) = {name.partition("/")[0] for name in wheel.namelist() if ".dist-info/" in name}
    return folder


@pytest.fixture(scope="module")
def metadata(wheel: zipfile.ZipFile, info: str) -> Message:
    """The metadata of the wheel."""
    return Parser().parsestr(wheel.read(f"{info}/METADATA").decode())


def test_name_and_version(wheel: zipfile.ZipFile) -> None:
    """The file is named after the distribution and its version, for any platform."""
    assert Path(str(wheel.filename)).name == f"ax_tasks-{axtasks.__version__}-py3-none-any.whl"


@pytest.mark.parametrize("package", PACKAGES)
def test_every_source_file_ships(package: str, wheel: zipfile.ZipFile) -> None:
    """A package in the wheel has the same files as in the tree, except pages that link out of it."""
    home = PACKAGES[package]
    sources = {
        path.relative_to(home).as_posix()
        for path in (home / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".md"
    }

    assert {name for name in wheel.namelist() if name.startswith(f"{package}/")} == sources


def test_nothing_else_ships(wheel: zipfile.ZipFile, info: str) -> None:
    """The wheel has the packages and the metadata: no tests, contract sources or tools."""
    assert {name.partition("/")[0] for name in wheel.namelist()} == {*PACKAGES, info}
    assert [name for name in wheel.namelist() if re.search(r"(^|/)tests?/|^spec/|\.pyc$", name)] == []


@pytest.mark.parametrize("package", PACKAGES)
def test_types_are_shipped(package: str, wheel: zipfile.ZipFile) -> None:
    """Each package has the marker for type checkers."""
    assert f"{package}/py.typed" in wheel.namelist()


def test_contract_ships_as_data(wheel: zipfile.ZipFile) -> None:
    """The bundled contract is in the generated package, where the mock reads it."""
    contract = json.loads(wheel.read("axtasks_api/openapi.json"))

    assert contract["openapi"].startswith("3.1")


def test_entry_points(wheel: zipfile.ZipFile, info: str) -> None:
    """The command and the pytest plugin are entry points that can be loaded."""
    parser = configparser.ConfigParser()
    parser.read_string(wheel.read(f"{info}/entry_points.txt").decode())

    expected = {"console_scripts": PROJECT["scripts"], **PROJECT["entry-points"]}
    assert {section: dict(parser[section]) for section in parser.sections()} == expected
    for target in [target for points in expected.values() for target in points.values()]:
        module = target.partition(":")[0].replace(".", "/")
        assert {f"{module}.py", f"{module}/__init__.py"} & set(wheel.namelist())


def test_licence(wheel: zipfile.ZipFile, info: str, metadata: Message) -> None:
    """The text of the licence is in the wheel, and its name in the metadata."""
    assert wheel.read(f"{info}/licenses/LICENSE") == (ROOT / "LICENSE").read_bytes()
    assert metadata["License-Expression"] == PROJECT["license"]


def test_requirements(metadata: Message) -> None:
    """The requirements are those of the project, with each extra."""
    stated = {None: PROJECT["dependencies"], **PROJECT["optional-dependencies"]}
    expected = {
        (extra, requirement.name, str(requirement.specifier))
        for extra, texts in stated.items()
        for requirement in map(Requirement, texts)
    }
    found = set()
    for requirement in map(Requirement, metadata.get_all("Requires-Dist", [])):
        extra = re.search(r"extra == [\"'](\w+)[\"']", str(requirement.marker or ""))
        found.add((extra[1] if extra else None, requirement.name, str(requirement.specifier)))

    assert found == expected
    assert sorted(metadata.get_all("Provides-Extra", [])) == sorted(PROJECT["optional-dependencies"])
    assert metadata["Requires-Python"] == PROJECT["requires-python"]


def test_front_page(metadata: Message) -> None:
    """The description, which package indexes show, is README.md."""
    assert str(metadata.get_payload()).strip() == (ROOT / "README.md").read_text(encoding="utf-8").strip()


def test_the_sdist_has_what_the_wheel_is_made_of_and_no_more(tmp_path: Path) -> None:
    """The packages, what generates them and the pages about them; no tests, and no page of a test."""
    subprocess.run(
        [sys.executable, "-c", BUILD, "build_sdist", str(tmp_path)], cwd=ROOT, capture_output=True, check=True
    )
    (path,) = tmp_path.glob("*.tar.gz")
    with tarfile.open(path) as archive:
        names = {name.partition("/")[2].partition("/")[0] for name in archive.getnames()}

    made_by_the_backend = {".gitignore", "PKG-INFO"}
    pages = {"CHANGELOG.md", "LICENSE", "README.md"}
    assert names == {"facade", "generated", "pyproject.toml", "spec"} | pages | made_by_the_backend
