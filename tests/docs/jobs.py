"""GitHub Actions jobs and scripts on the pages: validated by their schema, and run step by step."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import yaml

from tests.docs.shell import VARIABLES, check_installable

if TYPE_CHECKING:
    from pathlib import Path


def run_script(script: str, folder: Path, *options: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a script with these options of bash, and with the `ax` and `python` of the tests."""
    path = os.pathsep.join((os.path.dirname(sys.executable), os.environ["PATH"]))  # noqa: PTH120  # text is wanted
    return subprocess.run(
        ["bash", *options, "-c", script],
        cwd=folder,
        env={**os.environ, "PATH": path, **variables},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


class Job:
    """The one job of a workflow.

    Args:
        text: the workflow.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        (self._job,) = yaml.safe_load(text)["jobs"].values()
        self.steps: dict[str, dict[str, Any]] = {step["name"]: step for step in self._job["steps"]}

    def check_schema(self, folder: Path) -> None:
        """Fail unless the text is a workflow by its schema."""
        file = folder / "evaluate.yml"
        file.write_text(self._text, encoding="utf-8")
        checker = ["-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows", str(file)]
        checked = subprocess.run([sys.executable, *checker], capture_output=True, text=True, check=False)
        assert checked.returncode == 0, checked.stdout

    def check_installation(self) -> None:
        """Fail unless the second step installs what the first one fetches."""
        fetched, installed = self.steps["Fetch the client"], self.steps["Install the client"]
        found = re.fullmatch(rf"pip install '\./{fetched['with']['path']}(\[\w+\])?'", installed["run"])
        assert found
        check_installable(f".{found[1] or ''}")

    def run(self, folder: Path, **inputs: str) -> tuple[int, str]:
        """Run the steps behind the installation until one fails; return its exit code, and the summary."""
        summary = folder / "summary"
        summary.write_text("", encoding="utf-8")
        given = {name: value for name, value in self._job["env"].items() if "secrets." not in value}
        assert set(self._job["env"]) <= VARIABLES
        for step in list(self.steps.values())[2:]:
            env = {
                name: re.sub(r"\$\{\{ inputs\.(\w+) \}\}", lambda found: inputs.get(found[1], ""), value)
                for name, value in step.get("env", {}).items()
            }
            options = {"GITHUB_STEP_SUMMARY": str(summary), **given, **env}
            if code := run_script(step["run"], folder, "-e", **options).returncode:
                return code, summary.read_text(encoding="utf-8")
        return 0, summary.read_text(encoding="utf-8")
