"""What people are told when something cannot be done with a round or a sheet."""

from __future__ import annotations

from typing import Any

from roder.control.services.keeping import Refusal
from roder.core.faults import UserFault


class RoundFault(UserFault):
    """A round cannot be opened or changed as asked. The message says why and what to do."""


class SheetFault(Refusal):
    """A sheet cannot be changed as asked: a sentence, or sentences at each field."""


class MissingFault(SheetFault):
    """A sheet cannot be marked ready yet. ``missing`` is what is to be written first, one sentence each."""

    def __init__(self, missing: list[str], **more: Any) -> None:
        super().__init__(["Det går inte att klarmarkera än.", *missing], **more)
        self.missing = missing
