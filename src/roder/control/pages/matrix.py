"""The risk matrix of an analysis, for the pages and for the documents: ``matrix_of(analysis)`` gives pure data."""

from __future__ import annotations

from collections.abc import Iterable

from roder.control.models import Risk, RiskAnalysis
from roder.control.rules.matrix import Mark, Matrix, matrix
from roder.control.services.risks import movement_of, rows_of
from roder.control.services.scales import scale_of


def matrix_of(analysis: RiskAnalysis, rows: Iterable[Risk] | None = None) -> Matrix:
    """The picture of an analysis by its scale, of the risks in force (or of ``rows``, read with ``previous``).

    Risks that are not scored, or whose scores were given by a scale of another size, are in ``left_out``.
    """
    found = rows_of(analysis).filter(state=Risk.State.ACTIVE) if rows is None else rows
    scale = scale_of(analysis.scale_id)
    return matrix(scale, [_mark(risk, scale.size) for risk in found])


def _mark(risk: Risk, size: str) -> Mark:
    here = risk.likelihood is not None and scale_of(risk.scale_id).size == size
    last, before = risk.previous, None
    if last is not None and last.likelihood is not None and last.impact is not None:
        before = (last.likelihood, last.impact) if scale_of(last.scale_id).size == size else None
    return Mark(
        risk.pk,
        risk.number or risk.code,
        risk.text,
        risk.likelihood if here else None,
        risk.impact if here else None,
        movement_of(risk),
        before,
    )
