"""Handlers of the contract's operations."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING

from axtasks.mock.ids import IdKind
from axtasks.mock.problems import RefusalError
from axtasks.mock.world.resource_types import BY_KIND, INTEGRATIONS, TYPES, VERSIONS

from . import lookups, tasks
from .request import Call, Result
from .router import Router

if TYPE_CHECKING:
    from axtasks.mock.contract.contract import Contract, Operation

Handler = Callable[[Call], Result]

SHOWN_VERSIONS = [each for each in VERSIONS if each.kind is not IdKind.DATASET_VERSION]
"""Those of datasets are only shown within these."""
HANDLERS: dict[str, Handler] = {
    **{f"list_{each.name}": partial(lookups.list_resources, each) for each in TYPES},
    **{f"list_{each.name}": partial(lookups.list_versions, each) for each in SHOWN_VERSIONS},
    **{f"get_{each.singular}": partial(lookups.get_resource, each) for each in (*TYPES, *SHOWN_VERSIONS)},
    "list_integrations": partial(lookups.list_resources, INTEGRATIONS),
    "get_integration": partial(lookups.get_resource, INTEGRATIONS),
    "get_evaluator": partial(lookups.get_versioned, BY_KIND[IdKind.EVALUATOR]),
    "get_prompt": partial(lookups.get_versioned, BY_KIND[IdKind.PROMPT]),
    **{
        handler.__name__: handler
        for handler in (
            tasks.create_task,
            tasks.update_task,
            tasks.delete_task,
            tasks.trigger_task_run,
            tasks.list_task_runs,
            tasks.get_task_run,
            tasks.cancel_task_run,
            lookups.list_experiments,
        )
    },
}
"""Operation id to what answers it."""


def router(contract: Contract) -> Router[tuple[Operation, Handler]]:
    """Return the router for the operations of a contract."""
    routes = [(it.method, it.path, (it, HANDLERS.get(it.id, refuse))) for it in contract.operations.values()]
    return Router(routes, lambda entry: entry[0].id)


def refuse(call: Call) -> Result:
    """Answer an operation that nothing here carries out: a contract may gain some before the mock does."""
    raise RefusalError(HTTPStatus.NOT_IMPLEMENTED, f"the mock has no handler for {call.operation.id}")


def refused(contract: Contract) -> tuple[str, ...]:
    """Return the ids of the operations of the contract that have no handler."""
    return tuple(name for name in contract.operations if name not in HANDLERS)
