"""List and get integrations: those of LLMs, and those of all kinds. Only the beta dialect has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from axtasks_api.api.ai_integrations import get_ai_integration as get_ai_integration_operation
from axtasks_api.api.integrations import get_integration as get_integration_operation
from axtasks_api.models import IntegrationType

from axtasks.engine.attempts import send
from axtasks.resolution.kinds import AI_INTEGRATION, INTEGRATION
from axtasks.resolution.resolver import resolve, resolve_scope
from axtasks.validation import enum_member

from .listing import list_kind

if TYPE_CHECKING:
    from axtasks_api.models import AiIntegration, Integration
    from axtasks_api.models.integration_type import IntegrationTypeText

    from axtasks.engine.context import ClientContext
    from axtasks.engine.effects import Flow
    from axtasks.pagination.page import Paged
    from axtasks.pagination.resource_pages import (
        AiIntegrationPage,
        AsyncAiIntegrationPage,
        AsyncIntegrationPage,
        IntegrationPage,
    )


def list_ai_integrations(
    context: ClientContext,
    *,
    name: str | None = None,
    space: str | None = None,
    limit: int = 50,
    cursor: str | None = None,
) -> Flow[Paged[AiIntegrationPage, AsyncAiIntegrationPage]]:
    """One page of the AI integrations you can read; iterating over it goes on through all pages.

    Only the beta dialect has AI integrations.

    Args:
        name: part of the name, in any case; at most 255 characters.
        space: name or id of a space, or `ALL_SPACES`; the client's default space when left out.
        limit: the most AI integrations on one page, from 1 to 100.
        cursor: where to go on, from an earlier page.

    Raises:
        InvalidArgumentError: an argument cannot be sent.
        NotInContractError: the server does not have AI integrations.
        ResolutionError: the space's name or id leads nowhere, or to several spaces.
        APIError: the server refused.
    """
    within = resolve_scope(context, space)
    return (yield from list_kind(context, AI_INTEGRATION, within, name=name, limit=limit, cursor=cursor))


def get_ai_integration(context: ClientContext, ai_integration: str, *, space: str | None = None) -> Flow[AiIntegration]:
    """An AI integration by name or id.

    Args:
        ai_integration: its name or id.
        space: name or id of the space that a name is looked up in.

    Raises:
        NotInContractError: the server does not have AI integrations.
        ResolutionError: the name or id leads nowhere, or to several AI integrations.
        APIError: the server refused.
    """
    integration_id = yield from resolve(context, AI_INTEGRATION, ai_integration, space=space)
    return (yield from send(context, get_ai_integration_operation.operation, integration_id))


def list_integrations(
    context: ClientContext,
    *,
    name: str | None = None,
    space: str | None = None,
    type: IntegrationType | IntegrationTypeText | None = None,  # noqa: A002  # as the contract calls it
    limit: int = 50,
    cursor: str | None = None,
) -> Flow[Paged[IntegrationPage, AsyncIntegrationPage]]:
    """One page of the integrations you can read; iterating over it goes on through all pages.

    Only the beta dialect has integrations.

    Args:
        name: part of the name, in any case; at most 255 characters.
        space: name or id of a space, or `ALL_SPACES`; the client's default space when left out.
        type: only integrations of this type, as member or text.
        limit: the most integrations on one page, from 1 to 100.
        cursor: where to go on, from an earlier page.

    Raises:
        InvalidArgumentError: an argument cannot be sent.
        NotInContractError: the server does not have integrations.
        ResolutionError: the space's name or id leads nowhere, or to several spaces.
        APIError: the server refused.
    """
    filters = {} if type is None else {"type_": enum_member("type", IntegrationType, type)}
    within = resolve_scope(context, space)
    return (yield from list_kind(context, INTEGRATION, within, filters, name=name, limit=limit, cursor=cursor))


def get_integration(context: ClientContext, integration: str, *, space: str | None = None) -> Flow[Integration]:
    """An integration by name or id.

    Args:
        integration: its name or id.
        space: name or id of the space that a name is looked up in.

    Raises:
        NotInContractError: the server does not have integrations.
        ResolutionError: the name or id leads nowhere, or to several integrations.
        APIError: the server refused.
    """
    integration_id = yield from resolve(context, INTEGRATION, integration, space=space)
    return (yield from send(context, get_integration_operation.operation, integration_id))
