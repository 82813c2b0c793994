"""The client against a server that answers as Kolada does, and as it does when something is wrong."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from roder.kolada.cache import HOUR, Cache
from roder.kolada.client import Client
from roder.kolada.faults import KoladaFault
from roder.kolada.stub import Reply, Stub, Trouble, serving
from tests.kolada.conftest import RECORDED, fast


def told(trouble: Trouble, **options: object) -> str:
    """What a question for two key figures says when the server gives trouble."""
    with serving(RECORDED, trouble) as stub, pytest.raises(KoladaFault) as caught:
        fast(stub, tries=2, **options).kpis(["U21468"])
    return str(caught.value)


def body(values: object, **more: object) -> bytes:
    return json.dumps({"values": values, "count": 1, "next_url": None, **more}).encode()


def test_metadata_is_read(recorded: Stub) -> None:
    client = fast(recorded)
    kpi = client.kpis(["U21468"])[0]
    assert (kpi.operating_area, kpi.is_divided_by_gender, kpi.publ_period) == ("Äldreomsorg", True, "2022")
    assert client.municipalities(["1489"])[0].title == "Alingsås"
    groups = {group.title: len(group.members) for group in client.municipality_groups("Alingsås")}
    assert groups["Liknande kommuner äldreomsorg, Alingsås, 2021"] == 7
    assert client.units("1489") == []
    assert list(client.unit_values(["U21468"], ["V1"], [2020])) == [[]]


def test_values_by_key_figure_municipality_and_year_with_sexes(recorded: Stub) -> None:
    found = [
        one for page in fast(recorded).values(["U21468"], ["1489", "0000"], [2020, 2022]) for one in page
    ]
    values = {
        (one.place, one.period, value.gender): (value.value, value.status)
        for one in found
        for value in one.values
    }
    assert values["1489", 2020, "T"] == (95, "")
    assert values["0000", 2020, "T"] == (88, "")
    assert values["1489", 2022, "T"] == (None, "Missing")
    assert {sex for _, _, sex in values} == {"T", "K", "M"}


def test_long_questions_are_divided(recorded: Stub) -> None:
    client = fast(recorded)
    list(client.values(["U21468"], [f"{n:04}" for n in range(45)], list(range(1990, 2030))))
    assert client.requests == 3 * 2


def test_pages_are_followed_to_the_end(recorded: Stub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("roder.kolada.client.PER_PAGE", 7)
    pages = list(fast(recorded).values(["U21468"], [], [2019, 2020]))
    assert [len(page) for page in pages] == [7, 7, 7, 5]
    assert len({(one.place, one.period) for page in pages for one in page}) == 26


def test_a_page_on_another_server_is_not_asked() -> None:
    answer = Reply(200, body([{"id": "U21468", "title": "T"}], next_url="https://example.org/v3/kpi?page=2"))
    assert "leder till en annan server" in told(lambda number, path: answer)


def test_pages_that_never_end_are_a_fault() -> None:
    with (
        serving(
            RECORDED, lambda number, path: Reply(200, body([], next_url=f"http://127.0.0.1{path}"))
        ) as stub,
        pytest.raises(KoladaFault, match="tar aldrig slut"),
    ):
        fast(stub).kpis(["U21468"])


def test_it_waits_as_told_after_429_and_then_has_its_answer() -> None:
    def busy(number: int, path: str) -> Reply | None:
        return Reply(429, b"{}", {"Retry-After": "1"}) if number == 1 else None

    start = time.monotonic()
    with serving(RECORDED, busy) as stub:
        assert fast(stub).kpis(["U21468"])[0].id == "U21468"
    assert time.monotonic() - start >= 1


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (Reply(429, b"{}"), ("429", "Vänta en stund")),
        (Reply(500, b"fel"), ("fel (500)", "försök igen senare")),
        (Reply(422, b"{}"), ("godtar inte frågan", "kommunkoden och åren")),
        (Reply(403, b"{}"), ("svarar 403", "RODER_KOLADA_URL")),
        (Reply(200, body([{"id": "U21468", "title": "T"}])[:-9]), ("avhugget", "Hämta igen")),
        (Reply(200, body([{"id": "U21468", "title": "T"}]), cut=9), ("avhugget",)),
        (Reply(200, body([{"id": "U21468"}])), ("fältet ”values.title”", "saknas")),
        (Reply(200, body([{"id": 7, "title": "T"}])), ("fältet ”values.id”", "annat slag")),
        (Reply(200, b'{"data": []}'), ("fältet ”values”", "saknas")),
        (Reply(200, b"<html>Underh\xc3\xa5ll</html>"), ("en webbsida i stället för värden", "proxy")),
        (Reply(200, body([{"id": "U21468", "title": "T"}], count=5)), ("avhugget",)),
        (Reply(200, body([], count=0)), ("Kolada har inte nyckeltalet U21468", "kolada.se")),
        (Reply(404, b"{}"), ("Kolada har inte nyckeltalet U21468",)),
    ],
)
def test_faults_say_what_and_what_to_do(reply: Reply, words: tuple[str, ...]) -> None:
    said = told(lambda number, path: reply)
    for word in words:
        assert word in said
    assert said.endswith("Ingenting har sparats.")


def test_no_answer_is_said_with_the_server_and_what_to_check() -> None:
    client = Client("http://127.0.0.1:9/v3", tries=0)
    with pytest.raises(KoladaFault, match=r"går inte att nå på 127\.0\.0\.1:9 \(ingen förbindelse\).*proxy"):
        client.kpis(["U21468"])


def test_an_answer_that_takes_too_long() -> None:
    def slow(number: int, path: str) -> None:
        time.sleep(0.3)

    assert "inget svar i tid" in told(slow, timeout=0.05)


def test_questions_come_at_most_so_many_a_second(recorded: Stub) -> None:
    slept: list[float] = []
    now = [0.0]

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        now[0] += seconds

    client = Client(recorded.url, each_second=4, sleep=sleep, clock=lambda: now[0])
    for _ in range(3):
        client.municipalities()
    assert slept == [0.25, 0.25]


def test_what_was_asked_today_is_not_asked_again_and_later_only_whether_it_changed(
    recorded: Stub, tmp_path: Path
) -> None:
    now = [1_000_000.0]
    cache = Cache(tmp_path, now=lambda: now[0])
    for _ in range(2):
        assert fast(recorded, cache=cache).kpis(["U21468"])
    assert len(recorded.asked) == 1
    now[0] += 13 * HOUR
    client = fast(recorded, cache=cache)
    assert client.kpis(["U21468"]) and client.kpis(["U21468"])
    assert (len(recorded.asked), client.requests) == (2, 1)


def test_a_broken_answer_is_not_kept(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    said = told(lambda number, path: Reply(200, body([{"id": "U21468"}])), cache=cache)
    assert "har ändrat form" in said
    assert not list(tmp_path.iterdir())


def test_a_kept_file_that_cannot_be_read_is_as_none(recorded: Stub, tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    fast(recorded, cache=cache).kpis(["U21468"])
    next(tmp_path.iterdir()).write_bytes(b"skrap")
    assert fast(recorded, cache=cache).kpis(["U21468"])
    assert len(recorded.asked) == 2
    assert cache.forget_old() == 0
