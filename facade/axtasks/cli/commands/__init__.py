"""Commands of `ax`. `axtasks.cli.app` imports a module here when its command is used."""
