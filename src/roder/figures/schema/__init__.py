"""The snapshot schema: which columns the figures read, and the one SELECT that fetches each table.

The same SELECT is a table expression for the live database and the text of the COPY that fills a snapshot's Parquet
file, so both hold the same rows. Every row has its global id (``gid``) and when it was registered, in UTC.
Free text and references to people are never here: what is erased by rule must not live on in a snapshot.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from roder.figures.schema.activities import ACTIVITIES
from roder.figures.schema.control import CONTROL
from roder.figures.schema.economy import ECONOMY
from roder.figures.schema.good_economy import GOOD_ECONOMY
from roder.figures.schema.learned import LEARNED
from roder.figures.schema.means import MEANS
from roder.figures.schema.measures import MEASURES
from roder.figures.schema.meetings import MEETINGS
from roder.figures.schema.quality import QUALITY
from roder.figures.schema.selfchecks import SELF_CHECKS
from roder.figures.schema.spec import TableSpec as TableSpec
from roder.figures.schema.steering import ORGANISATION, STEERING
from roder.figures.schema.told import TOLD

if TYPE_CHECKING:
    from ibis.expr.types import Table

#: Raised when a table or column is added, removed or changes its meaning. Written in every manifest.
SCHEMA_VERSION = 6
#: The oldest version whose tables mean the same today: a snapshot of it lacks tables that have come since.
OLDEST_READABLE = 1

TABLES: dict[str, TableSpec] = {
    spec.name: spec
    for spec in (
        *STEERING, *ORGANISATION, *ECONOMY, *MEASURES, *QUALITY, *SELF_CHECKS, *MEETINGS, *CONTROL, *GOOD_ECONOMY,
        *MEANS, *ACTIVITIES, *TOLD, *LEARNED,
    )
}  # fmt: skip


@cache
def unbound(name: str) -> Table:
    """A table of the schema as an Ibis expression. Raises KeyError for an unknown name."""
    return TABLES[name].unbound()
