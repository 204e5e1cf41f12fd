"""The notice that the tasks API is in alpha."""

from __future__ import annotations

import logging
import os
from threading import Lock

SILENCING_VARIABLE = "ARIZE_TASKS_NO_ALPHA_WARNING"
_logger = logging.getLogger("axtasks.alpha")
_once = Lock()


def warn_alpha_once() -> None:
    """Says, once per process, that the tasks API is in alpha.

    Goes to the logger `axtasks.alpha` as a warning. Silenced by any value of `ARIZE_TASKS_NO_ALPHA_WARNING`, or by
    `logging.getLogger("axtasks.alpha").setLevel("ERROR")`.
    """
    # A lock that is taken once and never given back is a flag that only one thread can set.
    if not os.environ.get(SILENCING_VARIABLE) and _once.acquire(blocking=False):
        _logger.warning(
            "The tasks API is in ALPHA and may change without notice. Set %s=1 to silence this.", SILENCING_VARIABLE
        )
