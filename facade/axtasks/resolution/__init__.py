"""Resolution of names to ids.

Imported by `inputs`, `reconcile` and `resources`; imports `pagination`, `engine` and what is below them. Start with
`resolver.resolve`; `ids` tells ids from names.
"""
