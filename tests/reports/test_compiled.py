"""The report over all committees: only what is locked counts, and each number is its committee's."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from roder.economy.models import OutcomeLine
from roder.organisation.models import Body
from roder.reports import compiled, demo, presenting
from roder.reports.build import Assembly
from roder.reports.document import Status, Table, numbers, tables
from roder.reports.models import Report
from roder.reports.services import ReportFault, check, document_of, lock, open_draft, written
from roder.steering.models import AccountGroup, AccountRow, Occasion, SteeringModelVersion
from tests.figures import world as worlds
from tests.reports.committee import Committee
from tests.reports.test_build import printed

KIND = "kommunsammanstallning"


def _other(committee: Committee) -> worlds.World:
    """A second committee of the same municipality, with a table of its own."""
    body = Body.objects.create(
        municipality=committee.body.municipality, kind="committee", name="Kulturnämnden", short_name="KUN",
        slug="alingsas-kun",
    )  # fmt: skip
    mine = committee.occasion("2022-08").model
    model = SteeringModelVersion.objects.create(
        committee=body, year=2022, version=1, content=mine.content, source="", sha256="1" * 64
    )
    groups = {
        code: AccountGroup.objects.create(committee=body, code=code, label=code, position=place)
        for place, code in enumerate(worlds.GROUPS)
    }
    for place, (code, label, _, parts) in enumerate(worlds.ROWS):
        row = AccountRow.objects.create(
            model=model, code=code, label=label, position=place, is_sum=bool(parts)
        )
        row.groups.set([groups[part] for part in parts or (code,)])
    return worlds.World(body, {"2022-12": _annual(body, model)}, groups)


def _annual(body: Body, model: SteeringModelVersion) -> Occasion:
    return Occasion.objects.create(
        committee=body, model=model, year=2022, code="2022-12", kind="annual", name="Årsbokslut 2022",
        cut_off=date(2022, 12, 31),
    )  # fmt: skip


@pytest.fixture
def two(alingsas: Committee) -> tuple[Occasion, Occasion]:
    """The year's end of two committees: one with a result of 10 tkr, one with a deficit of 4 tkr."""
    home = _annual(alingsas.body, alingsas.occasion("2022-08").model)
    other = _other(alingsas)
    for world, result in ((alingsas.world, 10_000), (other, -4_000)):
        world.outcome(
            date(2022, 1, 1), date(2023, 1, 1), intakter=50_000, personal=-90_000 + result, lokaler=0, kop_tjanster=0,
            ovriga=0, kommunbidrag=40_000, finansnetto=0,
        )  # fmt: skip
    return home, other.occasions["2022-12"]


def locked(occasion: Occasion, kind: str) -> Report:
    report = open_draft(Occasion.objects.get(pk=occasion.pk), kind, None)
    return lock(report, None, {one.mark for one in check(report)})


def table(made: Assembly, caption: str) -> Table:
    return next(one for one in tables(made.document) if one.caption.startswith(caption))


def states(made: Assembly) -> dict[str, str]:
    rows = table(made, "Nämndernas rapporter").rows
    return {
        str(row.cells["namnd"]): cell.label for row in rows if isinstance(cell := row.cells["lage"], Status)
    }


def test_only_what_is_locked_is_compiled(two: tuple[Occasion, Occasion]) -> None:
    home, other = two
    draft = open_draft(home, KIND, None)
    with written(draft) as made:
        assert states(made) == {"Kulturnämnden": "Inte låst", "Vård- och omsorgsnämnden": "Inte låst"}
    with pytest.raises(ReportFault, match="ingen nämnd har låst sin rapport för Årsbokslut 2022"):
        lock(draft, None)

    locked(home, "arsbokslut")
    with written(draft) as made:
        assert states(made)["Vård- och omsorgsnämnden"] == "Låst"
        assert printed(table(made, "Årets resultat per nämnd")).keys() == {"Vård- och omsorgsnämnden"}

    locked(other, "arsbokslut")
    OutcomeLine.objects.filter(committee=other.committee).update(
        amount=0
    )  # after it was locked: does not count
    with written(draft) as made:
        rows = printed(table(made, "Årets resultat per nämnd"))
        assert (rows["Kulturnämnden"][1], rows["Vård- och omsorgsnämnden"][1]) == ("−4", "10")
        assert rows["Alla nämnder"][1] == "6"
        refs = [one.ref for one in numbers(made.document) if one.ref is not None]
        assert refs and all(ref.key[0][0] == "namnd" for ref in refs)
        address = presenting.figure_url(draft)
        mine = next(ref for ref in refs if ref.key[0][1] == "alingsas-kun")
        assert address(mine).startswith("/alingsas-kun/2022/") and "namnd=" not in address(mine)

    done = locked(home, KIND)
    codes = {code for _, code in compiled.homes(done).values()}
    assert codes == set(document_of(done).snapshot_id.split(", ")) and len(codes) == 2
    assert [one.path.rsplit("/", 1)[-1] for one in done.files.filter(format="pdf")] == [
        "kommunsammanstallning-2022.pdf"
    ]


def test_a_committee_may_be_named_in_a_comment(two: tuple[Occasion, Occasion]) -> None:
    home, _ = two
    locked(home, "arsbokslut")
    draft = open_draft(home, KIND, None)
    draft.comments.create(
        section="samlad", text="Resultatet är {{ekonomi.drift.utfall[alingsas-von, resultat]|tkr}}."
    )
    assert not [one for one in check(draft) if one.blocks]


def test_what_came_later_is_read_in_before_the_occasion(
    two: tuple[Occasion, Occasion], tmp_path: Path
) -> None:
    home, _ = two
    worlds.measure(worlds.World(home.committee, {}, {}), "andel")
    (tmp_path / "mattvarden.csv").write_text(
        "matt;period;enhet;kon;varde;taljare;namnare;jamforelse;status;orsak;kalla\n"
        "andel;2022;;alla;58;;;kommun;final;;prov\n",
        encoding="utf-8",
    )
    demo.load_later(home, tmp_path / "saknas", None)
    assert not home.committee.measures.get(code="andel").values.exists()
    for _ in range(2):
        demo.load_later(home, tmp_path, None)
        assert [value.value for value in home.committee.measures.get(code="andel").values.all()] == [58]
