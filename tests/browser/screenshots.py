"""The pictures of ``docs/bilder``: taken of a demonstration, so that they stay true. ``make screenshots`` runs this.

What is pictured is declared in ``docs/bilder/bilder.yaml``: pages as a role sees them, and the first page of documents.
Demo data is made in a folder of its own (five minutes), unless ``--home`` names one where it lies already.
"""

from __future__ import annotations

import io
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import click
import pypdfium2
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright
from ruamel.yaml import YAML

from roder.core.yamlfile import Shape
from tests.browser.chromium import FLAGS, chromium
from tests.browser.walk import log_in

DOCS = Path(__file__).parents[2] / "docs" / "bilder"
DECLARED = DOCS / "bilder.yaml"
LIMIT = 170_000  # bytes of one picture
ALL = 6_000_000  # bytes of them all
WINDOWS = {"dator": (1280, 900), "telefon": (390, 800), "bred": (1600, 1000)}
PAPER_WIDTH = 700  # pixels of a document's picture
COLOURS = 96
SWEDISH: dict[str, str | float | bool] = {
    **os.environ,
    "LANGUAGE": "sv",
    "LANG": "sv_SE.UTF-8",
}  # date fields are drawn as the browser's language


class PagePicture(Shape):
    """A page: its address after the demonstration's, who looks at it, and what is done before the picture."""

    file: str
    page: str
    role: str = ""  # nobody has logged in
    window: str = "dator"
    click: tuple[str, ...] = ()  # what is clicked, one after the other, as a selector
    dark: bool = False
    height: int = 0  # of the window, when it is not the usual
    caption: str
    room: str


class PaperPicture(Shape):
    """The first page of a document: its file in the folder that the demonstration writes."""

    file: str
    pdf: str
    caption: str


class Pictures(Shape):
    """All of them, in the order of the gallery."""

    pages: tuple[PagePicture, ...]
    documents: tuple[PaperPicture, ...]


def declared(path: Path = DECLARED) -> Pictures:
    """What ``bilder.yaml`` says."""
    return Pictures.model_validate(YAML(typ="safe").load(path.read_text(encoding="utf-8")))


def gallery(pictures: Pictures) -> str:
    """``docs/bilder/README.md``: every picture with its words, by room."""
    lines = [
        "# Bilder", "",
        "Sidorna och handlingarna som de ser ut med exempeldata. Sidan och bilderna görs av `make screenshots` ur",
        "[bilder.yaml](bilder.yaml); ändra där, inte här.",
    ]  # fmt: skip
    for room in dict.fromkeys(one.room for one in pictures.pages):
        lines += ["", f"## {room}"]
        for one in pictures.pages:
            if one.room == room:
                lines += ["", f"![{one.caption}]({one.file})", "", one.caption]
    lines += ["", "## Handlingar", "", "Första sidan av varje."]
    for paper in pictures.documents:
        lines += ["", f"![{paper.caption}, första sidan]({paper.file})", "", paper.caption]
    return "\n".join(lines) + "\n"


def keep(name: str, picture: Image.Image) -> None:
    """Save with a palette. Raises click.ClickException when it is too large."""
    path = DOCS / name
    picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    if (size := path.stat().st_size) > LIMIT:
        raise click.ClickException(f"{name}: {size} byte, högst {LIMIT}")


def take_page(page: Page, base: str, one: PagePicture) -> Image.Image:
    """What the window shows when everything is fetched."""
    page.goto(base + one.page)
    for selector in one.click:
        page.locator(selector).first.click()
        page.wait_for_load_state("networkidle")
    page.wait_for_load_state("networkidle")
    return Image.open(io.BytesIO(page.screenshot(animations="disabled", caret="hide")))


