"""Renderers: one document model in, web page, PDF, Word file or workbook out.

Each module has one function ``render(document, …)``: `html`, `pdf`, `docx`, `xlsx`. They need neither
Django nor a database, so a locked report can be rendered again anywhere.
"""
