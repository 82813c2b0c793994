"""The line to the committee about a lex Sarah decision that stands already: changed by a file, and given back."""

from __future__ import annotations

from typing import Any

from roder.core.models import ImportBatch
from roder.imports.staging import Staging
from roder.quality.models import LexSarahCase, LexSarahDecision


def keep_lines(staging: Staging, batch: ImportBatch) -> None:
    """Write the lines that differ on the decisions that stand. A decision that the file made has its line already."""
    if "rad" not in staging.present:
        return
    rows = staging.sql.execute(
        "SELECT v.id, p.line FROM verdict v JOIN parsed p ON p.n = v.n WHERE v.changed_line ORDER BY v.n"
    ).fetchall()
    lines = {int(pk): str(line) for pk, line in rows}
    changed: dict[str, dict[str, Any]] = {}
    for case in LexSarahCase.objects.filter(pk__in=lines).select_related("decision").order_by("pk"):
        decision = case.decision
        if decision is None or decision.line == lines[case.pk]:
            continue
        before = changed.get(str(decision.pk), {}).get("before", decision.line)
        decision.save_over(decision.revision, line=lines[case.pk])
        changed[str(decision.pk)] = {"before": before, "after": decision.line}
    if changed:
        batch.done = {"lines": changed}


def give_back_lines(batch: ImportBatch) -> list[str]:
    """Give the decisions back the lines they had, but those whose line somebody has changed; says which."""
    left = []
    for pk, one in batch.done.get("lines", {}).items():
        decision = LexSarahDecision.objects.filter(pk=int(pk)).first()
        if decision is not None and decision.line == one["after"]:
            decision.save_over(decision.revision, line=one["before"])
        elif decision is not None:
            left.append(f"Raden till nämnden om beslutet {decision} ligger kvar: någon har ändrat den.")
    return left
