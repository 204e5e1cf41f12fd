"""Tests of the workflows: they run the Makefile's targets, with pinned actions and minimal permissions."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from spec.generator.package import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
REGENERATE = ROOT / ".github" / "workflows" / "regenerate.yml"
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE))


def loaded(workflow: Path) -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load(workflow.read_text(encoding="utf-8"))
    return data


def steps(workflow: Path) -> Iterator[dict[str, Any]]:
    for job in loaded(workflow)["jobs"].values():
        yield from job["steps"]


def test_these_are_all() -> None:
    assert [workflow.name for workflow in WORKFLOWS] == ["ci.yml", "pages.yml", "regenerate.yml", "release.yml"]


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_they_run_targets_of_the_makefile_and_nothing_else(workflow: Path) -> None:
    for command in (step["run"] for step in steps(workflow) if "run" in step):
        made, *words = command.split()

        assert made == "make"
        assert {word for word in words if "=" not in word} <= TARGETS


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_actions_are_pinned_by_hash_and_say_which_version_that_is(workflow: Path) -> None:
    lines = [line for line in workflow.read_text(encoding="utf-8").splitlines() if "uses:" in line]

    assert lines
    assert [line for line in lines if not re.search(r"uses: [\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$", line)] == []


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_rights_are_given_to_jobs_one_by_one(workflow: Path) -> None:
    """Checkouts do not keep a token, either."""
    data = loaded(workflow)

    assert data["permissions"] == {}
    assert all(job["permissions"] and job["timeout-minutes"] for job in data["jobs"].values())
    checkouts = [step for step in steps(workflow) if step.get("uses", "").startswith("actions/checkout@")]
    assert all(step["with"]["persist-credentials"] is False for step in checkouts)


def test_every_python_that_is_supported_is_checked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    supported = re.findall(r"Python :: (3\.\d+)", "\n".join(project["classifiers"]))
    jobs = loaded(WORKFLOWS[0])["jobs"]

    whole, tested = (jobs[name]["strategy"]["matrix"]["python"] for name in ("check", "test"))
    assert sorted([*whole, *tested]) == supported
    assert whole == [supported[0], supported[-1]]


def test_the_checks_of_a_change_are_listed_in_the_makefile_alone() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    whole = [step["run"] for workflow in WORKFLOWS for step in steps(workflow) if step.get("name") == "Check"]

    assert re.findall(r"^ *make .*", script, flags=re.MULTILINE) == ["make ci"]
    assert whole == ["make ci PYTHON=python", "make ci"]


def test_the_proposed_files_are_all_that_regenerating_changes() -> None:
    (propose,) = (step for step in steps(REGENERATE) if "create-pull-request" in step.get("uses", ""))

    assert propose["with"]["body-path"] == "build/spec-report.md"
    assert propose["with"]["add-paths"].split() == ["generated", "spec/generated.lock", "spec/published.yaml"]
