"""Probes that detect whether a write was applied whose response was lost.

Imported by `resources`; imports `inputs`, `polling`, `resolution` and what is below them. Start with
`engine.effects.OutcomeProbe`, which the classes in `tasks` and `runs` implement.
"""
