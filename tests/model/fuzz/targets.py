"""The readers to fuzz: each takes any bytes, and returns a value or raises an error of its own type."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from axtasks.errors import ConfigurationError
from axtasks.mock.faults.fault import FaultError, parse
from axtasks.mock.worldfiles.document import WorldFileError, read_text
from axtasks.mock.worldfiles.loader import START, make_world
from axtasks.profiles import read_profile
from axtasks_api.api.task_runs import list_task_runs
from axtasks_api.api.tasks import get_task, list_tasks
from axtasks_api.codec import DecodeError

from spec.generator.overlays import OverlayError, apply_overlay

if TYPE_CHECKING:
    from collections.abc import Callable

    Reader = Callable[[bytes], object]

# Removed when the program ends.
_FOLDER = tempfile.TemporaryDirectory()
HOME = Path(_FOLDER.name)
CONTRACT = {"info": {"title": "a"}, "paths": {"/a": {"get": {"tags": ["a"]}}}, "components": {"schemas": {"A": {}}}}


def decode_response(data: bytes) -> None:
    """Decode responses: an object, and two kinds of list."""
    for status in (200, 400):
        for operation in (get_task.operation, list_tasks.operation, list_task_runs.operation):
            try:
                operation.decode(status, {}, data)
            except DecodeError:
                continue


def load_world(data: bytes) -> None:
    """Load a world from text that may be YAML or JSON."""
    try:
        make_world(read_text(data.decode("utf-8", "replace")), seed=0, start=START)
    except WorldFileError:
        return


def parse_faults(data: bytes) -> None:
    """Read a fault script."""
    try:
        parse(data.decode("utf-8", "replace"))
    except FaultError:
        return


def overlay(data: bytes) -> None:
    """Apply an overlay to a small contract."""
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        return
    if isinstance(document, dict):
        target: dict[str, Any] = json.loads(json.dumps(CONTRACT))
        try:
            apply_overlay(target, document)
        except OverlayError:
            return


def profile(data: bytes) -> None:
    """Read a profile from its file."""
    file = HOME / "profiles" / "fuzzed.toml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)
    try:
        read_profile("fuzzed", environment={"ARIZE_DIRECTORY": str(HOME), "A": "b"})
    except ConfigurationError:
        return


READERS: dict[str, Reader] = {
    "response": decode_response,
    "world": load_world,
    "faults": parse_faults,
    "overlay": overlay,
    "profile": profile,
}
SEEDS: dict[str, list[bytes]] = {
    "response": [
        b'{"tasks": [{"id": "VGFzazox", "name": "a", "type": "a", "created_at": "2026-03-10T15:00:00Z"}]}',
        b'{"task_runs": [{"id": "a", "status": "running", "num_errors": 1}], "pagination": {"has_more": false}}',
        b'{"title": "a", "status": 400, "detail": "b", "type": "c", "instance": "d"}',
    ],
    "world": [
        (
            b"extends: default\n"
            b"tasks: [{count: 3, name: 'a-{n:02d}', project: demo/chat-prod, evaluators: [Relevance Eval]}]\n"
        ),
        (
            b"spaces: [&a {name: a}, {<<: *a, name: b}]\n"
            b"projects: [{name: p, space: a}]\nsettings: {lifecycle: 'reads:2 failed'}\n"
        ),
        b"spaces: [&a {name: a}, {<<: {*a : b}, name: b}]\n",
        b'{"spaces": [{"name": "a", "created_at": "2026-03-10T15:00:00Z"}], "datasets": [{"name": "d"}]}',
    ],
    "faults": [
        b"times=2, operation=get_task, fault=status:503",
        b"chance=0.5, after=1, every=3, method=GET, path=/v2/tasks, fault=slow:2; fault=truncate:10",
        b"fault=retry-after:3, retry_after=2",
    ],
    "overlay": [
        b'{"overlay": "1.0.0", "actions": [{"target": "$.paths[*].get", "update": {"a": 1}}]}',
        b'{"overlay": "1.0.0", "actions": [{"target": "", "description": "b", "remove": true}]}',
        b'{"overlay": "1.0.0", "actions": [{"target": "$.components.schemas.A", "description": "b", "remove": true}]}',
    ],
    "profile": [
        (
            b'[auth]\napi_key = "${A:b}"\n[routing]\nregion = "eu-west-1a"\n'
            b"single_port = 8080\n[security]\nrequest_verify = true\n"
        ),
        b'[auth]\napi_key_command = ["echo", "a"]\n[routing]\nbase_domain = "a.example"\n[tasks]\ncontract = "beta"\n',
    ],
}
