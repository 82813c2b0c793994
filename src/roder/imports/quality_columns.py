"""What the files about quality have in common: rights, laws, service areas."""

from __future__ import annotations

from roder.access.matrix import Action, Resource
from roder.imports.cells import Choice
from roder.imports.declaration import Column
from roder.imports.quality_cells import (
    AreaOfUnit,
)
from roder.quality.models.deviations import Law

NOW = "now()"
RIGHT = (Action.IMPORT, Resource.IMPORTS)

LAW = Choice(tuple((one.value, str(one.label)) for one in Law), also={"socialtjänstlagen": "sol"})
AREA = Column(
    "verksamhet",
    AreaOfUnit(),
    ("service_area_id",),
    reads=("verksamhet", "enhet"),
    optional=("verksamhet", "enhet"),
    reads_empty=True,
    help="verksamhetsområdets kod eller namn; tom: det som enheten hör till",
)
