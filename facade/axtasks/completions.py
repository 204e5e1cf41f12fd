"""Going through runs as they end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .drivers import AsyncDriver, SyncDriver
from .polling import outcomes

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from axtasks_api_beta.models import TaskRun

    from .effects import Driver
    from .watching import Watch


class RunsAsCompleted:
    """Runs as they end, for `for` or `async for`. Begun again, it goes on after the last one that was told.

    Args:
        watch: the runs.
        driver: what waits for them.
        raise_on_failure: whether those that failed or were cancelled are raised at the end.
    """

    def __init__(self, watch: Watch, driver: Driver, *, raise_on_failure: bool) -> None:
        self._watch = watch
        self._driver = driver
        self._raise_on_failure = raise_on_failure

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {len(self._watch.order)} runs>"

    @property
    def runs(self) -> list[TaskRun]:
        """All runs as they were last seen, in the order given; without those of an id that was not read yet."""
        return list(self._watch.seen.values())

    def __iter__(self) -> Iterator[TaskRun]:
        driver = self._driver
        if not isinstance(driver, SyncDriver):
            raise TypeError("these runs come from AsyncAxClient: use `async for`")
        while (run := driver.call(self._watch.next_ended())) is not None:
            yield run
        self._conclude()

    async def __aiter__(self) -> AsyncIterator[TaskRun]:
        driver = self._driver
        if not isinstance(driver, AsyncDriver):
            raise TypeError("these runs come from AxClient: use `for`")
        while (run := await driver.call(self._watch.next_ended())) is not None:
            yield run
        self._conclude()

    def _conclude(self) -> None:
        outcomes(self.runs, raise_on_failure=self._raise_on_failure)
