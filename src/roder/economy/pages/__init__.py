"""What the economy's pages show: tables of figures, charts and findings, as blocks of the document model.

The same blocks are drawn as a page and written as XLSX and CSV, so that all three hold the same numbers. This is the
room's presentation: it may use figures and the document model, which rules, models and services may not.
"""
