"""Tests of the generator's lock: output is the same on all machines, and changed inputs are named."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from spec.generator import lock
from spec.generator.__main__ import PACKAGES
from spec.generator.package import ROOT
from spec.generator.trees import differences

if TYPE_CHECKING:
    from pathlib import Path

ODD = {"LC_ALL": "tr_TR.ISO-8859-9", "PYTHONUTF8": "0", "TZ": "Asia/Kathmandu", "PYTHONHASHSEED": "4711"}
FOUND = {"inputs": {"a.yaml": "sha256:1", "b.yaml": "sha256:2"}, "tools": {"ruff": "1.0"}}
PETS: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Pets", "version": "1"},
    "paths": {
        "/pets/{id}": {
            "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}],
            "get": {
                "operationId": "get_pet",
                "tags": ["pets"],
                "responses": {
                    "200": {
                        "description": "The pet.",
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Pet"}}},
                    }
                },
            },
        }
    },
    "components": {
        "schemas": {
            "Pet": {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}},
            "Problem": {"type": "object", "properties": {"title": {"type": "string"}}},
        }
    },
}
LOUDER = {
    "overlay": "1.0.0",
    "actions": [
        {
            "target": "$.components.schemas.Pet.properties",
            "description": "Pets have a voice.",
            "update": {"voice": {"type": "string"}},
        }
    ],
}
MOVED = {
    "spec/openapi.yaml": ("title: Arize AX Tasks API", "title: Another API"),
    "spec/overlays/8.40.yaml": ("title: What release", "title: All that release"),
    "spec/generator/templates/enum.py.jinja": ("class {{", "class  {{"),
    "spec/generator/runtime/codec.py": ("Decoders from JSON", "All decoders from JSON"),
    "spec/generator/package.py": ("Makes a client", "Makes a whole client"),
}


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """Return a second checkout of the generator's inputs, before generating."""
    folder = tmp_path / "päckage of another" / "checkout"
    shutil.copytree(ROOT / "spec", folder / "spec", ignore=shutil.ignore_patterns("__pycache__", "generated.lock"))
    return folder


def generate(clone: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the generator of a checkout."""
    return subprocess.run(
        [sys.executable, "-m", "spec.generator", *arguments],
        cwd=clone,
        env={**os.environ, **environment},
        capture_output=True,
        check=False,
        encoding="utf-8",
        errors="replace",
    )


@pytest.mark.programs
def test_another_folder_locale_time_zone_and_seed_make_the_same_bytes(clone: Path) -> None:
    finished = generate(clone, **ODD)

    assert finished.returncode == 0, finished.stderr
    for package in PACKAGES:
        assert list(differences(package, clone / "generated" / package.name)) == []
    assert (clone / "spec" / "generated.lock").read_bytes() == lock.LOCK.read_bytes()


@pytest.mark.programs
def test_each_input_that_moved_is_named(clone: Path) -> None:
    """A changed input is named even where the output is the same; the others are not."""
    for name, (old, new) in MOVED.items():
        text = (clone / name).read_text(encoding="utf-8")
        assert old in text
        (clone / name).write_text(text.replace(old, new), encoding="utf-8")
    shutil.copyfile(lock.LOCK, clone / "spec" / "generated.lock")

    finished = generate(clone, "--check")

    assert finished.returncode == 1
    said = [line for line in finished.stdout.splitlines() if line.startswith("since generated/ was made")]
    assert said == [f"since generated/ was made: {name} has changed" for name in sorted(MOVED)]


@pytest.mark.programs
def test_overlays_are_stacked_in_the_order_of_their_names(clone: Path) -> None:
    """Each overlay changes the output of the one before, without drift."""
    for name, update in (("later", {"x-stage": "second"}), ("zz-last", {"x-stage": "third"})):
        overlay = {
            "overlay": "1.0.0",
            "actions": [{"target": "$.info", "description": "On it goes.", "update": update}],
        }
        (clone / "spec" / "overlays" / f"{name}.yaml").write_text(json.dumps(overlay), encoding="utf-8")

    assert generate(clone).returncode == 0
    assert generate(clone, "--check").returncode == 0

    made = (clone / "generated" / "axtasks_api" / "dialect.py").read_text(encoding="utf-8")
    assert '"documents": Dialect("alpha", ' in made
    assert '"beta": Dialect("third", ' in made
    assert "spec/openapi.yaml and spec/overlays/ by" in made.splitlines()[0]
    assert "spec/overlays/later.yaml" in json.loads((clone / "spec" / "generated.lock").read_text("utf-8"))["inputs"]


@pytest.mark.parametrize(
    ("now", "says"),
    [
        pytest.param(FOUND, [], id="nothing"),
        pytest.param({**FOUND, "tools": {"ruff": "2.0"}}, ["ruff has changed (1.0 then, 2.0 now)"], id="a tool"),
        pytest.param({**FOUND, "inputs": {"a.yaml": "sha256:1"}}, ["b.yaml is gone"], id="an input that is gone"),
        pytest.param(
            {**FOUND, "inputs": {**FOUND["inputs"], "c.yaml": "sha256:3"}}, ["c.yaml is new"], id="a new input"
        ),
    ],
)
def test_a_changed_input_is_named(tmp_path: Path, now: dict[str, dict[str, str]], says: list[str]) -> None:
    file = tmp_path / "a.lock"
    lock.write(FOUND, file)

    assert list(lock.moved(now, file)) == says


def test_a_lock_that_is_missing_is_said(tmp_path: Path) -> None:
    assert list(lock.moved(FOUND, tmp_path / "a.lock")) == ["a.lock is missing"]


def test_the_lock_lists_every_kind_of_input() -> None:
    locked = json.loads(lock.LOCK.read_text(encoding="utf-8"))

    for folder in ("templates", "runtime"):
        files = {path.relative_to(ROOT).as_posix() for path in (ROOT / "spec" / "generator" / folder).iterdir()}
        assert {file for file in files if not file.endswith("__pycache__")} <= set(locked["inputs"])
    assert set(MOVED) <= set(locked["inputs"])
    assert {"openapi-python-client", "ruff", "python-jsonpath"} <= set(locked["tools"])


@pytest.mark.programs
def test_a_package_can_be_made_from_any_contract(tmp_path: Path) -> None:
    """The package has any name and folder, and imports with nothing beside it."""
    spec, overlay, out = tmp_path / "pets.json", tmp_path / "louder.yaml", tmp_path / "made"
    spec.write_text(json.dumps(PETS), encoding="utf-8")
    overlay.write_text(json.dumps(LOUDER), encoding="utf-8")

    options = ("--spec", str(spec), "--overlay", str(overlay), "--out", str(out), "--package", "pets")
    finished = generate(ROOT, *options)

    assert finished.returncode == 0, finished.stderr
    told = "from pets.operations import operation; print(operation('get_pet').decode(200, {}, b'{\"name\": \"Rex\"}'))"
    run = subprocess.run([sys.executable, "-c", told], cwd=out, capture_output=True, text=True, check=True)
    assert run.stdout == "Pet(name='Rex')\n"
