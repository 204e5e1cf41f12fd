"""The vendor's package: installed beside the project, and read."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from typing import TYPE_CHECKING

from spec.generator.package import ROOT

from .annotations import VendorError
from .models import read_models
from .operations import Document, read_operations
from .reduced import document_of

if TYPE_CHECKING:
    from pathlib import Path

NAME = "arize"
STORE = ROOT / "build" / "vendor"
# Wheels alone: to build another package would run it. What it depends on is not needed to read it.
OPTIONS = ("--quiet", "--disable-pip-version-check", "--no-deps", "--no-compile", "--only-binary", ":all:")


def install_package(version: str | None) -> Path:
    """Return the folder that a version of the package is in; the newest one if none is named.

    Raises:
        VendorError: it could not be installed.
    """
    if version is not None and (STORE / version).is_dir():
        return STORE / version
    STORE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=STORE) as folder:
        wanted = NAME if version is None else f"{NAME}=={version}"
        command = [sys.executable, "-m", "pip", "install", *OPTIONS, "--target", f"{folder}/new", wanted]
        finished = subprocess.run(command, capture_output=True, text=True, check=False)
        if finished.returncode != 0:
            raise VendorError(f"{wanted} could not be installed: {finished.stderr.strip()}")
        installed = STORE / folder / "new"
        target = STORE / version_of(installed)
        if not target.is_dir():
            installed.rename(target)
    return target


def version_of(folder: Path) -> str:
    """Return the version of the package in a folder.

    Raises:
        VendorError: there is none.
    """
    found = [info.name.removesuffix(".dist-info").rpartition("-")[2] for info in folder.glob(f"{NAME}-*.dist-info")]
    if len(found) != 1:
        raise VendorError(f"{folder} has no package {NAME}")
    return found[0]


def read_package(folder: Path) -> Document:
    """Return the contract that the generated client in a package was made from, as far as its code shows it.

    Raises:
        VendorError: the code has another form than it had.
    """
    client = folder / NAME / "_generated" / "api_client"
    paths, schemas = read_operations(client / "api"), read_models(client / "models")
    if not paths or not schemas:
        raise VendorError(f"{client} has no operations or no models")
    return document_of(paths, schemas)
