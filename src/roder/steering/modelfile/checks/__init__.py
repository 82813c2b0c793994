"""Cross checks: what no single field can tell, such as a sum of an unknown row or phases in the wrong order.

Every check is a function from the whole file (a :class:`Look`) to remarks; all of them always run.
"""

from __future__ import annotations

from roder.steering.modelfile.checks import codes, economy, followup, law, risk
from roder.steering.modelfile.checks.look import Look, Remark

ALL = (*codes.CHECKS, *followup.CHECKS, *risk.CHECKS, *economy.CHECKS, *law.CHECKS)


def check(look: Look) -> list[Remark]:
    """Run every cross check over a file."""
    return [remark for one in ALL for remark in one(look)]


__all__ = ["Look", "Remark", "check"]
