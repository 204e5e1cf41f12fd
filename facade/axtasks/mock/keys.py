"""API keys, for callers that import them from here: see `axtasks.mock.world.api_keys`."""

from .world.api_keys import ApiKey, Role, distinct, read_key

Key = ApiKey

__all__ = ["Key", "Role", "distinct", "read_key"]
