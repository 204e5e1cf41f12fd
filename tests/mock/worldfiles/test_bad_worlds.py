"""A bad world is refused fast, by the admin API with 400 and by the loader with WorldFileError."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from axtasks.mock import Mock, MockRequest, WorldFileError, load_world

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = [pytest.mark.one_contract, pytest.mark.one_door]

SPACE = '{"spaces": [{"name": "a"}]'


def lines(head: str, line: Callable[[int], str], count: int) -> str:
    return head + "".join(line(number) for number in range(1, count))


def nested(levels: int, opening: str = "[", closing: str = "]") -> str:
    return opening * levels + closing * levels


BAD: dict[str, str | bytes] = {
    "no-text": b"\xff\xfe\x00",
    "no-object": "[]",
    "a-word": "hello",
    "a-number": "12",
    "control-character": "spaces: [{name: a\x01}]",
    "no-yaml": "spaces: [",
    "a-tab": "spaces:\n\t- name: a",
    "no-json": "{'",
    "cut-json": SPACE,
    "not-a-number": '{"spaces": NaN}',
    "endless": '{"spaces": [{"name": "a", "x": 1e999}]}',
    "many-digits": '{"settings": ' + "9" * 5000 + "}",
    "long-number": "settings: " + "9" * 5000,
    "half-a-pair": '{"spaces": [{"name": "\\ud800"}]}',
    "half-a-pair-in-yaml": 'spaces: [{name: "\\ud800"}]',
    "half-a-pair-as-key": '{"\\ud800": 1}',
    "twice": '{"spaces": [], "spaces": []}',
    "twice-in-yaml": "spaces: []\nspaces: []",
    "a-key-that-is-a-list": "? [a]\n: b",
    "merged-number": "<<: 1",
    "merged-list": "<<: [1]",
    "merged-key-twice": "<<: {a: 1}\n<<: {b: 1}",
    "a-tag": "spaces: !!python/object/apply:os.system [ls]",
    "a-set": "spaces: !!set {a}",
    "binary": "spaces: !!binary aGk=",
    "no-alias": "spaces: *a",
    "merged-key-that-is-no-text": "spaces: [&a {name: a}, {<<: {*a : b}, name: b}]",
    "itself": "spaces: &a [*a]",
    "two-documents": "spaces: []\n---\nspaces: []",
    "directive": "%YAML 9.9\n---\nspaces: []",
    "deep": "spaces: " + nested(1000),
    "deep-json": '{"spaces": ' + nested(150_000) + "}",
    "deep-json-objects": '{"spaces": ' + nested(400, '{"a": ', "}").replace("}", "1}", 1) + "}",
    "deeper-than-a-validator": '{"spaces": ' + nested(300) + "}",
    "unclosed": "[" * 100_000,
    "chain": lines("settings:\n  x0: &a0 {v: 1}\n", lambda n: f"  x{n}: &a{n} {{v: *a{n - 1}}}\n", 3000),
    "chain-of-lists": lines("tasks:\n - &a0 [1]\n", lambda n: f" - &a{n} [*a{n - 1}]\n", 3000),
    "chain-of-merges": lines("x0: &a0 {a: 1}\n", lambda n: f"x{n}: &a{n} {{<<: *a{n - 1}, k{n}: 1}}\n", 3000),
    "doubling": lines("x0: &a0 [1]\n", lambda n: f"x{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n", 60),
    "aliases": "spaces:\n - &s {name: a}\n" + " - *s\n" * 200_000,
    "aliases-of-many": lines("spaces:\n", lambda n: f" - &a{n} {{name: n{n}}}\n - *a{n}\n", 200_000),
    "merges": "x: &m {a: 1}\ny: {<<: [" + "*m," * 200_000 + "]}",
    "unknown-field": "spces: []",
    "unknown-name": "tasks: [{name: t, project: nowhere}]",
    "count-too-large": "spaces: [{name: 'a{n}', count: 100000000000000000000}]",
    "count-below-none": "spaces: [{name: 'a{n}', count: -1}]",
    "no-time": "spaces: [{name: a, created_at: yesterday}]",
    "time-before-all": "spaces: [{name: a, created_at: '0001-01-01T00:00:00+23:59'}]",
    "time-after-all": "spaces: [{name: a, created_at: '9999-12-31T23:59:59-23:59'}]",
    "no-id": "spaces: [{name: a, id: 'not an id'}]",
    "id-twice": "spaces: [{name: a, id: U3BhY2U6MTphYWFh}, {name: b, id: U3BhY2U6MTphYWFh}]",
    "name-too-long": '{"spaces": [{"name": {"a": "' + "x" * 1_000_000 + '"}}]}',
    "bad-lifecycle": "settings: {lifecycle: 'reads:x'}",
    "bad-extends": "extends: nowhere",
}


def sent(method: str, world: str | bytes) -> tuple[int, dict[str, object]]:
    """Send a world to a mock, and return the status and the problem."""
    body = world if isinstance(world, bytes) else world.encode("utf-8", "surrogatepass")
    answer = Mock().handle(MockRequest(method, "/__mock/world", body=body))
    return answer.status, json.loads(answer.body)


@pytest.mark.parametrize("name", BAD)
def test_a_bad_world_is_refused(name: str) -> None:
    for method in ("PUT", "PATCH"):
        status, problem = sent(method, BAD[name])

        assert (status, problem.get("status")) == (400, 400), problem
        assert len(str(problem["detail"])) < 1000


@pytest.mark.parametrize("name", [name for name, text in BAD.items() if isinstance(text, str) and name != "a-word"])
def test_the_loader_refuses_it_too(name: str) -> None:
    with pytest.raises(WorldFileError):
        load_world(str(BAD[name]) + "\n")


@pytest.mark.parametrize("world", [{1: 2}, {"spaces": {1, 2}}, {"spaces": [float("nan")]}, {"spaces": [object()]}])
def test_data_that_is_no_json_is_refused(world: dict[str, object]) -> None:
    with pytest.raises(WorldFileError):
        load_world(world)  # type: ignore[arg-type]  # what is to be refused


def test_data_that_is_deep_is_refused() -> None:
    deep: list[object] = []
    for _ in range(5000):
        deep = [deep]

    with pytest.raises(WorldFileError):
        load_world({"spaces": deep})  # type: ignore[dict-item]


def test_a_surrogate_pair_is_read() -> None:
    assert [space.name for space in load_world('{"spaces": [{"name": "\\ud83d\\ude00"}]}').spaces.all()] == ["😀"]


def test_many_aliases_of_one_small_item_are_read() -> None:
    world = load_world("spaces:\n - &a {name: a}\n - {<<: *a, name: b}\n" + " - {<<: *a, name: c}\n" * 5000)

    assert len(world.spaces) == 5002
