"""The public methods of both clients, as flows; one file per method or group.

Imported by `client` alone; may import everything below it. Start with `bindings`, which has the flow of each
method, and `bind`, which makes methods of flows.
"""
