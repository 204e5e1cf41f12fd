"""The controls of a mock: its state, world, clock, journal, faults, limit and latency."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from axtasks.mock.journal.journal import Journal
from axtasks.mock.operations import registry
from axtasks.mock.problems import RefusalError
from axtasks.mock.simulation.state import Lifecycles, State
from axtasks.mock.world.lifecycle import DEFAULT_RUN_SECONDS, Lifecycle
from axtasks.mock.world.names import Worlds
from axtasks.mock.world.visibility import check_spaces

if TYPE_CHECKING:
    from axtasks.mock.clock import Clock
    from axtasks.mock.contract.contract import Contract
    from axtasks.mock.faults.injector import Injector
    from axtasks.mock.faults.registry import Faults
    from axtasks.mock.storage import StateFile
    from axtasks.mock.suggestions import KnownOperation
    from axtasks.mock.world.api_keys import ApiKey
    from axtasks.mock.world.world import World


class Controls:
    """All that the admin API and Python code can look at and change in a mock.

    `pristine` is the world that `start_over` leads back to, and `lifecycle` goes before what worlds say of it.
    """

    contract: str
    """The name of the contract that is served."""
    clock: Clock
    """The clock of the mock."""
    faults: Faults
    """The armed faults."""
    journal: Journal
    """The requests and their responses, but for those of the admin API."""

    def __init__(
        self,
        *,
        pristine: World,
        contract: Contract,
        clock: Clock,
        seed: int,
        lifecycle: Lifecycle | None,
        keys: tuple[ApiKey, ...],
        injector: Injector,
        store: StateFile | None,
    ) -> None:
        self._pristine = pristine
        self._contract = contract
        self.contract = contract.name
        self.clock = clock
        self._seed = seed
        self._lifecycle = lifecycle
        self._keys = keys
        self._injector = injector
        self.faults = injector.faults
        self._store = store
        self._lock = threading.RLock()
        self._router = registry.router(contract)
        self.journal = Journal(known=Worlds(lambda: (self.world, self._pristine), self._lock), contract=contract)
        self._state = self._fresh_state()
        if store is not None:
            store.attach(self._state)
            self._overlay_lifecycles()

    @property
    def state(self) -> State:
        """The present state; it changes under other threads' requests."""
        return self._state

    @property
    def world(self) -> World:
        """The present world; it changes under other threads' requests, and `start_over` replaces it."""
        return self._state.world

    @property
    def starting_lifecycles(self) -> Lifecycles:
        """The lifecycles of runs as they were at the start, before any orders."""
        return self._lifecycles_of(self.world)

    @property
    def limit(self) -> str | None:
        """The most requests that are let in, such as `10/s`; None for any number. It can be set."""
        return self._injector.limit

    @limit.setter
    def limit(self, text: str | None) -> None:
        self._injector.limit = text

    @property
    def latency_seconds(self) -> float:
        """The delay of every response of the API. It can be set."""
        return self._injector.latency_seconds

    @latency_seconds.setter
    def latency_seconds(self, seconds: float) -> None:
        self._injector.latency_seconds = seconds

    def nearest(self, method: str, path: str) -> KnownOperation:
        """Return the operation that a request came closest to."""
        return self._router.nearest(method, path)

    def replace_world(self, world: World) -> None:
        """Go on with another world and its settings; `start_over` still leads to that of the start."""
        with self._lock:
            if world is not self.world:
                world.follow(self.world)
            self._state.replace_world(world, self._lifecycles_of(world))
            self._commit()

    def start_over(self) -> None:
        """Return to the world, time, faults, limit and latency of the start, with an empty journal."""
        with self._lock:
            self.clock.reset()
            state = self._fresh_state()
            state.world.follow(self.world)
            self._state = state
            self._commit()
            self._injector.reset()
            self.journal.clear()

    def _fresh_state(self) -> State:
        check_spaces(self._pristine, self._keys)
        return State(
            world=self._pristine.copy(),
            contract=self._contract,
            clock=self.clock,
            lifecycles=self._lifecycles_of(self._pristine),
            seed=self._seed,
            now=self.clock.now(),
        )

    def _lifecycles_of(self, world: World) -> Lifecycles:
        settings = world.settings
        default = self._lifecycle or settings.lifecycle or Lifecycle(seconds=DEFAULT_RUN_SECONDS)
        return Lifecycles(default, dict(settings.task_lifecycles))

    def _commit(self) -> None:
        """Write what has changed to the store, if there is one; return to what it has where that fails."""
        if self._store is None:
            return
        try:
            self._store.commit(self._state)
        except RefusalError:
            world = self.world
            self._store.restore(self._state)
            self.world.follow(world)
            self._overlay_lifecycles()
            raise

    def _overlay_lifecycles(self) -> None:
        """Put the orders of the store over the lifecycles of the start."""
        self._state.lifecycles = self.starting_lifecycles.overlaid(self._state.lifecycles)
