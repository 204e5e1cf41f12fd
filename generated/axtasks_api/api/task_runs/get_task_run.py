# Generated from spec/openapi.yaml and spec/overlays/ by "make generate"; do not edit.
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ...dialect import DEFAULT_DIALECT
from ...operation import (
    Operation,
    PreparedRequest,
    Refusal,
    decode_answer,
    exchange,
    exchange_async,
    path_segment,
)
from ...types import Response

if TYPE_CHECKING:
    from ...client import AuthenticatedClient, Client
    from ...models.task_run import TaskRun
    from ...problem import Problem


def _encode(
    run_id: str,
    *,
    dialect: str = DEFAULT_DIALECT,
) -> PreparedRequest:
    return PreparedRequest(
        operation_id="get_task_run",
        method="GET",
        path=f"/v2/task-runs/{path_segment(run_id, dialect)}",
    )


def _decode(status_code: int, headers: Mapping[str, str], content: bytes) -> TaskRun | Refusal:
    from ...models.task_run import TaskRun

    return decode_answer(status_code, content, TaskRun.from_dict)


operation = Operation("get_task_run", method="GET", path="/v2/task-runs/{run_id}", encode=_encode, decode=_decode)


def sync_detailed(
    run_id: str,
    *,
    client: AuthenticatedClient | Client,
) -> Response[TaskRun | Problem]:
    """Get a run.

    One run by its identifier. This is what is polled until the run has ended.

    Args:
        run_id: Identifier of the run (opaque base64).
    """
    return exchange(client, operation, _encode(run_id))


def sync(
    run_id: str,
    *,
    client: AuthenticatedClient | Client,
) -> TaskRun | Problem | None:
    """Get a run.

    One run by its identifier. This is what is polled until the run has ended.

    Args:
        run_id: Identifier of the run (opaque base64).

    Returns:
        The model of the response; None where it has none that the contract knows.
    """
    return sync_detailed(run_id, client=client).parsed


async def asyncio_detailed(
    run_id: str,
    *,
    client: AuthenticatedClient | Client,
) -> Response[TaskRun | Problem]:
    """Get a run.

    One run by its identifier. This is what is polled until the run has ended.

    Args:
        run_id: Identifier of the run (opaque base64).
    """
    return await exchange_async(client, operation, _encode(run_id))


async def asyncio(
    run_id: str,
    *,
    client: AuthenticatedClient | Client,
) -> TaskRun | Problem | None:
    """Get a run.

    One run by its identifier. This is what is polled until the run has ended.

    Args:
        run_id: Identifier of the run (opaque base64).

    Returns:
        The model of the response; None where it has none that the contract knows.
    """
    return (await asyncio_detailed(run_id, client=client)).parsed
