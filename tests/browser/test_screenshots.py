"""The pictures of the documentation: each that is declared exists and is small, and nothing else lies beside them."""

from __future__ import annotations

import pytest
from PIL import Image

from tests.browser.screenshots import ALL, DOCS, LIMIT, WINDOWS, declared, gallery

PICTURES = declared()
FILES = [*(one.file for one in PICTURES.pages), *(one.file for one in PICTURES.documents)]


@pytest.mark.parametrize("name", FILES)
def test_each_picture_exists_and_is_small(name: str) -> None:
    path = DOCS / name
    assert path.is_file(), "kör make screenshots"
    assert 3_000 < path.stat().st_size <= LIMIT
    with Image.open(path) as picture:
        assert min(picture.size) >= 500


def test_nothing_else_lies_among_the_pictures() -> None:
    assert len(FILES) == len(set(FILES))
    found = {path.name for path in DOCS.iterdir()}
    assert found == {*FILES, "bilder.yaml", "README.md"}
    assert sum(path.stat().st_size for path in DOCS.iterdir()) <= ALL


def test_the_gallery_is_what_is_declared() -> None:
    assert (DOCS / "README.md").read_text(encoding="utf-8") == gallery(PICTURES)


def test_each_page_is_in_words_and_of_a_window_that_exists() -> None:
    for one in PICTURES.pages:
        assert one.window in WINDOWS
        assert one.page.startswith("/")
        assert one.caption.endswith(".")


def test_the_pictures_that_are_shown_elsewhere_exist() -> None:
    text = (DOCS.parents[1] / "README.md").read_text(encoding="utf-8")
    shown = [part.partition(")")[0] for part in text.split("docs/bilder/")[1:]]
    assert shown
    assert set(shown) <= {*FILES, "README.md"}
