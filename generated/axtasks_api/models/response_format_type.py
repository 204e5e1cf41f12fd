# Generated from spec/openapi.yaml and spec/overlays/beta.yaml by "make generate"; do not edit.
from ..codec import OpenEnum


class ResponseFormatType(OpenEnum):
    """The form an answer of the model has to take."""

    TEXT = "text"
    JSON_OBJECT = "json_object"
    JSON_SCHEMA = "json_schema"
