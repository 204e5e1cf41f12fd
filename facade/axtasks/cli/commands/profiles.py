"""`ax profiles`: keys and servers in files, shared with the vendor's command line."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TextIO

import click

from axtasks.cli.app import CommandGroup
from axtasks.cli.command import AxCommand, say
from axtasks.cli.errors import in_options
from axtasks.cli.iostreams import write_text
from axtasks.cli.options import PROFILE_VARIABLE, contract_option, error_options, not_empty, output_options
from axtasks.cli.output.show import Result, show
from axtasks.cli.param_types import TextFile
from axtasks.cli.prompts import has_terminal
from axtasks.profiles import MASK, PLACEHOLDER, PUBLIC_IN_AUTH, names_a_secret, texts_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from click.shell_completion import CompletionItem

_AUTH = "auth"
_USER_IN_URL = re.compile(r"//\S+@")
SETTING_OPTIONS = (
    "region",
    "base_domain",
    "single_host",
    "single_port",
    "api_host",
    "api_scheme",
    "ca_file",
    "allow_http",
    "contract",
)


def _names(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    from click.shell_completion import CompletionItem

    from axtasks import ConfigurationError
    from axtasks.profiles import profile_names

    # A shell that asks for words has no use for an error.
    with suppress(ConfigurationError):
        return [CompletionItem(name) for name in profile_names() if name.startswith(incomplete)]
    return []


@click.group("profiles", cls=CommandGroup)
def group() -> None:
    """Keep keys and servers in files.

    A profile is a file in ~/.arize/profiles that the vendor's `ax` reads and writes too. Commands fall back on the one
    of --profile or ARIZE_PROFILE, else on the active one. What environment variables say goes before it.
    """


@group.command("list", cls=AxCommand, epilog="\b\nExample:\n  ax profiles list")
@output_options()
@error_options
def list_profiles(**shared: Any) -> None:
    """List the profiles, and which one is active."""
    from axtasks.profiles import profile_names, profile_path

    active, names = _active(shared), profile_names()
    if active is not None and active not in names:
        say(f"Note: {PROFILE_VARIABLE} names profile {active!r}, which is not there.", shared)
    rows = [{"name": name, "active": name == active, "path": str(profile_path(name))} for name in names]
    _present(Result(document={"profiles": rows}, rows=rows, noun="profile", single=False), shared)


@group.command("show", cls=AxCommand, epilog="\b\nExample:\n  ax profiles show work")
@click.argument("name", required=False, envvar=PROFILE_VARIABLE, callback=not_empty, shell_complete=_names)
@output_options()
@error_options
def show_profile(name: str | None, **shared: Any) -> None:
    """Show the settings of a profile.

    Without NAME it is the active one. Secrets are not shown, only which variables they are taken from.
    """
    from axtasks.profiles import profile_content, profile_path

    active = _active(shared)
    if (chosen := name or active) is None:
        raise click.UsageError("no profile is active: give a NAME; `ax profiles list` shows which there are")
    content = profile_content(chosen)
    document = {
        "name": chosen,
        "active": chosen == active,
        "path": str(profile_path(chosen)),
        "settings": _mask_settings(content),
        "variables": {name: "set" if name in os.environ else "not set" for name in _variables_in(content)},
    }
    _present(Result(document=document, rows=[document], noun="profile", single=True), shared)


@group.command(
    "create",
    cls=AxCommand,
    epilog="\b\nExamples:\n"
    "  ax profiles create work --region eu-west-1a --use\n"
    "  ax profiles create ci --api-key-env ARIZE_CI_KEY --single-host arize.example --single-port 8443",
)
@click.argument("name")
@click.option(
    "--api-key-env", metavar="VARIABLE", help="Take the key from this environment variable whenever it is needed."
)
@click.option(
    "--api-key-file", type=TextFile(), metavar="FILE|-", help="Copy the key from a file, or from standard input."
)
@click.option(
    "--api-key-command", metavar="COMMAND", help="Take the key from the output of a program, whenever it is needed."
)
@click.option("--region", metavar="REGION", help="The account's region, such as eu-west-1a.")
@click.option("--base-domain", metavar="DOMAIN", help="Domain of a private deployment, whose API is at api.DOMAIN.")
@click.option("--single-host", metavar="HOST", help="Host of a private deployment.")
@click.option("--single-port", metavar="PORT", help="Port of --single-host.")
@click.option("--api-host", metavar="HOST[:PORT]", help="Host of the API.")
@click.option("--api-scheme", metavar="https|http", help="Scheme of the API.  [default: https]")
@click.option("--ca-file", metavar="FILE", help="Certificates of the authorities to trust instead of the usual ones.")
@click.option("--allow-http", is_flag=True, help="Let the key go unencrypted to another machine.")
@contract_option
@click.option("-f", "--force", is_flag=True, help="Replace a profile of that name; nothing of it is kept.")
@click.option("--use", is_flag=True, help="Make it the active profile.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing.")
@error_options
def create(name: str, force: bool, use: bool, **options: Any) -> None:
    """Create a profile that only you can read.

    The key is asked for unless --api-key-env, --api-key-file or --api-key-command says where it is. It is never given
    on the command line, where other users could see it. Settings may be written ${VARIABLE} or ${VARIABLE:default}.
    """
    from axtasks import ConfigurationError
    from axtasks.profiles import check_settings, create_profile, profile_path, use_profile

    given = {option: str(options[option]) for option in SETTING_OPTIONS if options[option]}
    if "ca_file" in given:
        given["ca_file"] = _from_anywhere(given["ca_file"])
    try:
        # Whatever else is wrong is said before anybody is asked for a key.
        path = profile_path(name)
        check_settings({"api_key": "x", **given})
        if os.path.exists(path) and not force:  # noqa: PTH110  # False also for what may not be looked at
            raise click.UsageError(f"there is a profile {name!r} already, in {path}: give --force to replace it")
        settings = {**_key(options), **given}
        check_settings(settings)
    except ConfigurationError as error:
        raise click.UsageError(in_options(str(error))) from error
    try:
        create_profile(name, settings, overwrite=force)
    except ImportError as error:
        raise click.ClickException(str(error)) from error
    say(f"Created profile {name!r} in {path}.", options)
    if use:
        use_profile(name)
        _say_active(name, options)


@group.command("use", cls=AxCommand, epilog="\b\nExample:\n  ax profiles use work")
@click.argument("name", shell_complete=_names)
@click.option("-q", "--quiet", is_flag=True, help="Say nothing.")
@error_options
def use(name: str, **options: Any) -> None:
    """Make a profile the active one, for the vendor's `ax` too."""
    from axtasks.profiles import use_profile

    use_profile(name)
    _say_active(name, options)


