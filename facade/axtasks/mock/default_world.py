"""Names of the default world, for callers that import them from here: see `axtasks.mock.world.default_world`."""

from .world.default_world import *  # noqa: F403  # whatever has a name there
