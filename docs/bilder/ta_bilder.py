"""Take the pictures of README.md against a running demonstration.

    roder demo --port 8475 --out OUT
    python docs/bilder/ta_bilder.py http://127.0.0.1:8475 LÖSENORD OUT

Needs Playwright with Chromium (or CHROMIUM=/usr/bin/chromium), pdftoppm (poppler-utils) and Pillow.
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

HERE = Path(__file__).parent
SIZE = {"width": 1280, "height": 860}
PHONE = {"width": 390, "height": 780}
HOME = "/alingsas-von/2022/"
LIMIT = 250_000


def keep(name: str, png: bytes) -> None:
    """Save a picture with a palette, below the limit."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    picture = picture.crop((0, 0, picture.width, min(picture.height, picture.width * 6 // 5)))
    picture.quantize(128, dither=Image.Dither.NONE).save(HERE / f"{name}.png", optimize=True)
    size = (HERE / f"{name}.png").stat().st_size
    if size > LIMIT:
        raise SystemExit(f"{name}.png: {size} byte, högst {LIMIT}")


def log_in(page: Page, base: str, password: str, role: str = "controller") -> None:
    """As one of the demonstration's people."""
    page.goto(f"{base}/konto/login/")
    page.fill("input[name=login]", f"{role}@demo.roder.example")
    page.fill("input[name=password]", password)
    page.click("button[type=submit]")
    page.wait_for_load_state()


def main(base: str, password: str, out: Path) -> None:
    """All the pictures."""
    with sync_playwright() as browsers:
        browser = browsers.chromium.launch(
            executable_path=os.environ.get("CHROMIUM"), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport=SIZE, locale="sv-SE")
        log_in(page, base, password)
        page.goto(f"{base}{HOME}")
        keep("start", page.screenshot())
        page.goto(f"{base}{HOME}mal/?tillfalle=2022-08")
        keep("malkedja", page.screenshot())
        page.set_viewport_size({"width": 1600, "height": 1000})
        page.goto(f"{base}{HOME}rapporter/manadsuppfoljning/2022-05/")
        number = page.locator("a", has_text="−10\u00a0802").first
        number.scroll_into_view_if_needed()
        number.click()
        page.wait_for_selector("#panel-content *")
        page.wait_for_load_state("networkidle")
        keep("rapport", page.screenshot())
        page = browser.new_page(viewport=SIZE, locale="sv-SE")
        log_in(page, base, password, "mas")
        page.goto(f"{base}{HOME}kvalitet/statistik/")
        keep("statistik", page.screenshot())
        page = browser.new_page(viewport=PHONE, locale="sv-SE", device_scale_factor=2)
        log_in(page, base, password, "care-staff")
        page.goto(f"{base}{HOME}avvikelser/rapportera/")
        keep("telefon", page.screenshot())
        browser.close()
    pdf = out / "alingsas" / "manadsuppfoljning-2022-05.pdf"
    png = subprocess.run(  # noqa: S603
        ["pdftoppm", "-png", "-r", "84", "-f", "1", "-l", "1", str(pdf)], check=True, capture_output=True  # noqa: S607
    ).stdout
    keep("pdf", png)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
