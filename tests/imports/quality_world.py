"""What the files about quality point at: types with causes, service areas, what complaints are about, a measure."""

from __future__ import annotations

from roder.measures.models import Measure
from roder.steering.loading import load_model
from roder.steering.models import DeviationType
from tests.imports.conftest import MODEL, World

QUALITY = """
service_areas:
  - {code: boende, label: SoL – Boende, units: [nord]}
  - {code: lss, label: LSS}
deviations:
  categories: [{code: hsl, label: Hälso- och sjukvård, clinical: true}]
  types:
    - code: fall
      label: Fall
      category: hsl
      causes: [{code: ensam, label: Ingen personal}, {code: golv, label: Halt golv}]
    - {code: lakemedel, label: Läkemedel, category: hsl, causes: [{code: dos, label: Dos inte given}]}
    - {code: bemotande, label: Bemötande}
  severities:
    - {value: 1, serious: false}
    - {value: 2, serious: false}
    - {value: 3, serious: true}
    - {value: 4, serious: true}
complaints:
  kinds: [{code: klagomal, label: Klagomål}]
  subjects: [{code: mat, label: Mat}, {code: bemotande, label: Bemötande}]
  complainants: [{code: anhorig, label: Anhörig}]
"""


def with_quality(world: World) -> World:
    """The committee with the words of quality."""
    load_model(world.committee, MODEL + QUALITY)
    Measure.objects.create(
        committee=world.committee, code="smarta", title="Smärtskattning", unit="%", direction="higher"
    )
    assert DeviationType.objects.filter(committee=world.committee).count() == 3
    return world
