"""What one call takes from the memory of names, so that it can begin anew where that led nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .effects import LookAgain

if TYPE_CHECKING:
    from .attempts import Sending
    from .effects import Recall


class StaleNamesError(Exception):
    """What the call took from memory may not hold any more. Never leaves the call."""


class Recollection:
    """What a call took from memory, and what it wrote."""

    __slots__ = ("_is_over", "_recalled", "writes")

    def __init__(self) -> None:
        self.writes: list[Sending[Any]] = []
        self._recalled: list[Recall] = []
        self._is_over = False

    def answer(self, effect: Recall | LookAgain) -> bool:
        """Whether the call may go by what is remembered, which is noted.

        Args:
            effect: what is asked.

        Raises:
            StaleNamesError: what came of the call is in doubt, and it can begin anew.
        """
        if isinstance(effect, LookAgain):
            if self.may_mislead:
                raise StaleNamesError
        elif not self._is_over:
            self._recalled.append(effect)
        return not self._is_over

    @property
    def may_mislead(self) -> bool:
        """Whether the call may come to something else without memory, and nothing is done twice by trying."""
        return bool(self._recalled) and not any(sending.may_have_acted for sending in self.writes)

    def drop(self) -> None:
        """Forgets what the call took from memory, from which it takes nothing any more."""
        for recalled in self._recalled:
            recalled.names.forget(recalled.key, recalled.known)
        self._recalled.clear()
        self._is_over = True
