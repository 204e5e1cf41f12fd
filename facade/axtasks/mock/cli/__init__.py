"""The command group `ax mock`. Start with `serve.group`."""