def _from_anywhere(path: str) -> str:
    """Return a path that leads to the same file from any folder; `~` and variables stay."""
    return path if path.startswith("~") or PLACEHOLDER.search(path) else os.path.abspath(path)  # noqa: PTH100  # as text


def _active(options: dict[str, Any]) -> str | None:
    """Return the profile that commands fall back on, or None."""
    from axtasks import ConfigurationError
    from axtasks.profiles import active_profile

    try:
        return os.environ.get(PROFILE_VARIABLE) or active_profile()
    except ConfigurationError as error:
        # This is where people look to find out about it, and put it right.
        say(f"Note: {error}", options)
        return None


def _key(options: dict[str, Any]) -> dict[str, str]:
    """Return the setting for the key: itself, the variable that has it, or the program that prints it."""
    from axtasks.profiles import PLACEHOLDER

    variable: str | None = options["api_key_env"]
    file: TextIO | None = options["api_key_file"]
    command: str | None = options["api_key_command"]
    flags = {"--api-key-env": variable, "--api-key-file": file, "--api-key-command": command}
    if len(given := [flag for flag, value in flags.items() if value is not None]) > 1:
        raise click.UsageError(f"{' and '.join(given)} cannot both be given")
    if command is not None:
        return {"api_key_command": command}
    if variable is not None:
        placeholder = f"${{{variable}}}"
        # Neither message repeats what was given: it may be a key by mistake.
        if not PLACEHOLDER.fullmatch(placeholder) or ":" in variable:
            raise click.UsageError("--api-key-env has to be the name of an environment variable, not a key")
        if variable not in os.environ:
            say("Note: the variable of --api-key-env is not set at the moment.", options)
        return {"api_key": placeholder}
    if file is not None:
        try:
            return {"api_key": file.read().strip()}
        except ValueError as error:
            raise click.UsageError("--api-key-file is not text") from error
    if not has_terminal():
        raise click.UsageError(
            "there is no terminal to ask for the key on: give --api-key-env, --api-key-file or --api-key-command"
        )
    return {"api_key": str(click.prompt("API key", hide_input=True, err=True)).strip()}


def _say_active(name: str, options: dict[str, Any]) -> None:
    say(f"Profile {name!r} is now the active one.", options)
    if os.environ.get(PROFILE_VARIABLE) not in (None, "", name):
        say(f"Note: {PROFILE_VARIABLE} is set to another one, which goes before it.", options)


def _present(result: Result, options: dict[str, Any]) -> None:
    """Show profiles, which have names in place of ids."""
    if options["output"].only_ids:
        write_text("".join(f"{row['name']}\n" for row in result.rows))
    else:
        show(result, options["output"])


def _mask_settings(content: Mapping[str, object]) -> dict[str, object]:
    """Return settings by section, with asterisks for secrets. References to environment variables stay."""
    return {name: _section(name, value) for name, value in content.items()}


def _variables_in(value: object) -> list[str]:
    """Return the names of the environment variables that settings refer to, each once."""
    return list(dict.fromkeys(match[1] for text in texts_in(value) for match in PLACEHOLDER.finditer(text)))


def _section(name: str, value: object) -> object:
    if name == _AUTH and isinstance(value, dict):
        return {key: _masked(inner, secret=key not in PUBLIC_IN_AUTH) for key, inner in value.items()}
    return _masked(value, secret=name == _AUTH or names_a_secret(name))


def _masked(value: object, *, secret: bool) -> object:
    if isinstance(value, dict):
        return {name: _masked(inner, secret=secret or names_a_secret(name)) for name, inner in value.items()}
    if isinstance(value, list):
        return [_masked(inner, secret=secret) for inner in value]
    if secret:
        return _only_variables(value) if isinstance(value, str) else MASK
    # Numbers and truth values are JSON already; TOML's times are not.
    return value if isinstance(value, int | float) else _USER_IN_URL.sub(f"//{MASK}@", str(value))


def _only_variables(text: str) -> str:
    """Return a text with asterisks for everything but references to variables."""
    shown, end = "", 0
    for match in PLACEHOLDER.finditer(text):
        default = f":{MASK}" if match[2] else ""
        shown += (MASK if match.start() > end else "") + f"${{{match[1]}{default}}}"
        end = match.end()
    return shown + (MASK if end < len(text) else "")
