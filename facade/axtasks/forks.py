"""What a child process that was forked makes anew, since it cannot share it with its parent."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from weakref import WeakSet


class Forkable(ABC):
    """Something that holds a lock or a connection."""

    def __init__(self) -> None:
        _living.add(self)

    @abstractmethod
    def after_fork(self) -> None:
        """Makes locks anew, which another thread of the parent may have held, and lets go of what is the parent's.

        It runs in the child, before anything else does.
        """


_living: WeakSet[Forkable] = WeakSet()


def _renew() -> None:
    for one in list(_living):
        one.after_fork()


# There is no forking on Windows.
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_renew)
