"""What answers each operation of the contract."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from . import lookups, tasks
from .request import Answer, Call
from .router import Router

if TYPE_CHECKING:
    from axtasks.mock.contract.contract import Contract, Operation

Handler = Callable[[Call], Answer]

HANDLERS: dict[str, Handler] = {
    handler.__name__: handler
    for handler in (
        tasks.list_tasks,
        tasks.create_task,
        tasks.get_task,
        tasks.update_task,
        tasks.delete_task,
        tasks.trigger_task_run,
        tasks.list_task_runs,
        tasks.get_task_run,
        tasks.cancel_task_run,
        lookups.list_spaces,
        lookups.get_space,
        lookups.list_projects,
        lookups.get_project,
        lookups.list_datasets,
        lookups.get_dataset,
        lookups.list_experiments,
        lookups.get_experiment,
        lookups.list_evaluators,
        lookups.get_evaluator,
    )
}
"""Operation id to what answers it."""


def router(contract: Contract) -> Router[tuple[Operation, Handler]]:
    """Where each operation of the contract leads to."""
    routes: list[tuple[str, str, tuple[Operation, Handler]]] = []
    for operation in contract.operations.values():
        handler = HANDLERS.get(operation.id)
        if handler is None:
            raise LookupError(f"the contract has an operation {operation.id!r} that the mock does not know")
        routes.append((operation.method, operation.path, (operation, handler)))
    return Router(routes, lambda entry: entry[0].id)
