"""The menu as the handbook tells it is the menu."""

from __future__ import annotations

from tests.docs.reading import HANDBOOK


def test_the_menu_is_told_whole_and_in_order() -> None:
    from roder.web.context import BLOCKS
    from roder.web.urls import entries

    page = (HANDBOOK / "hitta-ratt.md").read_text(encoding="utf-8")
    for block in filter(None, BLOCKS):
        mine = sorted((one for one in entries() if one.block == block), key=lambda one: one.order)
        assert f"| {block} | {', '.join(one.label for one in mine)} |" in page
