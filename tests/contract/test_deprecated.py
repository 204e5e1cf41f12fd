"""Tests of `axtasks_api_beta`, the deprecated name of `axtasks_api`."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytestmark = pytest.mark.programs

READ = """
import pickle, sys
from axtasks_api_beta.models import Task, TaskType
from axtasks_api_beta.codec import UnknownVariant
from axtasks_api_beta.types import UNSET
import axtasks_api_beta.operations, axtasks_api_beta.models.task_run
import axtasks_api, axtasks_api.codec, axtasks_api.models, axtasks_api.models.task_run, axtasks_api.types
assert axtasks_api_beta.models is axtasks_api.models
assert axtasks_api_beta.AuthenticatedClient is axtasks_api.AuthenticatedClient
assert Task is axtasks_api.models.Task and UnknownVariant is axtasks_api.codec.UnknownVariant
assert UNSET is axtasks_api.types.UNSET
assert axtasks_api.models.__spec__.name == "axtasks_api.models"
assert pickle.loads(b"caxtasks_api_beta.models.task_run\\nTaskRun\\n.") is axtasks_api.models.TaskRun
assert axtasks_api_beta.operations.operation("get_task").encode("x").path == "/v2/tasks/x"
print("the same")
"""


def test_its_modules_are_the_same_under_both_names() -> None:
    command = [sys.executable, "-W", "error", "-W", "default:axtasks_api_beta:DeprecationWarning", "-c", READ]

    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout) == (0, "the same\n"), done.stderr
    assert "axtasks_api_beta is deprecated: import from axtasks_api" in done.stderr
    assert done.stderr.count("DeprecationWarning") == 1
