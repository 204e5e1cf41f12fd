"""Client configuration: options, settings, endpoint, proxy, certificates, credentials and hooks.

Imported by everything above it; imports `contract`, `validation`, `errors` and `concurrency` alone. Start with
`settings.resolve_settings`, which brings arguments, environment and profile together, and with `options`.
"""
