"""Environment variables that point clients in any language, and the command line, to a served mock."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from axtasks.config.settings import ENVIRONMENT

if TYPE_CHECKING:
    from collections.abc import Mapping

PREFIX = "ARIZE_"
PROXY_EXCEPTIONS = ("NO_PROXY", "no_proxy")


def environment_of(
    url: str,
    *,
    api_key: str,
    space: str | None = None,
    contract: str | None = None,
    environment: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """The variables to run a program with, so that its requests go to the mock.

    Nothing else that the environment says about the API is left in it, and no proxy comes in between.

    Args:
        url: where the mock is served.
        api_key: the key that the program is to send.
        space: the space that it is to look names up in, if any.
        contract: the contract that the mock serves, so that no request is needed to detect it; None to leave it open.
        environment: the variables to begin with; those of this process when None.
    """
    variables = os.environ if environment is None else environment
    server = urlsplit(url)
    settings = {
        "api_key": api_key,
        "api_host": server.netloc,
        "api_scheme": server.scheme,
        **({} if space is None else {"space": space}),
        **({} if contract is None else {"contract": contract}),
    }
    # Some programs read the one, some the other.
    exceptions = next((variables[name] for name in PROXY_EXCEPTIONS if variables.get(name)), "")
    no_proxy = ",".join(filter(None, [exceptions, server.hostname]))
    return {
        **{name: value for name, value in variables.items() if not name.startswith(PREFIX)},
        **{ENVIRONMENT[setting]: value for setting, value in settings.items()},
        **dict.fromkeys(PROXY_EXCEPTIONS, no_proxy),
    }
