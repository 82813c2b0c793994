"""What lex Sarah and lex Maria cases ask of people: the tasks that each deed opens and completes."""

from __future__ import annotations

from roder.organisation.models import Person
from roder.quality.models import LexMariaCase, LexSarahCase, LexSarahDecision


def reported(case: LexSarahCase, by: Person) -> None:
    """The SAS is to investigate."""


def investigated(case: LexSarahCase, by: Person) -> None:
    """The SAS is to decide."""


def decided(case: LexSarahCase, decision: LexSarahDecision, by: Person) -> None:
    """IVO is to be told of a serious case without delay; what is not lex Sarah's goes to whom it concerns."""


def notified(case: LexSarahCase, by: Person) -> None:
    """The notice is done."""


def closed(case: LexSarahCase, by: Person) -> None:
    """Nothing more is asked."""


def maria_opened(case: LexMariaCase, by: Person) -> None:
    """The MAS is to notify, or decide not to, in time."""


def maria_decided(case: LexMariaCase, by: Person) -> None:
    """The notice is done or not to be."""


def maria_closed(case: LexMariaCase, by: Person) -> None:
    """Nothing more is asked."""
