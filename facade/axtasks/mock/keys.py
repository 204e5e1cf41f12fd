"""Former place of `axtasks.mock.world.api_keys`, for callers that import API keys from here."""

from .world.api_keys import ApiKey, Role, distinct, read_key

Key = ApiKey

__all__ = ["Key", "Role", "distinct", "read_key"]
