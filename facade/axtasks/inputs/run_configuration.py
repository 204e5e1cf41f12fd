"""Turn the `run_configuration` argument into a model to send."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from attrs import evolve
from axtasks_api_beta import models
from axtasks_api_beta.codec import DecodeError, Field, Model, UnknownVariant
from axtasks_api_beta.types import Unset

from axtasks.contract.dialect import is_newer
from axtasks.errors import InvalidArgumentError
from axtasks.validation import check_json

from .models import check_sendable, without_unknown_fields

if TYPE_CHECKING:
    from axtasks_api_beta.models import (
        AgentCallRunConfig,
        LlmGenerationRunConfig,
        StoredAgentCallRunConfig,
        StoredLlmGenerationRunConfig,
        StoredTemplateEvaluationRunConfig,
        TemplateEvaluationRunConfig,
    )

    from axtasks.contract.dialect import Dialect

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


def check_run_configuration(given: object, dialect: Dialect) -> RunConfiguration:
    """The run configuration as a model to send, all of which JSON has words for.

    What was received with a task may be given as it is: what only the server fills in, and nulls, are left out.
    `input_variable_format` is filled in where it is missing, as the vendor's contract requires it.

    Args:
        given: a model or a dict.
        dialect: the dialect in use, whose kinds are told where one is unknown.

    Raises:
        InvalidArgumentError: it is no run configuration; says which variant and which field.
    """
    configuration = _as_model(given, dialect)
    if isinstance(configuration, models.LlmGenerationRunConfig) and isinstance(
        configuration.input_variable_format, Unset
    ):
        configuration = evolve(configuration, input_variable_format=_variable_format(configuration))
    check_json("run_configuration", configuration.to_dict())
    return configuration


def _variable_format(configuration: LlmGenerationRunConfig) -> models.InputVariableFormat:
    """Return how variables are marked in the messages, where the configuration does not say it (J3)."""
    contents = [message.content for message in configuration.messages]
    is_mustache = any(isinstance(content, str) and MUSTACHE_VARIABLE.search(content) for content in contents)
    return models.InputVariableFormat.MUSTACHE if is_mustache else models.InputVariableFormat.F_STRING


def _as_model(given: object, dialect: Dialect) -> RunConfiguration:
    """The run configuration as a model."""
    kinds = (models.LlmGenerationRunConfig, models.TemplateEvaluationRunConfig, models.AgentCallRunConfig)
    stored = (
        models.StoredLlmGenerationRunConfig,
        models.StoredTemplateEvaluationRunConfig,
        models.StoredAgentCallRunConfig,
    )
    if isinstance(given, kinds):
        return check_sendable("run_configuration", given)
    if isinstance(given, stored):
        data = without_unknown_fields(given).to_dict()
    elif isinstance(given, Mapping):
        data = dict(given)
    elif isinstance(given, UnknownVariant):
        raise InvalidArgumentError(
            f"run_configuration of the unknown kind {given.tag!r} can be read but not sent; a newer version may know it"
        )
    else:
        known = dialect.named((variant.__name__, is_newer(variant.__name__)) for variant in kinds)
        raise InvalidArgumentError(f"run_configuration has to be {known} or a dict, not {type(given).__name__}")
    variants = {tag_of(variant).constant: variant for variant in kinds}
    name = tag_of(models.LlmGenerationRunConfig).json_name
    tag = data.get(name)
    variant = variants.get(tag.lower()) if isinstance(tag, str) else None
    if variant is None:
        known = dialect.named((tag_of(each).constant or "", is_newer(each.__name__)) for each in kinds)
        raise InvalidArgumentError(f"run_configuration: {name} has to be one of {known}, not {tag!r}")
    try:
        # Replaced as a whole, a configuration needs no nulls: what is left out is gone.
        return variant.from_dict({key: value for key, value in data.items() if value is not None})
    except DecodeError as error:
        raise InvalidArgumentError(f"run_configuration ({tag_of(variant).constant}): {error}") from error


def tag_of(variant: type[Model]) -> Field:
    """The field that tells a variant from the others."""
    return next(field for field in variant.fields() if field.constant is not None)
