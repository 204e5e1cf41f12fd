"""Tests of experiment names: unique per task instance and clear, the same for all tries of one."""

from __future__ import annotations

import re
from itertools import product

import pytest
from axtasks.airflow.names import LONGEST, TaskInstanceId, experiment_name

SCHEDULED, MANUAL = "scheduled__2026-03-08T00:00:00+00:00", "manual__2026-03-08T09:30:00.123456+00:00"

NAMES: list[tuple[str, TaskInstanceId, int | None, str]] = [
    ("a task", TaskInstanceId("nightly", "chat", SCHEDULED), None, f"nightly-chat-{SCHEDULED}"),
    ("a mapped task", TaskInstanceId("nightly", "chat", "r", 3), None, "nightly-chat-r[3]"),
    ("one of several runs", TaskInstanceId("nightly", "chat", "r"), 2, "nightly-chat-r(2)"),
    ("after a clear", TaskInstanceId("nightly", "chat", "r", -1, 1), None, "nightly-chat-r#1"),
    ("all of it", TaskInstanceId("nightly", "chat", "r", 3, 4), 0, "nightly-chat-r[3](0)#4"),
    ("within a group", TaskInstanceId("nightly", "group.chat", "r"), None, "nightly-group.chat-r"),
]


@pytest.mark.parametrize(("instance", "position", "name"), [pytest.param(*case[1:], id=case[0]) for case in NAMES])
def test_an_experiment_name_is_derived_from_the_task_instance(
    instance: TaskInstanceId, position: int | None, name: str
) -> None:
    assert experiment_name(instance, position=position) == name


def test_no_two_task_instances_and_no_two_clears_share_a_name() -> None:
    """Two pairs of ids, or an id and an index, may join to the same text."""
    dags, tasks = ["a", "a-b", "a-b-c", "d" * 250], ["b", "b-c", "c", "t" * 250]
    runs = [SCHEDULED, MANUAL, "b-c", "c", "1", "c-1", "r" * 250]
    instances = [TaskInstanceId(*each) for each in product(dags, tasks, runs, (-1, 0, 1, 10), (0, 1, 2, 10))]
    keys = [(instance, position) for instance in instances for position in (None, 0, 1, 10)]

    names = {experiment_name(instance, position=position) for instance, position in keys}

    assert len(names) == len(keys)
    assert max(map(len, names)) == LONGEST


@pytest.mark.parametrize(
    "instance",
    [
        pytest.param(TaskInstanceId("d" * 200, "t", "r" * 200), id="too long"),
        pytest.param(TaskInstanceId("nightly-chat", "evaluate", "r"), id="a hyphen in an id"),
    ],
)
def test_the_end_is_a_digest_where_the_ids_alone_would_not_do(instance: TaskInstanceId) -> None:
    name = experiment_name(instance)

    assert re.fullmatch(r"[0-9a-f]{12}", name.rpartition("-")[2])
    assert len(name) <= LONGEST
    assert name.startswith(f"{instance.dag_id}-{instance.task_id}-r")
    assert name == experiment_name(TaskInstanceId(*instance))
