# Generated from spec/openapi.yaml and spec/overlays/ by "make generate"; do not edit.
import typing as _typing

from ..codec import OpenEnum


class AiIntegrationAuthType(OpenEnum):
    """Authentication method of an integration."""

    DEFAULT = "default"
    PROXY_WITH_HEADERS = "proxy_with_headers"
    BEARER_TOKEN = "bearer_token"
    OAUTH2_CLIENT_CREDENTIALS = "oauth2_client_credentials"


# Its values as text, in the spellings of both dialects, for type checkers.
AiIntegrationAuthTypeText = _typing.Literal[
    "default",
    "proxy_with_headers",
    "bearer_token",
    "oauth2_client_credentials",
    "DEFAULT",
    "PROXY_WITH_HEADERS",
    "BEARER_TOKEN",
    "OAUTH2_CLIENT_CREDENTIALS",
]
