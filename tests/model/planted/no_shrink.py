"""A pytest plugin that turns shrinking off: one failing example is enough to find a bug."""

from __future__ import annotations

from hypothesis import Phase, settings

settings.register_profile("hasty", phases=[Phase.explicit, Phase.generate])
settings.load_profile("hasty")
