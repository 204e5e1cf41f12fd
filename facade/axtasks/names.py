"""What a client remembers of names it looked up: the ids that they led to, for a while."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

from .concurrency import Forkable

if TYPE_CHECKING:
    from .config.options import NameMemory


class Key(NamedTuple):
    """A name, and where it was looked up.

    Attributes:
        noun: what bears it.
        within: the id of the space, or for experiments of the dataset, that it was looked up in; empty for spaces.
        name: the name.
    """

    noun: str
    within: str
    name: str


class Known(NamedTuple):
    """What a name led to.

    Attributes:
        id: the id.
        moment: the monotonic time in seconds just before it was looked up.
    """

    id: str
    moment: float


class Names(Forkable):
    """The names that were looked up lately. Safe to share between threads."""

    def __init__(self) -> None:
        super().__init__()
        self._known: OrderedDict[Key, Known] = OrderedDict()
        self._changes = 0
        self._lock = Lock()

    def after_fork(self) -> None:
        """Makes the lock anew, which a thread of the parent may hold."""
        self._lock = Lock()

    @property
    def changes(self) -> int:
        """How often this client changed what names lead to. What was looked up before the last time is not kept."""
        return self._changes

    def recall(self, key: Key, memory: NameMemory, *, moment: float) -> Known | None:
        """What a name led to when it was last looked up; None if that is not known, or too long ago.

        Args:
            key: the name.
            memory: how long it counts.
            moment: the monotonic time in seconds.
        """
        with self._lock:
            known = self._known.get(key)
            if known is None:
                return None
            if moment - known.moment >= memory.seconds:
                del self._known[key]
                return None
            self._known.move_to_end(key)
            return known

    def remember(self, key: Key, known: Known, memory: NameMemory, *, changes: int) -> None:
        """Notes what a name led to, unless this client changed names while it was looked up.

        Args:
            key: the name.
            known: what it led to.
            memory: how many names are kept.
            changes: what `changes` was before the look-up.
        """
        with self._lock:
            if changes != self._changes:
                return
            self._known[key] = known
            self._known.move_to_end(key)
            while len(self._known) > memory.entries:
                self._known.popitem(last=False)

    def forget(self, key: Key, known: Known) -> None:
        """Drops what a name led to, unless it was looked up again meanwhile."""
        with self._lock:
            if self._known.get(key) is known:
                del self._known[key]

    def changed(self, noun: str, *, ids: tuple[str, ...] = (), names: tuple[str, ...] = ()) -> None:
        """Drops what this client changed.

        Args:
            noun: what kind of thing it is.
            ids: ids of things that were deleted, or whose names were changed.
            names: names that were given to other things, whichever the space.
        """
        with self._lock:
            self._changes += 1
            stale = [
                key for key, known in self._known.items() if key.noun == noun and (known.id in ids or key.name in names)
            ]
            for key in stale:
                del self._known[key]

    def clear(self) -> None:
        """Drops everything."""
        with self._lock:
            self._changes += 1
            self._known.clear()
