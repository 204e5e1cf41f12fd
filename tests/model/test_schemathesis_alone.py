"""Schemathesis can test both contracts with the project's settings alone, without its hooks."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from axtasks.mock import MockServer

from tests.model.contract import ROOT, SOURCES


@pytest.mark.programs
def test_the_schemathesis_command_line_needs_no_hooks(contract: str) -> None:
    program = str(Path(sys.executable).with_name("st"))
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "SCHEMATHESIS"))}
    with MockServer() as server:
        source = str(SOURCES[contract].relative_to(ROOT))
        command = [program, "run", source, "--url", server.url, "-H", "Authorization: Bearer test-key"]
        command += ["--phases", "examples,fuzzing,stateful", "--max-examples", "1", "--seed", "1"]
        command += ["--generation-database", "none"]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout[-3000:] + done.stderr


def test_the_settings_name_no_module() -> None:
    assert "hooks" not in (ROOT / "schemathesis.toml").read_text(encoding="utf-8")
