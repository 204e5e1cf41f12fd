"""Tests of a release's version, the same everywhere."""

from __future__ import annotations

import pytest

from tests.release import flaws

BUILT = ["ax_tasks-1.2.3.tar.gz", "ax_tasks-1.2.3-py3-none-any.whl"]
CHANGELOG = "# Changelog\n\n## [1.2.3] - 2026-11-30\n\n## [1.2.2] - 2026-11-01\n"


def test_one_version_is_right() -> None:
    assert flaws(tag="v1.2.3", version="1.2.3", changelog=CHANGELOG, files=BUILT) == []


def test_without_a_tag_there_may_be_changes_that_are_not_released() -> None:
    changelog = CHANGELOG.replace("## [1.2.3]", "## [Unreleased]\n\n## [1.2.3]")

    assert flaws(tag=None, version="1.2.3", changelog=changelog, files=BUILT) == []


@pytest.mark.parametrize(
    ("tag", "changelog", "files", "told"),
    [
        pytest.param("v1.2.4", CHANGELOG, BUILT, "the tag is v1.2.4", id="tag"),
        pytest.param("1.2.3", CHANGELOG, BUILT, "the tag is 1.2.3", id="tag without its v"),
        pytest.param("v1.2.3", "## [Unreleased]\n", BUILT, "begins with Unreleased", id="changelog"),
        pytest.param("v1.2.3", "", BUILT, "begins with nothing", id="empty changelog"),
        pytest.param("v1.2.3", CHANGELOG, BUILT[:1], "dist/ has ax_tasks-1.2.3.tar.gz, not", id="no wheel"),
        pytest.param("v1.2.3", CHANGELOG, [], "dist/ has nothing", id="nothing built"),
    ],
)
def test_each_difference_is_named(tag: str, changelog: str, files: list[str], told: str) -> None:
    (flaw,) = flaws(tag=tag, version="1.2.3", changelog=changelog, files=files)

    assert told in flaw
