# Generated from spec/openapi.yaml by "make generate"; do not edit.
from ..codec import OpenEnum


class InputVariableFormat(OpenEnum):
    """How variables are marked in a prompt: `f_string` as {name}, `mustache` as {{name}}. `none` is deprecated and
    read as `f_string`, which is also what counts when nothing is said."""

    F_STRING = "f_string"
    MUSTACHE = "mustache"
    NONE = "none"
