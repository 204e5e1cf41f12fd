"""How an answer reaches the client when that is not simply whole and at once. The doors carry it out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class Ending(Enum):
    """What becomes of the connection."""

    WHOLE = "the answer is sent whole"
    TRUNCATED = "half of the body is sent, then the connection is closed"
    DROPPED = "nothing is sent and the connection is closed"
    RESET = "nothing is sent and the connection is reset"


@dataclass(frozen=True, slots=True)
class Delivery:
    """How late an answer is, how far apart the bytes of its body are, and how it ends."""

    delay_seconds: float = 0
    drip_seconds: float | None = None
    ending: Ending = Ending.WHOLE

    def later(self, seconds: float) -> Delivery:
        """The same, so many seconds later."""
        return replace(self, delay_seconds=self.delay_seconds + seconds)

    def ending_for(self, body: bytes) -> Ending:
        """How the answer ends, given its body: of an empty one there is no half to send."""
        return Ending.DROPPED if self.ending is Ending.TRUNCATED and not body else self.ending

    def pieces(self, body: bytes) -> Iterator[bytes]:
        """What is sent of a body, piece by piece, with `drip_seconds` before each when there are any."""
        sent = body[: len(body) // 2] if self.ending is Ending.TRUNCATED else body
        if self.drip_seconds is None:
            yield sent
        else:
            for at in range(len(sent)):
                yield sent[at : at + 1]


AT_ONCE = Delivery()
"""How an answer is delivered when nothing goes wrong."""
