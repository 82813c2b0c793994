"""Addresses of the bookkeeping: from an account group by its accounts and months to the vouchers."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from roder.access.matrix import Resource
from roder.economy.pages import ledger as views
from roder.web.scope import Entry

navigation = (Entry("Ekonomi", "Bokföring", "economy:ledger", Resource.ECONOMY, order=140),)

patterns: list[URLPattern] = [
    path("ekonomi/bokforing/", views.ledger, name="ledger"),
    re_path(r"^ekonomi/bokforing/grupp/(?P<code>[\w.-]+)/$", views.group, name="ledger_group"),
    re_path(r"^ekonomi/bokforing/konto/(?P<number>[0-9]{1,10})/$", views.account, name="ledger_account"),
    path("ekonomi/bokforing/verifikation/<int:voucher>/", views.voucher, name="ledger_voucher"),
]
