"""Names of experiments: one for each task instance and clear, the same at each try. Airflow is not imported here."""

from __future__ import annotations

import hashlib
import json
from typing import NamedTuple

LONGEST = 255
DIGITS = 12
SEPARATOR = "-"


class TaskInstanceId(NamedTuple):
    """The identity of a task instance.

    Attributes:
        dag_id: the id of the DAG.
        task_id: the id of the task.
        run_id: the id of the DAG run.
        map_index: the index where the task is mapped; -1 where it is not.
        clears: `max_tries` less the task's retries: 0 until it is cleared, and greater after each clear.
    """

    dag_id: str
    task_id: str
    run_id: str
    map_index: int = -1
    clears: int = 0


def experiment_name(instance: TaskInstanceId, *, position: int | None = None) -> str:
    """Return the name of an experiment, which tells one task instance and clear from all others.

    It ends with 12 hex digits of a SHA-256 of the whole where it would be longer than 255 characters, and where the id
    of the DAG or of the task has a hyphen, so that two pairs of ids could come to the same text.

    Args:
        instance: the task instance.
        position: the place among several runs that one task instance triggers.
    """
    name = SEPARATOR.join((instance.dag_id, instance.task_id, instance.run_id))
    # No id has these characters.
    if instance.map_index >= 0:
        name += f"[{instance.map_index}]"
    if position is not None:
        name += f"({position})"
    if instance.clears > 0:
        name += f"#{instance.clears}"
    is_unique = SEPARATOR not in instance.dag_id + instance.task_id
    if is_unique and len(name) <= LONGEST:
        return name
    whole = json.dumps([*instance, position], separators=(",", ":")).encode()
    end = SEPARATOR + hashlib.sha256(whole).hexdigest()[:DIGITS]
    return name[: LONGEST - len(end)] + end
