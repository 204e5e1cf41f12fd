"""Turn the `run_configuration` argument into a model to send."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import evolve
from axtasks_api import models
from axtasks_api.codec import DecodeError, Field, Model, UnknownVariant
from axtasks_api.types import Unset

from axtasks.contract.dialect import is_newer
from axtasks.errors import InvalidArgumentError, NotInContractError
from axtasks.resolution.kinds import AI_INTEGRATION, INTEGRATION, ResourceKind
from axtasks.resolution.resolver import resolve
from axtasks.validation import check_json, plain, reference

from .models import check_sendable, without_unknown_fields

if TYPE_CHECKING:
    from axtasks_api.models import (
        AgentCallRunConfig,
        LlmGenerationRunConfig,
        StoredAgentCallRunConfig,
        StoredLlmGenerationRunConfig,
        StoredTemplateEvaluationRunConfig,
        TemplateEvaluationRunConfig,
    )

    from axtasks.contract.dialect import Dialect
    from axtasks.engine.context import ClientContext
    from axtasks.engine.effects import Flow

    RunConfiguration = LlmGenerationRunConfig | TemplateEvaluationRunConfig | AgentCallRunConfig
    # A model to send, one that was received, or a dict with the fields of either.
    RunConfigurationLike = (
        RunConfiguration
        | StoredAgentCallRunConfig
        | StoredLlmGenerationRunConfig
        | StoredTemplateEvaluationRunConfig
        | UnknownVariant
        | Mapping[str, Any]
    )


# `{{input}}`, `{{ user.name }}`; not `{{"a": 1}}`, which is how an f-string escapes the braces of JSON.
MUSTACHE_VARIABLE = re.compile(r"\{\{\s*[\w.\[\]-]+\s*\}\}")


ValueT = TypeVar("ValueT")
# The fields for integrations, which a dict may give by name.
INTEGRATIONS: Mapping[str, ResourceKind[Any]] = {"ai_integration_id": AI_INTEGRATION, "integration_id": INTEGRATION}
# Fields of the parameters of a model call that only responses have.
_ONLY_ANSWERED = {field.json_name for field in models.StoredInvocationParams.fields()}.difference(
    field.json_name for field in models.InvocationParams.fields()
)


def check_run_configuration(value: object, dialect: Dialect) -> RunConfiguration:
    """Return a run configuration, given as a model or a dict, as a model to send.

    One that was received with a task is accepted as it is: server fields and nulls are removed.
    `input_variable_format` is added if it is missing, as the vendor's contract requires it.

    Raises:
        InvalidArgumentError: it is no run configuration, or JSON cannot express it; names the variant and the field.
    """
    configuration = _to_model(value, dialect)
    if isinstance(configuration, models.LlmGenerationRunConfig) and isinstance(
        configuration.input_variable_format, Unset
    ):
        configuration = evolve(configuration, input_variable_format=_variable_format(configuration))
    check_json("run_configuration", configuration.to_dict())
    return configuration


def take_names(value: ValueT) -> tuple[ValueT | dict[str, Any], dict[str, str]]:
    """Return a run configuration with the names of integrations in the places of their ids, and these names by place.

    A dict has a name, or an id, under `ai_integration` or `integration`.

    Raises:
        InvalidArgumentError: an integration is given twice, or is no text.
    """
    if not isinstance(value, Mapping):
        return value, {}
    data, names = dict(value), {}
    for field in INTEGRATIONS:
        key = field.removesuffix("_id")
        if key in data:
            if field in data:
                raise InvalidArgumentError(f"run_configuration: {key} and {field} are given; give one of them")
            names[field] = data[field] = reference(f"run_configuration: {key}", data.pop(key))
    return data, names


def resolve_integrations(
    context: ClientContext, configuration: RunConfiguration, names: Mapping[str, str], *, space: str | None
) -> Flow[RunConfiguration]:
    """Return a checked run configuration with names of integrations resolved to ids; `names` is as from `take_names`.

    Raises:
        NotInContractError: the server's dialect does not list integrations.
        ResolutionError: a name or an id leads nowhere, or to several integrations.
    """
    resolved = copy.copy(configuration)
    for field, name in names.items():
        try:
            integration_id = yield from resolve(context, INTEGRATIONS[field], name, space=space)
        except NotInContractError as error:
            error.add_note(f"{name!r} in run_configuration is a name, which needs beta: give the id, under {field}.")
            raise
        setattr(resolved, field, integration_id)
    return resolved


def _variable_format(configuration: LlmGenerationRunConfig) -> models.InputVariableFormat:
    """Detect the format of the variables in the messages (J3)."""
    contents = [message.content for message in configuration.messages]
    is_mustache = any(isinstance(content, str) and MUSTACHE_VARIABLE.search(content) for content in contents)
    return models.InputVariableFormat.MUSTACHE if is_mustache else models.InputVariableFormat.F_STRING


def _to_model(value: object, dialect: Dialect) -> RunConfiguration:
    variants = (models.LlmGenerationRunConfig, models.TemplateEvaluationRunConfig, models.AgentCallRunConfig)
    stored = (
        models.StoredLlmGenerationRunConfig,
        models.StoredTemplateEvaluationRunConfig,
        models.StoredAgentCallRunConfig,
    )
    if isinstance(value, variants):
        return check_sendable("run_configuration", value)
    if isinstance(value, stored):
        data = without_unknown_fields(value).to_dict()
    elif isinstance(value, Mapping):
        data = plain(dict(value))
    elif isinstance(value, UnknownVariant):
        raise InvalidArgumentError(
            f"run_configuration of the unknown kind {value.tag!r} can be read but not sent; a newer version may know it"
        )
    else:
        known = dialect.list_names((variant.__name__, is_newer(variant.__name__)) for variant in variants)
        raise InvalidArgumentError(f"run_configuration has to be {known} or a dict, not {type(value).__name__}")
    by_tag = {_tag_field(variant).constant: variant for variant in variants}
    name = _tag_field(models.LlmGenerationRunConfig).json_name
    tag = data.get(name)
    variant = by_tag.get(tag.lower()) if isinstance(tag, str) else None
    if variant is None:
        known = dialect.list_names((constant or "", is_newer(each.__name__)) for constant, each in by_tag.items())
        raise InvalidArgumentError(f"run_configuration: {name} has to be one of {known}, not {tag!r}")
    if isinstance(parameters := data.get("invocation_parameters"), dict):
        data["invocation_parameters"] = {key: item for key, item in parameters.items() if key not in _ONLY_ANSWERED}
    try:
        # Replaced as a whole, a configuration needs no nulls: an omitted field is removed.
        return variant.from_dict({key: item for key, item in data.items() if item is not None})
    except DecodeError as error:
        raise InvalidArgumentError(f"run_configuration ({_tag_field(variant).constant}): {error}") from error


def _tag_field(variant: type[Model]) -> Field:
    """Return the field whose constant value identifies a variant."""
    return next(field for field in variant.fields() if field.constant is not None)
