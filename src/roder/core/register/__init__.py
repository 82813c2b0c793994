"""The register mechanism: a list, its filters, export, print, detail, history and form, declared once.

::

    occasions = Register(
        Occasion,
        name="tillfallen",
        title="Uppföljningstillfällen",
        lead="När nämnden följs upp, och vad som gäller vid varje brytdatum.",
        rows=lambda rows, scope: rows.filter(committee=scope.committee, year=scope.year),
        columns=(Column("name", link=True), "kind", "cut_off", Column("amount", unit=Unit.TKR)),
        filters=("kind", "cut_off"),
        search=("name", "code"),
        order=("cut_off",),
        empty="Här kommer årets tillfällen när styrmodellen är inläst.",
    )
    urlpatterns = [*occasions.urls("steering")]          # the room's namespace

gives ``steering:tillfallen`` (list, ``?format=csv|xlsx``, ``?utskrift=1``) and ``steering:tillfallen-detail`` (all
fields, and the history that the database's triggers have kept); with ``form=("name", …)`` also
``steering:tillfallen-edit``, where the second of two savers sees both texts; with ``new=…`` also ``…-new``.

Who sees which rows is always asked of ``roder.access``; the number of queries does not grow with the rows.
"""

from __future__ import annotations

from roder.core.register.declaration import Column, Filter, Register

__all__ = ["Column", "Filter", "Register"]
