"""Rules of complaints and of the public form: what can be answered, what is late, and how fast posts may come.

Källor: SOSFS 2011:9, 5 kap. 3 §; 5 kap. 1 § offentlighets- och sekretesslagen (2009:400) om registrering.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

PRAISE = "berom"


def can_be_answered(anonymous: bool, contact_erased: bool = False) -> bool:
    """Whether there is somebody to answer."""
    return not anonymous and not contact_erased


def must_be_answered(kind: str, anonymous: bool) -> bool:
    """Whether it may not be closed without an answer. Praise may."""
    return not anonymous and kind != PRAISE


def unanswered(
    acknowledged: date | None, answered: date | None, anonymous: bool, on: date, days: int | None
) -> bool:
    """Whether a complaint counts as unanswered on a day: more than ``days`` after it was acknowledged, nobody had
    answered. Never when the model has no such number of days, or nobody can be answered."""
    if days is None or anonymous or acknowledged is None:
        return False
    return acknowledged + timedelta(days=days) < on and (answered is None or answered > on)


@dataclass(frozen=True)
class Limit:
    """At most ``count`` posts in each window of ``seconds``."""

    count: int
    seconds: int

    def window(self, now: datetime) -> datetime:
        """When the window that ``now`` is in began."""
        at = int(now.timestamp())
        return datetime.fromtimestamp(at - at % self.seconds, UTC)

    def left(self, now: datetime) -> int:
        """Seconds until the next window."""
        return self.seconds - int(now.timestamp()) % self.seconds


#: An address may stand for a whole library, so the window is short: nobody waits longer than ten minutes.
PER_ADDRESS = Limit(6, 600)
#: Only posts that were taken in count, so one flooding address does not shut the others out.
PER_COMMITTEE = Limit(30, 60)


def wait_words(seconds: int) -> str:
    """How long to wait, for people."""
    if seconds <= 90:
        return "en minut"
    return f"{-(-seconds // 60)} minuter"


def sender(address: str) -> str:
    """The part of an internet address that stands for one sender: a household's whole IPv6 network (/64) is one."""
    try:
        found = ipaddress.ip_address(address.strip().strip("[]"))
    except ValueError:
        return "okänd"
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((int(found) >> 64 << 64, 64)))
    return str(found)


_EMAIL = re.compile(r"^[^@\s,;]+@[^@\s,;]+\.[^@\s,;]+$")
_TELEPHONE = re.compile(r"^\+?[\d][\d\s()/–-]{5,20}$")


def is_email_or_telephone(text: str) -> bool:
    """Whether somebody can be reached with it. A personal identity number with its hyphen is no telephone number."""
    found = text.strip()
    if _EMAIL.match(found):
        return True
    if re.match(r"^(19|20)?\d{6}-\d{4}$", found) or re.match(r"^(19|20)\d{10}$", found):
        return False
    return bool(_TELEPHONE.match(found))
