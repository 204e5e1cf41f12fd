"""Tests of CHANGELOG.md: its form, and its agreement with the package."""

from __future__ import annotations

import re
from datetime import date

import axtasks

from tests.docs.pages import ROOT

TEXT = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
VERSIONS = re.findall(r"^## \[(\d+)\.(\d+)\.(\d+)\] - (\d{4}-\d{2}-\d{2})$", TEXT, flags=re.MULTILINE)
KINDS = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


def test_newest_version_is_the_package_s() -> None:
    """The first version is that of the package."""
    assert ".".join(VERSIONS[0][:3]) == axtasks.__version__


def test_versions_go_down() -> None:
    """Newest first, by number and by date; every heading is a version with a real date."""
    numbers = [tuple(map(int, version[:3])) for version in VERSIONS]
    dates = [date.fromisoformat(version[3]) for version in VERSIONS]

    assert numbers == sorted(numbers, reverse=True)
    assert dates == sorted(dates, reverse=True)
    assert len(VERSIONS) == len(re.findall(r"^## (?!\[Unreleased\]$)", TEXT, flags=re.MULTILINE))


def test_entries_have_a_kind() -> None:
    """Entries stand under one of the agreed kinds."""
    assert set(re.findall(r"^### (.*)$", TEXT, flags=re.MULTILINE)) <= KINDS


def test_codewords_exist() -> None:
    """Public names in entries exist."""
    promised = set(re.findall(r"`((?:[A-Z]\w+(?:Error|Client))|UNSET)\b", TEXT))

    assert "AxClient" in promised
    assert promised <= set(axtasks.__all__)
