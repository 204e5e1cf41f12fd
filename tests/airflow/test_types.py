"""Tests of the types of modules that import Airflow, checked with Airflow's own."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.docs.pages import ROOT


@pytest.mark.programs
def test_the_package_has_strict_types() -> None:
    """The project's configuration leaves these modules out, since Airflow is not installed elsewhere."""
    options = ["--config-file", os.devnull, "--explicit-package-bases", "--strict", "--package", "axtasks.airflow"]

    done = subprocess.run(
        [sys.executable, "-m", "mypy", *options],
        cwd=ROOT,
        env={**os.environ, "MYPYPATH": os.pathsep.join(("facade", "generated"))},
        capture_output=True,
        text=True,
        timeout=1200,
        check=False,
    )

    assert done.returncode == 0, done.stdout
