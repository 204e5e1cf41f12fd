"""What answers each operation of the contract."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from . import operations_lookups, operations_tasks
from .call import Answer, Call
from .router import Router

if TYPE_CHECKING:
    from .contract import Contract, Operation

Handler = Callable[[Call], Answer]

HANDLERS: dict[str, Handler] = {
    handler.__name__: handler
    for handler in (
        operations_tasks.list_tasks,
        operations_tasks.create_task,
        operations_tasks.get_task,
        operations_tasks.update_task,
        operations_tasks.delete_task,
        operations_tasks.trigger_task_run,
        operations_tasks.list_task_runs,
        operations_tasks.get_task_run,
        operations_tasks.cancel_task_run,
        operations_lookups.list_spaces,
        operations_lookups.get_space,
        operations_lookups.list_projects,
        operations_lookups.get_project,
        operations_lookups.list_datasets,
        operations_lookups.get_dataset,
        operations_lookups.list_experiments,
        operations_lookups.get_experiment,
        operations_lookups.list_evaluators,
        operations_lookups.get_evaluator,
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
