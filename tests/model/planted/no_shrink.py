"""A plugin of pytest that makes no failing example shorter: it is enough to know that there is one."""

from __future__ import annotations

from hypothesis import Phase, settings

settings.register_profile("hasty", phases=[Phase.explicit, Phase.generate])
settings.load_profile("hasty")
