"""Pages of a list, and the cursors between them.

Imported by `polling`, `reconcile`, `resolution` and `resources`; imports `engine` and what is below it. Start with
`page.Page` and `cursor.each_page`.
"""
