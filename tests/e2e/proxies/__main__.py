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
from tests.e2e.proxies.support import Outcome, run_scenario, write_certificates

if TYPE_CHECKING:
    from typing import Literal


@dataclass(frozen=True, slots=True)
class Route:
    """A route between the client and the mock.

    Args:
        name: The name that is printed.
        control_from: The mock's argument `control_from`.
        nginx: Further directives of the site in front of the mock; None for no nginx.
        mitmproxy: Options of the proxy in the environment; None for no proxy.
    """

    name: str
    control_from: Literal["loopback", "nobody"] = "loopback"
    nginx: str | None = None
    mitmproxy: tuple[str, ...] | None = None


VIA = ("--modify-headers", "/~q/Via/1.1 proxy")
ROUTES = (
    Route("nginx as it is", nginx=""),
    Route("nginx with HTTP/1.1 and forwarding headers", nginx=FORWARDING),
    Route("nginx, and a mock that nobody steers", "nobody", nginx=HTTP_1_1),
    Route("mitmproxy that says so", mitmproxy=VIA),
    Route("mitmproxy, and a mock that nobody steers", "nobody", mitmproxy=()),
    Route("mitmproxy that opens the TLS of nginx", nginx=FORWARDING, mitmproxy=()),
)


def check_route(route: Route) -> Outcome:
    """Run the scenario over one route."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        write_certificates(folder)
        server = stack.enter_context(MockServer(run_seconds=0, control_from=route.control_from))
        url, authority = server.url, None
        if route.nginx is not None:
            url = stack.enter_context(nginx(server.url, folder=folder, directives=route.nginx))
            authority = folder / "ca.pem"
        if route.mitmproxy is not None:
            proxy = stack.enter_context(mitmproxy(folder=folder, options=route.mitmproxy))
            stack.enter_context(patch.dict(os.environ, {"HTTP_PROXY": proxy, "HTTPS_PROXY": proxy, "NO_PROXY": ""}))
            authority = folder / AUTHORITY if authority else None
        return run_scenario(url, authority)


def main() -> None:
    """Check each route; exit with status 1 if one fails, or if a program is missing."""
    if find_nginx() is None or not PROGRAM.exists():
        sys.exit("nginx has to be installed, and mitmproxy in build/mitmproxy (make e2e): nothing was checked")
    outcomes = {route.name: check_route(route) for route in ROUTES}
    for name, outcome in outcomes.items():
        print(f"{name}: the run is {outcome.run}, and a reset is answered with {outcome.reset_status}")
    sys.exit(not all(outcome.is_right for outcome in outcomes.values()))


main()
