"""Addresses of the balance list."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from roder.access.matrix import Resource
from roder.meetings.pages import watches
from roder.meetings.pages.watch_register import assignments
from roder.web.scope import Entry

navigation = (Entry("Nämnden", "Balanslista", "meetings:watches", Resource.WATCHES, order=40),)

patterns: list[URLPattern | URLResolver] = [
    path("balanslista/", watches.balance_list, name="watches"),
    path("balanslista/fil/<slug:form>/", watches.download, name="watches_file"),
    path("balanslista/ny/", watches.new, name="watch_new"),
    *assignments.urls("meetings"),
    path("balanslista/<int:pk>/", watches.watch_page, name="watch"),
    path("balanslista/<int:pk>/andra/", watches.edit, name="watch_edit"),
    path("balanslista/<int:pk>/redovisa/<int:item>/", watches.report_item, name="watch_report_item"),
]
