"""Probes: whether a write whose response was lost was applied.

Imported by `resources`; imports `inputs`, `polling`, `resolution` and what is below them. Start with
`engine.effects.OutcomeProbe`, which the classes in `tasks` and `runs` implement.
"""
