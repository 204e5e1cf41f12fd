"""The settings of a world, as opposed to its resources."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from axtasks.mock.contract import vocabulary

from .lifecycle import MOST_SECONDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .api_keys import ApiKey
    from .lifecycle import Lifecycle

HOUR_SECONDS = 3600.0
EMPTY_RUNS = (vocabulary.COMPLETED, vocabulary.CANCELLED)


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings that a world states; the arguments of a mock go before them.

    `task_lifecycles` are by identifier or name of a task. Continuous tasks get a run every `continuous_seconds`; with 0
    they only run when triggered. Without `keys` any key is let in. `empty_runs` is how runs end that find nothing to
    do, `completed` or `cancelled`; None for what the served contract has (rules C37 and B16).
    """

    lifecycle: Lifecycle | None = None
    task_lifecycles: Mapping[str, Lifecycle] = field(default_factory=dict)
    continuous_seconds: float = HOUR_SECONDS
    keys: tuple[ApiKey, ...] = ()
    empty_runs: str | None = None

    def __post_init__(self) -> None:
        if not (self.continuous_seconds == 0 or 1 <= self.continuous_seconds <= MOST_SECONDS):
            raise ValueError(f"continuous_seconds has to be 0, or 1 to {MOST_SECONDS}, not {self.continuous_seconds}")
        if self.empty_runs not in {None, *EMPTY_RUNS}:
            raise ValueError(f"empty_runs has to be one of {', '.join(EMPTY_RUNS)}, not {self.empty_runs!r}")
