"""A further type of resource takes edits in two files, and an optional field of a response takes none.

Both are tried in a copy of the code, with a contract that has them.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import axtasks
import axtasks_api
import pytest

PACKAGES = tuple(Path(str(package.__file__)).parent for package in (axtasks, axtasks_api))
CONTRACTS = ("axtasks_api/openapi.json", "axtasks_api/openapi.beta.json")
MODEL, TYPES = "axtasks/mock/world/model.py", "axtasks/mock/world/resource_types.py"
CLASS = '''

@dataclass(frozen=True, slots=True)
class User:
    """A user, for an evaluator or for none."""

    id: str
    name: str
    space_id: str
    created_at: datetime
    template: str
    evaluator_id: str | None = None
    is_archived: bool = False
    extra: JsonObject | None = None
'''
END = ')\n"""All types, '
ENTRY = """    ResourceType(
        kind=IdKind.USER,
        name="users",
        model=User,
        schema="User",
        references={"space_id": IdKind.SPACE, "evaluator_id": IdKind.EVALUATOR},
        indexed=("space_id", "evaluator_id"),
    ),
"""
EDITS = ((MODEL, None, CLASS), (TYPES, "    TaskRun,\n)", "    TaskRun,\n    User,\n)"), (TYPES, END, ENTRY + END))
TEXT = {"type": "string"}
USER = {
    "type": "object",
    "required": ["id", "name", "space_id", "created_at", "template", "is_archived"],
    "properties": {
        **dict.fromkeys(("id", "name", "space_id", "created_at", "template"), TEXT),
        "evaluator_id": {"type": ["string", "null"]},
        "is_archived": {"type": "boolean"},
        "mood": TEXT,
    },
}
SCRIPT = Path(__file__).parent / "users_program.py"


def with_users(document: Any) -> Any:
    """Add operations that list and get users to a contract, and a field `mood` to users and runs; return it."""
    reference = {"$ref": "#/components/schemas/User"}
    listed = json.loads(json.dumps(document["paths"]["/v2/evaluators"]["get"]))
    listed |= {"operationId": "list_users", "responses": {"200": {"description": "Users."}}}
    listed["parameters"].append({"name": "evaluator_id", "in": "query", "schema": TEXT})
    got = json.loads(json.dumps(document["paths"]["/v2/projects/{project_id}"]))
    got["get"] |= {"operationId": "get_user"}
    got["get"]["responses"]["200"] = {"description": "It.", "content": {"application/json": {"schema": reference}}}
    document["paths"] |= {"/v2/users": {"get": listed}, "/v2/users/{project_id}": got}
    document["components"]["schemas"]["User"] = USER
    document["components"]["schemas"]["TaskRun"]["properties"]["mood"] = TEXT
    return document


@pytest.mark.programs
@pytest.mark.one_door
def test_a_further_type_takes_two_files(tmp_path: Path) -> None:
    """Users are listed, read, dumped, reloaded, kept, hidden and found in the journal like other resources."""
    for package in PACKAGES:
        shutil.copytree(package, tmp_path / package.name, ignore=shutil.ignore_patterns("__pycache__", "static"))
    for contract in CONTRACTS:
        file = tmp_path / contract
        file.write_text(json.dumps(with_users(json.loads(file.read_text(encoding="utf-8")))), encoding="utf-8")
    for name, before, after in EDITS:
        file = tmp_path / name
        text = file.read_text(encoding="utf-8")
        assert before is None or text.count(before) == 1, before
        file.write_text(text + after if before is None else text.replace(before, after), encoding="utf-8")

    done = subprocess.run(
        [sys.executable, str(SCRIPT), str(tmp_path / "mock.state")],
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert len({name for name, _, _ in EDITS}) <= 2
    assert json.loads(done.stdout) == {
        "listed at each door": [["b", "a"]] * 3,
        "got at each door": [
            {
                "name": "a",
                "template": "Say {x}",
                "evaluator_id": "judge",
                "is_archived": False,
                "mood": "calm",
            }
        ]
        * 3,
        "listed by evaluator": ["a"],
        "listed by part of a name": ["b"],
        "unknown": 404,
        "mood of a run": "cross",
        "reloaded": True,
        "dumped": {"name": "a", "template": "Say {x}", "mood": "calm"},
        "kept": ["b", "a"],
        "hidden": [["a"], 404],
        "asserted": [1, 1, "user is 'a'"],
        "described": [True, True, True],
        "refused": ["users[0].template: is required", "users[0].evaluator: no evaluator is named 'nobody'"],
    }
