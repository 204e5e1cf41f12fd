"""Tests of the install hint for extras, which names the package's own source."""

from __future__ import annotations

import importlib.metadata
import json
from types import SimpleNamespace

import pytest
from axtasks.extras import install_command

# None of this depends on what a server speaks.
pytestmark = pytest.mark.one_contract

FOLDER = {"url": "file:///srv/ax%20tasks", "dir_info": {}}


@pytest.mark.parametrize(
    ("origin", "command"),
    [
        (None, "pip install 'ax-tasks[cli]'"),
        (FOLDER, "pip install '/srv/ax tasks[cli]'"),
        (FOLDER | {"dir_info": {"editable": True}}, "pip install -e '/srv/ax tasks[cli]'"),
        ({"url": "file:///a/ax.whl", "archive_info": {}}, "pip install '/a/ax.whl[cli]'"),
        ({"url": "https://h/ax.whl", "archive_info": {}}, "pip install 'ax-tasks[cli] @ https://h/ax.whl'"),
        (
            {"url": "https://h/ax.git", "vcs_info": {"vcs": "git", "commit_id": "abc"}},
            "pip install 'ax-tasks[cli] @ git+https://h/ax.git@abc'",
        ),
    ],
    ids=["an index", "a folder", "an editable folder", "a file", "an archive", "a repository"],
)
def test_the_install_command_names_the_source_of_the_package(
    origin: dict[str, object] | None, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorded = None if origin is None else json.dumps(origin)
    monkeypatch.setattr(importlib.metadata, "distribution", lambda _: SimpleNamespace(read_text=lambda _: recorded))

    assert install_command("cli") == command


def test_without_a_distribution_it_is_an_index(monkeypatch: pytest.MonkeyPatch) -> None:
    def distribution(name: str) -> None:
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "distribution", distribution)

    assert install_command("otel") == "pip install 'ax-tasks[otel]'"
