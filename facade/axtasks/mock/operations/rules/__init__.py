"""Rules of the documents for request bodies, by operation.

Imported by the operations and by world files, which check tasks by the same rules.
"""
