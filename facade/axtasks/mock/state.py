"""What one mock keeps between requests, and who acts in it."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from .clock import Clock
    from .ids import Kind
    from .world import World

ACTING_USER = "VXNlcjoxOm5OYkM="


@dataclass(slots=True)
class State:
    """The world, the clock, and the seed that all chance comes from."""

    world: World
    clock: Clock
    run_seconds: float
    seed: int
    now: datetime
    dice: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)  # noqa: S311  # repeatable chance is what is wanted, not secrecy

    def new_id(self, kind: Kind) -> str:
        """An identifier for a new thing."""
        return self.world.new_id(kind, self.dice)

    def dice_for(self, identifier: str) -> random.Random:
        """Chance that depends on a thing alone, whatever else happens in the meantime."""
        return random.Random(f"{self.seed}:{identifier}")  # noqa: S311  # as above
