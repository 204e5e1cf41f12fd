"""Conversion of method arguments to request models.

Imported by `reconcile` and `resources`; imports `resolution`, `engine` and what is below them. Start with
`task_bodies.TaskBodySelector` and the checks of `evaluators`, `query_filters` and `run_configuration`.
"""
