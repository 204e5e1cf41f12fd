"""The mock behind nginx, and the client behind mitmproxy: `make e2e`."""

from __future__ import annotations

import os
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import patch

from axtasks.mock import MockServer

from tests.e2e.proxies.mitmproxy import AUTHORITY, PROGRAM, mitmproxy
from tests.e2e.proxies.nginx import FORWARDING, HTTP_1_1, find_nginx, nginx
from tests.e2e.proxies.story import Outcome, play, write_certificates

if TYPE_CHECKING:
    from typing import Literal


@dataclass(frozen=True, slots=True)
class Way:
    """What stands between the client and the mock.

    Args:
        name: What is shown.
        control_from: Who may steer the mock.
        nginx: What the site in front of the mock says besides; None where there is none.
        mitmproxy: Options of the proxy of the environment; None where there is none.
    """

    name: str
    control_from: Literal["loopback", "nobody"] = "loopback"
    nginx: str | None = None
    mitmproxy: tuple[str, ...] | None = None


VIA = ("--modify-headers", "/~q/Via/1.1 proxy")
WAYS = (
    Way("nginx as it is", nginx=""),
    Way("nginx with HTTP/1.1 and forwarding headers", nginx=FORWARDING),
    Way("nginx, and a mock that nobody steers", "nobody", nginx=HTTP_1_1),
    Way("mitmproxy that says so", mitmproxy=VIA),
    Way("mitmproxy, and a mock that nobody steers", "nobody", mitmproxy=()),
    Way("mitmproxy that opens the TLS of nginx", nginx=FORWARDING, mitmproxy=()),
)


def follow(way: Way) -> Outcome:
    """Play the story over one way."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        write_certificates(folder)
        server = stack.enter_context(MockServer(run_seconds=0, control_from=way.control_from))
        url, authority = server.url, None
        if way.nginx is not None:
            url = stack.enter_context(nginx(server.url, folder=folder, directives=way.nginx))
            authority = folder / "ca.pem"
        if way.mitmproxy is not None:
            proxy = stack.enter_context(mitmproxy(folder=folder, options=way.mitmproxy))
            stack.enter_context(patch.dict(os.environ, {"HTTP_PROXY": proxy, "HTTPS_PROXY": proxy, "NO_PROXY": ""}))
            authority = folder / AUTHORITY if authority else None
        return play(url, authority)


def main() -> None:
    """Follow each way; end with status 1 if one is wrong, or a program is not there."""
    if find_nginx() is None or not PROGRAM.exists():
        sys.exit("nginx has to be installed, and mitmproxy in build/mitmproxy (make e2e): nothing was checked")
    outcomes = {way.name: follow(way) for way in WAYS}
    for name, outcome in outcomes.items():
        print(f"{name}: the run is {outcome.run}, and steering is answered with {outcome.steering}")
    sys.exit(not all(outcome.is_right for outcome in outcomes.values()))


main()
