"""What one mock keeps between requests, and who acts in it."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from axtasks.mock.operations.rendering import Views
from axtasks.mock.world.visibility import EVERYTHING, Sight

if TYPE_CHECKING:
    from datetime import datetime

    from axtasks.mock.clock import Clock
    from axtasks.mock.contract.contract import Contract
    from axtasks.mock.ids import Kind
    from axtasks.mock.world.world import World

    from .lifecycle import Lifecycles

ACTING_USER = "VXNlcjoxOm5OYkM="


@dataclass(slots=True)
class State:
    """The world, the contract it is served by, the clock, how runs go, and the seed that all chance comes from.

    `sight` is what the caller of the present request sees, and `is_watched` whether there is a caller: runs that go by
    reads only notice those. `continued_at` is when continuous tasks last ran by themselves; at first that is the start.
    """

    world: World
    contract: Contract
    clock: Clock
    lifecycles: Lifecycles
    seed: int
    now: datetime
    sight: Sight = EVERYTHING
    is_watched: bool = True
    continued_at: datetime = field(init=False)
    dice: random.Random = field(init=False)
    views: Views = field(init=False)
    control_views: Views = field(init=False)

    def __post_init__(self) -> None:
        self.continued_at = self.now
        self.views = Views(self.contract)
        self.control_views = Views(self.contract, inside=True)
        self.dice = random.Random(self.seed)  # noqa: S311  # repeatable chance is what is wanted, not secrecy

    def play(self, world: World, lifecycles: Lifecycles) -> None:
        """Go on with a world, which may be the present one; with another, chance begins anew."""
        if world is not self.world:
            self.dice.seed(self.seed)
            self.continued_at = self.now
        self.world, self.lifecycles = world, lifecycles

    def holds(self, kind: Kind, identifier: str) -> bool | None:
        """Whether the caller can know of such a thing; None for kinds that a world keeps no record of."""
        held = self.world.holds(kind, identifier)
        return self.sees(self.world.find(kind, identifier)) if held else held

    def sees(self, thing: object) -> bool:
        """Whether the caller may know of a thing, and the contract has words for it."""
        return self.sight.sees(self.world, thing) and self.views.can_show(thing)

    def new_id(self, kind: Kind) -> str:
        """An identifier for a new thing."""
        return self.world.new_id(kind, self.dice)

    def dice_for(self, identifier: str) -> random.Random:
        """Chance that depends on a thing alone, whatever else happens in the meantime."""
        return random.Random(f"{self.seed}:{identifier}")  # noqa: S311  # as above
