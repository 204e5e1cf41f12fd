"""Columns: the fields of a result, those that a table shows, and values at dotted paths."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from axtasks.cli.iostreams import client_of_command

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from axtasks import (
        AiIntegration,
        Dataset,
        Evaluator,
        Experiment,
        Integration,
        Project,
        Prompt,
        Space,
        Task,
        TaskRun,
    )

    _Model = Task | TaskRun | Space | Project | Dataset | Experiment | Evaluator | AiIntegration | Integration | Prompt


NEWER = "beta"
CONTRACT_VARIABLE = "ARIZE_TASKS_CONTRACT"
_MODELS = {
    "task": "Task",
    "run": "TaskRun",
    "space": "Space",
    "project": "Project",
    "dataset": "Dataset",
    "experiment": "Experiment",
    "evaluator": "Evaluator",
    "ai_integration": "AiIntegration",
    "integration": "Integration",
    "prompt": "Prompt",
}
# The fields of what the API has no model for.
_FIELDS: Mapping[str, Sequence[str]] = {
    "window": (
        *("start", "end", "outcome", "run_id", "num_successes", "num_errors", "num_skipped"),
        *("failure_reason", "cap_known"),
    ),
    "planned_window": ("start", "end", "outcome", "run_id", "spans_expected"),
}
_WHOLE = (".id", "_id", "_at", "_time", ".status")  # how fields end whose values are of no use when cut


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes:
        path: the field, or the dotted path to it.
        label: its heading.
        rank: how much it matters when there is little room; 0 is never left out, the highest goes first.
    """

    path: str
    label: str
    rank: int = 0

    @property
    def flexible(self) -> bool:
        """True if its values may be cut to fit."""
        return not f".{self.path}".endswith(_WHOLE)


_NAME, _ID = Column("name", "NAME"), Column("id", "ID")
_CREATED, _UPDATED = Column("created_at", "CREATED", 2), Column("updated_at", "UPDATED", 1)
_CHOSEN: Mapping[str, Sequence[Column]] = {
    "task": (
        _NAME,
        Column("type", "TYPE", 1),
        Column("evaluators.evaluator_name", "EVALUATORS", 4),
        Column("is_continuous", "CONTINUOUS", 3),
        Column("last_run_at", "LAST RUN", 2),
        _ID,
    ),
    "run": (
        _ID,
        Column("status", "STATUS"),
        Column("num_successes", "SUCCESSES", 1),
        Column("num_errors", "ERRORS", 1),
        Column("num_skipped", "SKIPPED", 3),
        Column("created_at", "CREATED", 2),
        Column("run_started_at", "STARTED", 4),
        Column("run_finished_at", "FINISHED", 3),
    ),
    "window": (
        Column("start", "START"),
        Column("end", "END"),
        Column("outcome", "OUTCOME"),
        Column("num_successes", "SUCCESSES", 1),
        Column("num_errors", "ERRORS", 1),
        Column("num_skipped", "SKIPPED", 3),
        Column("run_id", "RUN", 2),
    ),
    "space": (_NAME, Column("description", "DESCRIPTION", 1), _CREATED, _ID),
    "project": (_NAME, _CREATED, _ID),
    "dataset": (_NAME, _CREATED, _UPDATED, _ID),
    "experiment": (_NAME, Column("dataset_id", "DATASET", 3), _CREATED, _UPDATED, _ID),
    "evaluator": (_NAME, Column("type", "TYPE", 1), Column("description", "DESCRIPTION", 3), _UPDATED, _ID),
    "ai_integration": (_NAME, Column("provider", "PROVIDER", 1), _UPDATED, _ID),
    "integration": (_NAME, Column("type", "TYPE", 1), _UPDATED, _ID),
    "prompt": (_NAME, Column("description", "DESCRIPTION", 3), _UPDATED, _ID),
}


def words_of(noun: str) -> str:
    """Return a noun as messages write it."""
    return noun.replace("_", " ").replace("ai ", "AI ")


