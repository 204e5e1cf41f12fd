"""Former place of `axtasks.mock.world.default_world`, for callers that import its identifiers from here."""

from .world.default_world import *  # noqa: F403  # whatever has a name there
