"""API keys, for callers that import them from here: see `axtasks.mock.world.api_keys`."""

from __future__ import annotations

from .world.api_keys import Key, Role, distinct, read_key

__all__ = ["Key", "Role", "distinct", "read_key"]