def chosen_columns(noun: str | None, rows: Sequence[Mapping[str, object]]) -> list[Column]:
    """Return the columns that a table of a noun has by default; of what a query found, all fields."""
    chosen = _CHOSEN.get(noun or "")
    return [Column(name, name) for name in keys_of(rows)] if chosen is None else list(chosen)


def keys_of(rows: Iterable[Mapping[str, object]]) -> list[str]:
    """Return the fields of all rows, in the order in which they come up."""
    return list(dict.fromkeys(key for row in rows for key in row))


def model_fields(noun: str | None) -> dict[str, str]:
    """Return the fields of a noun with their Python types, in the order of the contract."""
    model = _model(noun)
    return {} if model is None else {field.json_name: field.type for field in model.fields()}


def _model(noun: str | None) -> type[_Model] | None:
    """Return the class of a noun; None for what has no public one."""
    import axtasks

    found: type[_Model] | None = getattr(axtasks, _MODELS.get(noun or "", ""), None)
    return found


def all_fields(noun: str | None, rows: Sequence[Mapping[str, object]]) -> list[str]:
    """Return all fields that rows of a noun can have: those of the contract in use, then any others of the rows."""
    newer = frozenset() if _contract_in_use() == NEWER else _newer_fields(noun)
    stated = _FIELDS.get(noun or "", ()) or [name for name in model_fields(noun) if name not in newer]
    return list(dict.fromkeys([*stated, *keys_of(rows)]))


def _newer_fields(noun: str | None) -> frozenset[str]:
    """Return the fields of a noun that only the newer contract has."""
    model = _model(noun)
    return frozenset() if model is None else model.newer_fields()


def _contract_in_use() -> str | None:
    """Return the contract that the server of the command speaks, as far as it is known."""
    context, client = click.get_current_context(silent=True), client_of_command()
    if client is not None:
        return client.contract
    if context is None:
        return None
    choice: str | None = context.params.get("contract") or os.environ.get(CONTRACT_VARIABLE)
    return None if choice is None else choice.casefold()


def check_columns(noun: str | None, paths: Sequence[str], *, rows: Sequence[Mapping[str, object]]) -> None:
    """Check that the fields of `--columns` exist.

    Args:
        noun: the kind of the rows; None for what a query found.
        paths: fields, or dotted paths that begin with one.
        rows: the rows.

    Raises:
        click.UsageError: one does not.
    """
    known, newer = all_fields(noun, rows), _newer_fields(noun)
    # A script that is for both contracts may ask for what only one has.
    accepted = {*known, *newer}
    for path in paths:
        # Without any field known, as when a query finds nothing, nothing can be said.
        if known and path not in accepted and path.split(".")[0] not in accepted:
            from difflib import get_close_matches  # few mistype

            # As in a heading, which has capitals and blanks.
            close = get_close_matches(path.lower().replace(" ", "_"), known, 1)
            meant = f" Did you mean {close[0]!r}?" if close else ""
            fields = ", ".join(known)
            raise click.BadParameter(f"there is no {path!r}; there are: {fields}.{meant}", param_hint="'--columns'")


def pick(row: object, path: str) -> Any:
    """Return the value at a dotted path, or None. In a list, a number picks one item, a name picks from each.

    Args:
        row: an object, or a part of one.
        path: names of fields with dots between them.
    """
    if isinstance(row, dict) and path in row:
        return row[path]
    step, _, rest = path.partition(".")
    if isinstance(row, dict):
        # The names within a mapping may have dots themselves, so any number of steps may be one name.
        while rest and step not in row:
            following, _, rest = rest.partition(".")
            step = f"{step}.{following}"
        inner = row.get(step)
    elif isinstance(row, list):
        if not step.isdecimal():
            return [pick(item, path) for item in row]
        inner = row[int(step)] if int(step) < len(row) else None
    else:
        return None
    return pick(inner, rest) if rest else inner
