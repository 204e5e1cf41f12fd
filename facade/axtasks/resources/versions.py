"""Prompts, and the versions of prompts and evaluators. Only the beta dialect has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from axtasks_api.api.evaluators import get_evaluator_version as get_evaluator_version_operation
from axtasks_api.api.evaluators import list_evaluator_versions as list_evaluator_versions_operation
from axtasks_api.api.prompts import get_prompt as get_prompt_operation
from axtasks_api.api.prompts import get_prompt_version as get_prompt_version_operation
from axtasks_api.api.prompts import list_prompt_versions as list_prompt_versions_operation
from axtasks_api.types import UNSET, Unset

from axtasks.engine.attempts import send
from axtasks.inputs.evaluators import EVALUATOR_VERSION
from axtasks.pagination.page import PageKinds, first_page
from axtasks.pagination.resource_pages import (
    AsyncEvaluatorVersionPage,
    AsyncPromptVersionPage,
    EvaluatorVersionPage,
    PromptVersionPage,
)
from axtasks.resolution.ids import expect_id
from axtasks.resolution.kinds import EVALUATOR, PROMPT, ResourceKind
from axtasks.resolution.resolver import resolve, resolve_scope
from axtasks.validation import page_size, text

from .listing import list_kind

if TYPE_CHECKING:
    from axtasks_api.models import EvaluatorVersion, Prompt, PromptVersion
    from axtasks_api.operation import Operation

    from axtasks.engine.context import ClientContext
    from axtasks.engine.effects import Flow
    from axtasks.pagination.cursor import ListResponse
    from axtasks.pagination.page import AsyncPage, Page, Paged
    from axtasks.pagination.resource_pages import AsyncPromptPage, PromptPage

    PageT = TypeVar("PageT", bound=Page[Any])
    AsyncPageT = TypeVar("AsyncPageT", bound=AsyncPage[Any])

PROMPT_VERSION = "prompt version"
PagesT = TypeVar("PagesT", bound=PageKinds[Any, Any])


class VersionKind(NamedTuple, Generic[PagesT]):
    """A kind of versions.

    Attributes:
        owner: the kind of what has them.
        operation: the list operation.
        pages: the classes of its pages.
    """

    owner: ResourceKind[Any]
    operation: Operation[..., Any]
    pages: PagesT


EVALUATOR_VERSIONS = VersionKind(
    EVALUATOR, list_evaluator_versions_operation.operation, PageKinds(EvaluatorVersionPage, AsyncEvaluatorVersionPage)
)
PROMPT_VERSIONS = VersionKind(
    PROMPT, list_prompt_versions_operation.operation, PageKinds(PromptVersionPage, AsyncPromptVersionPage)
)


def list_prompts(
    context: ClientContext,
    *,
    name: str | None = None,
    space: str | None = None,
    limit: int = 50,
    cursor: str | None = None,
) -> Flow[Paged[PromptPage, AsyncPromptPage]]:
    """One page of the prompts you can read; iterating over it goes on through all pages.

    Only the beta dialect has prompts.

    Args:
        name: part of the name, in any case; at most 255 characters.
        space: name or id of a space, or `ALL_SPACES`; the client's default space when left out.
        limit: the most prompts on one page, from 1 to 100.
        cursor: where to go on, from an earlier page.

    Raises:
        InvalidArgumentError: an argument cannot be sent.
        NotInContractError: the server does not have prompts.
        ResolutionError: the space's name or id leads nowhere, or to several spaces.
        APIError: the server refused.
    """
    within = resolve_scope(context, space)
    return (yield from list_kind(context, PROMPT, within, name=name, limit=limit, cursor=cursor))


def get_prompt(
    context: ClientContext,
    prompt: str,
    *,
    space: str | None = None,
    version_id: str | None = None,
    label: str | None = None,
) -> Flow[Prompt]:
    """A prompt by name or id, with one of its versions.

    Args:
        prompt: its name or id.
        space: name or id of the space that a name is looked up in.
        version_id: id of the version to show; the latest when left out.
        label: a label of the version to show.

    Raises:
        InvalidArgumentError: an argument cannot be sent.
        NotInContractError: the server does not have prompts.
        ResolutionError: the name or id leads nowhere, or to several prompts.
        APIError: the server refused.
    """
    version = UNSET if version_id is None else expect_id(text("version_id", version_id), PROMPT_VERSION)
    labelled = UNSET if label is None else text("label", label)
    prompt_id = yield from resolve(context, PROMPT, prompt, space=space)
    return (yield from send(context, get_prompt_operation.operation, prompt_id, version_id=version, label=labelled))


def list_prompt_versions(
    context: ClientContext, prompt: str, *, space: str | None = None, limit: int = 50, cursor: str | None = None
) -> Flow[Paged[PromptVersionPage, AsyncPromptVersionPage]]:
    """One page of the versions of a prompt, newest first; iterating over it goes on through all pages.

    Only the beta dialect has them.

    Args:
        prompt: the prompt's name or id.
        space: name or id of the space that a name is looked up in.
        limit: the most versions on one page, from 1 to 100.
        cursor: where to go on, from an earlier page.

    Raises:
        InvalidArgumentError: an argument cannot be sent.
        NotInContractError: the server does not list versions.
        ResolutionError: the name or id leads nowhere, or to several prompts.
        APIError: the server refused.
    """
    return (yield from _list_versions(context, PROMPT_VERSIONS, prompt, space=space, limit=limit, cursor=cursor))


def get_prompt_version(context: ClientContext, version_id: str) -> Flow[PromptVersion]:
    """A version of a prompt by id.

    Args:
        version_id: its id.

    Raises:
        NotInContractError: the server does not have versions of prompts.
        APIError: the server refused.
    """
    identifier = expect_id(text("version_id", version_id), PROMPT_VERSION)
    return (yield from send(context, get_prompt_version_operation.operation, identifier))


def list_evaluator_versions(
    context: ClientContext, evaluator: str, *, space: str | None = None, limit: int = 50, cursor: str | None = None
) -> Flow[Paged[EvaluatorVersionPage, AsyncEvaluatorVersionPage]]:
    """One page of the versions of an evaluator, newest first; iterating over it goes on through all pages.

    Only the beta dialect has them.

    Args:
        evaluator: the evaluator's name or id.
        space: name or id of the space that a name is looked up in.
        limit: the most versions on one page, from 1 to 100.
        cursor: where to go on, from an earlier page.

    Raises:
        InvalidArgumentError: an argument cannot be sent.
        NotInContractError: the server does not list versions.
        ResolutionError: the name or id leads nowhere, or to several evaluators.
        APIError: the server refused.
    """
    return (yield from _list_versions(context, EVALUATOR_VERSIONS, evaluator, space=space, limit=limit, cursor=cursor))


def get_evaluator_version(context: ClientContext, version_id: str) -> Flow[EvaluatorVersion]:
    """A version of an evaluator by id.

    Args:
        version_id: its id.

    Raises:
        NotInContractError: the server does not have versions of evaluators.
        APIError: the server refused.
    """
    identifier = expect_id(text("version_id", version_id), EVALUATOR_VERSION)
    return (yield from send(context, get_evaluator_version_operation.operation, identifier))


def _list_versions(
    context: ClientContext,
    versions: VersionKind[PageKinds[PageT, AsyncPageT]],
    owner: str,
    *,
    space: str | None,
    limit: int,
    cursor: str | None,
) -> Flow[Paged[PageT, AsyncPageT]]:
    """Return the first page of the versions of a resource, which is given by name or id."""
    limit = page_size(limit)
    owner_id = yield from resolve(context, versions.owner, owner, space=space)

    def fetch(context: ClientContext, at: str | Unset) -> Flow[ListResponse]:
        return send(context, versions.operation, owner_id, limit=limit, cursor=at)

    return (yield from first_page(context, versions.pages, fetch, cursor=cursor))
