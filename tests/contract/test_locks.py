"""Tests of locked environments: all packages are pinned by hash, and each dependency is listed."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import pytest

from spec.generator.package import ROOT

PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCKS = sorted(path.name for path in ROOT.glob("requirements-*.lock"))
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
DEPENDENCIES = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")


def pins(lock: str) -> dict[str, tuple[str, int]]:
    """Return the version of each package in a lock, and the number of its hashes."""
    text = (ROOT / lock).read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    found = [re.fullmatch(r"([\w.-]+)==(\S+)((?:\s+--hash=sha256:[0-9a-f]{64})*)\s*", line) for line in lines]
    assert all(found), [line for line, match in zip(lines, found, strict=True) if match is None]
    return {normal(m[1]): (m[2], m[3].count("--hash")) for m in found if m}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def names(requirements: list[str]) -> set[str]:
    return {normal(re.split(r"[<>=\[~ ]", each, maxsplit=1)[0]) for each in requirements}


@pytest.mark.parametrize("lock", LOCKS)
def test_each_pin_has_hashes(lock: str) -> None:
    assert pins(lock)
    assert [name for name, (_, hashes) in pins(lock).items() if not hashes] == []


AIRFLOW = "requirements-airflow.lock"
APART = (AIRFLOW, "requirements-recipes.lock")
"""Airflow and the other schedulers cap what they need, and have environments of their own."""


@pytest.mark.parametrize(
    "locks",
    [
        pytest.param([each for each in LOCKS if each not in APART], id="what development takes"),
        pytest.param(["requirements-mock.lock", AIRFLOW], id="the project's own, with Airflow"),
    ],
)
def test_locks_agree_with_each_other(locks: list[str]) -> None:
    versions: dict[str, set[str]] = {}
    for lock in locks:
        for name, (version, _) in pins(lock).items():
            versions.setdefault(name, set()).add(version)

    assert {name: found for name, found in versions.items() if len(found) > 1} == {}


def test_locks_have_all_that_is_asked_for() -> None:
    project, groups = PROJECT["project"], PROJECT["dependency-groups"]
    extras = project["optional-dependencies"]
    asked = {
        "requirements-mock.lock": [*project["dependencies"], *extras["mock"], *groups["build"]],
        "requirements-dev.lock": [
            *project["dependencies"],
            *(each for name, extra in extras.items() for each in extra if name != "airflow"),
            *(each for group in ("unit", "build", "dev") for each in groups[group] if isinstance(each, str)),
        ],
        AIRFLOW: [
            *(each for name in ("airflow", "mock") for each in extras[name]),
            *(each for name in ("build", "airflow") for each in groups[name] if isinstance(each, str)),
        ],
        "requirements-browser.lock": groups["browser"],
        "requirements-mutants.lock": groups["mutants"],
        "requirements-fuzz.lock": groups["fuzz"],
        "requirements-docs.lock": groups["docs"],
        "requirements-recipes.lock": [*project["dependencies"], *groups["build"], *groups["recipes"]],
        "requirements-release.lock": groups["release"],
    }

    assert sorted(asked) == LOCKS
    assert {
        lock: names(given) - pins(lock).keys() for lock, given in asked.items() if names(given) - pins(lock).keys()
    } == {}


def test_make_installs_only_locked_packages_and_our_own() -> None:
    rules = re.findall(r"^\t\$\(PIP\) (.*)$", MAKEFILE, re.MULTILINE)

    assert len(rules) == 8
    assert all(rule.startswith(("$(LOCKED) requirements-", "$(OURSELVES)")) for rule in rules)
    assert "LOCKED = install --require-hashes --requirement" in MAKEFILE
    assert "OURSELVES = install --no-deps --no-build-isolation --editable" in MAKEFILE


def test_the_table_of_dependencies_is_whole() -> None:
    """The table has each dependency of the project and its extras, in the locked version."""
    project = PROJECT["project"]
    extras = project["optional-dependencies"]
    wanted = names([*project["dependencies"], *(each for extra in extras.values() for each in extra)])
    rows = re.findall(r"^\| `([\w-]+)` \| ([\w.]+) \| ([^|]+) \| ([^|]+) \|$", DEPENDENCIES, re.MULTILINE)

    assert {normal(name) for name, *_ in rows} == wanted
    locked = pins(AIRFLOW) | pins("requirements-dev.lock")
    assert [name for name, version, *_ in rows if locked[normal(name)][0] != version] == []