def take_pages(browser: Browser, base: str, password: str, pictures: list[PagePicture]) -> None:
    """Each page, logged in once for each role, window and colour scheme."""
    pages: dict[tuple[str, str, bool, int], Page] = {}
    for one in pictures:
        how = (one.role, one.window, one.dark, one.height)
        if how not in pages:
            width, height = WINDOWS[one.window]
            context = browser.new_context(
                viewport={"width": width, "height": one.height or height}, locale="sv-SE",
                color_scheme="dark" if one.dark else "light", device_scale_factor=1.5 if width < 500 else 1,
            )  # fmt: skip
            pages[how] = context.new_page()
            if one.role:
                log_in(pages[how], base, one.role, password)
        keep(one.file, take_page(pages[how], base, one))
        click.echo(f"  {one.file}")


def take_paper(out: Path, one: PaperPicture) -> None:
    """The first page of the PDF."""
    document = pypdfium2.PdfDocument(out / one.pdf)
    first = document[0]
    picture = first.render(scale=PAPER_WIDTH / first.get_width()).to_pil()
    keep(one.file, picture)
    document.close()


def demo_data(home: Path) -> tuple[Path, Path]:
    """The demonstration's data directory and its documents, made now if they are not there."""
    data, out = home / "data", home / "out"
    if not ((data / "demo-password").is_file() and out.is_dir()):
        click.echo("Exempeldata görs, det tar några minuter …")
        home.chmod(0o711)  # the database runs as a user of its own
        run = [sys.executable, "-m", "roder.core.cli", "demo", "--no-serve", "--out", str(out)]
        subprocess.run(run, check=True, env=environment(data), stdout=subprocess.DEVNULL)
    return data, out


def environment(data: Path) -> dict[str, str]:
    """As it is here, with the demonstration's data directory and no database of one's own."""
    kept = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "RODER_TESTING")}
    return {**kept, "RODER_DATA_DIR": str(data), "RODER_SMTP": "console"}


@contextmanager
def serving(data: Path) -> Iterator[str]:
    """The web of that data on a port of its own; its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    run = [
        sys.executable,
        "-m",
        "roder.core.cli",
        "serve",
        "--port",
        str(port),
        "--workers",
        "1",
        "--no-jobs",
    ]
    server = subprocess.Popen(run, env=environment(data), stdout=subprocess.DEVNULL)
    base = f"http://127.0.0.1:{port}"
    try:
        wait_for(f"{base}/halsa/", server)
        yield base
    finally:
        server.terminate()
        server.wait(60)


def wait_for(address: str, server: subprocess.Popen[bytes], seconds: int = 180) -> None:
    """Until the server answers. Raises click.ClickException when it has stopped, or after some minutes."""
    until = time.monotonic() + seconds
    while time.monotonic() < until and server.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=10):  # noqa: S310 - our own address
                return
        except OSError:
            time.sleep(0.5)
    raise click.ClickException("webben startade inte")


@click.command()
@click.option(
    "--home",
    type=click.Path(file_okay=False, path_type=Path),
    help="Mapp med data/ och out/ från roder demo.",
)
@click.option("--only", default="", help="Bara bilder vars filnamn innehåller detta.")
def main(home: Path | None, only: str) -> None:
    """Ta bilderna i docs/bilder och skriv deras sida."""
    pictures = declared()
    with ExitStack() as stack:
        place = home or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="roder-bilder-")))
        data, out = demo_data(place)
        for paper in pictures.documents:
            if only in paper.file:
                take_paper(out, paper)
        password = (data / "demo-password").read_text(encoding="utf-8").strip()
        base = stack.enter_context(serving(data))
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(
            executable_path=chromium(), args=[*FLAGS, "--lang=sv-SE"], env=SWEDISH
        )
        take_pages(browser, base, password, [one for one in pictures.pages if only in one.file])
        browser.close()
    (DOCS / "README.md").write_text(gallery(pictures), encoding="utf-8")
    total = sum(path.stat().st_size for path in DOCS.glob("*.png"))
    click.echo(f"{len(list(DOCS.glob('*.png')))} bilder, {total / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
