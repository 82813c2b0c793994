"""Addresses of cases and their documents."""

from __future__ import annotations

from django.urls import URLPattern, path

from roder.access.matrix import Resource
from roder.meetings.pages import case_deeds, cases, documents
from roder.meetings.pages.case_register import cases as register
from roder.web.scope import Entry

navigation = (Entry("Nämnden", "Ärenden", "meetings:cases", Resource.CASES, order=10),)

#: the list has two names: the register's own, and the one that other pages know
_list = register.urls("meetings")

patterns: list[URLPattern] = [
    path("arenden/registrera/", cases.register, name="case_new"),
    path("arenden/diarieserie/", cases.series, name="case_series"),
    path("arenden/", _list[0].callback, name="cases"),
    *_list,
    path("arenden/<int:pk>/", cases.case, name="case"),
    path("arenden/<int:pk>/andra/", cases.edit, name="case_edit"),
    path("arenden/<int:pk>/historik/", cases.case_history, name="case_history"),
    path("arenden/<int:pk>/gor/<slug:name>/", case_deeds.deed, name="case_deed"),
    path("arenden/<int:pk>/handling/", documents.new, name="document_new"),
    path("arenden/handling/<int:pk>/", documents.document, name="document"),
    path("arenden/handling/<int:pk>/andra/", documents.edit, name="document_edit"),
    path("arenden/handling/<int:pk>/version/", documents.new_version, name="document_version"),
    path("arenden/handling/<int:pk>/jamfor/", documents.compare, name="document_compare"),
    path("arenden/handling/fil/<int:pk>/", documents.file, name="document_file"),
    path("arenden/handling/fil/<int:pk>/gor-om/", documents.pdf_again, name="document_pdf_again"),
]
