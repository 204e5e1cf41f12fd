"""That the tasks API is in alpha is said once per process, through logging, and can be silenced."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap

import pytest

SET_UP = """
    import logging, sys, threading
    import httpx
    from axtasks import AxClient

    def answer(request):
        listed = request.url.path.rpartition("/")[2]
        return httpx.Response(200, json={listed: [], "pagination": {"has_more": False}})

    def client():
        return AxClient(api_key="some-key", http_client=httpx.Client(transport=httpx.MockTransport(answer)))
"""
NOTICE = "The tasks API is in ALPHA and may change without notice."
CASES = [
    ("nothing-is-said-on-import-and-construction", "client()", {}, 0),
    ("once-however-many-calls", "for _ in range(3): client().tasks.list()", {}, 1),
    ("once-however-many-clients-and-methods", "client().tasks.list(); list(client().tasks.list(limit=5))", {}, 1),
    (
        "once-however-many-threads",
        """
threads = [threading.Thread(target=lambda: client().tasks.list()) for _ in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
        """,
        {},
        1,
    ),
    ("other-groups-are-not-in-alpha", "client().spaces.list(); client().datasets.list()", {}, 0),
    ("silenced-by-a-variable", "client().tasks.list()", {"ARIZE_TASKS_NO_ALPHA_WARNING": "1"}, 0),
    ("an-empty-variable-silences-nothing", "client().tasks.list()", {"ARIZE_TASKS_NO_ALPHA_WARNING": ""}, 1),
    ("silenced-by-its-logger", "logging.getLogger('axtasks.alpha').setLevel('ERROR'); client().tasks.list()", {}, 0),
    ("silenced-by-the-logger-above", "logging.getLogger('axtasks').setLevel('ERROR'); client().tasks.list()", {}, 0),
    ("said-even-where-the-call-is-refused", "try: client().tasks.list(limit=0)\nexcept ValueError: pass", {}, 1),
]


@pytest.mark.parametrize(
    ("program", "environment", "times"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_the_notice_is_given_at_most_once_per_process(program: str, environment: dict[str, str], times: int) -> None:
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(SET_UP) + program],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )

    assert done.stderr.count(NOTICE) == times
    assert done.stdout == ""
