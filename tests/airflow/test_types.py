"""The types of what imports Airflow, where Airflow's own are there."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.docs.pages import ROOT


@pytest.mark.programs
def test_the_package_has_strict_types() -> None:
    """The configuration of the project leaves it out, since Airflow is not installed elsewhere."""
    options = ["--config-file", os.devnull, "--explicit-package-bases", "--strict", "--package", "axtasks.airflow"]

    done = subprocess.run(
        [sys.executable, "-m", "mypy", *options],
        cwd=ROOT,
        env={**os.environ, "MYPYPATH": os.pathsep.join(("facade", "generated"))},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )

    assert done.returncode == 0, done.stdout
