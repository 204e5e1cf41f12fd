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
    from ...models.experiment import Experiment
    from ...problem import Problem


def _encode(
    experiment_id: str,
    *,
    dialect: str = DEFAULT_DIALECT,
) -> PreparedRequest:
    return PreparedRequest(
        operation_id="get_experiment",
        method="GET",
        path=f"/v2/experiments/{path_segment(experiment_id, dialect)}",
    )


def _decode(status_code: int, headers: Mapping[str, str], content: bytes) -> Experiment | Refusal:
    from ...models.experiment import Experiment

    return decode_answer(status_code, content, Experiment.from_dict)


operation = Operation(
    "get_experiment", method="GET", path="/v2/experiments/{experiment_id}", encode=_encode, decode=_decode
)


def sync_detailed(
    experiment_id: str,
    *,
    client: AuthenticatedClient | Client,
) -> Response[Experiment | Problem]:
    """Get an experiment.

    One experiment by its identifier.

    Args:
        experiment_id: Identifier of the experiment (opaque base64).
    """
    return exchange(client, operation, _encode(experiment_id))


def sync(
    experiment_id: str,
    *,
    client: AuthenticatedClient | Client,
) -> Experiment | Problem | None:
    """Get an experiment.

    One experiment by its identifier.

    Args:
        experiment_id: Identifier of the experiment (opaque base64).

    Returns:
        The model of the response; None where it has none that the contract knows.
    """
    return sync_detailed(experiment_id, client=client).parsed


async def asyncio_detailed(
    experiment_id: str,
    *,
    client: AuthenticatedClient | Client,
) -> Response[Experiment | Problem]:
    """Get an experiment.

    One experiment by its identifier.

    Args:
        experiment_id: Identifier of the experiment (opaque base64).
    """
    return await exchange_async(client, operation, _encode(experiment_id))


async def asyncio(
    experiment_id: str,
    *,
    client: AuthenticatedClient | Client,
) -> Experiment | Problem | None:
    """Get an experiment.

    One experiment by its identifier.

    Args:
        experiment_id: Identifier of the experiment (opaque base64).

    Returns:
        The model of the response; None where it has none that the contract knows.
    """
    return (await asyncio_detailed(experiment_id, client=client)).parsed
