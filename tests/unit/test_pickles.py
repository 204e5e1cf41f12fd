"""Tests of pickles by version 0.1.0, whose modules had other paths."""

from __future__ import annotations

import base64
import json
import pickle
import subprocess
import sys
from pathlib import Path

import axtasks
import pytest
from axtasks import Deviation, Limits, NameMemory, RawAnswer, RequestEvent, RetryPolicy, Timeouts, TriggerRequest

# None of this depends on what a server speaks.
pytestmark = pytest.mark.one_contract

PICKLED = Path(__file__).parent / "pickled.json"
# The objects name classes by the package that they stood in then.
pytestmark = pytest.mark.filterwarnings("ignore:axtasks_api_beta is deprecated:DeprecationWarning")

OBJECTS = {name: base64.b64decode(text) for name, text in json.loads(PICKLED.read_text(encoding="utf-8")).items()}
EQUALS = [
    Timeouts(read=4, total=10),
    RetryPolicy(attempts=2),
    Limits(pages=3),
    NameMemory(entries=5),
    RequestEvent(operation="get_task", method="GET", path="/x", attempt=1),
    RawAnswer(200, {"a": "b"}, b"x"),
    Deviation("a", "b"),
    TriggerRequest("a"),
]
LOAD_ALL = """
import base64, json, pickle, sys
for text in json.load(open(sys.argv[1])).values():
    pickle.loads(base64.b64decode(text))
print("axtasks" in sys.modules)
"""


@pytest.mark.parametrize("name", OBJECTS)
def test_an_object_of_every_public_class_is_loaded(name: str) -> None:
    found = pickle.loads(OBJECTS[name])

    assert (found if isinstance(found, type) else type(found)) is getattr(axtasks, name)


@pytest.mark.parametrize("value", EQUALS, ids=lambda value: type(value).__name__)
def test_values_are_equal_to_what_they_were(value: object) -> None:
    assert pickle.loads(OBJECTS[type(value).__name__]) == value


def test_an_error_has_what_it_carries() -> None:
    error = pickle.loads(OBJECTS["RunFailedError"])

    assert isinstance(error, axtasks.RunFailedError)
    assert error.runs == (error.run,)
    assert str(error) == "failed"


@pytest.mark.programs
def test_a_program_that_has_imported_nothing_loads_them() -> None:
    # Told is that they should be written anew, and nothing else.
    told = ("-W", "error::DeprecationWarning", "-W", "ignore:axtasks_api_beta is deprecated:DeprecationWarning")
    command = [sys.executable, *told, "-c", LOAD_ALL, str(PICKLED)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)

    assert (done.stdout, done.stderr) == ("True\n", "")


INSPECT_ALL = """
import sys, axtasks
before = {*sys.modules}
found = [name for name, module in [*sys.modules.items()] if name.startswith("axtasks.") and hasattr(module, "__file__")]
print(*found, *({*sys.modules} - before))
"""


@pytest.mark.programs
def test_former_modules_import_nothing_for_tools_that_look_at_all_modules() -> None:
    done = subprocess.run([sys.executable, "-c", INSPECT_ALL], capture_output=True, text=True, check=False, timeout=60)

    assert (done.stdout.split(), done.stderr) == (["axtasks._version"], "")
