"""The page in a real browser: no script, no network, nothing that a screen reader or a phone would trip over."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.report.gathered import Evidence
from sim.report.page import render
from sim.report.page_files import browser

needs_browser = pytest.mark.skipif(browser() is None, reason="no Chromium on this machine")


@needs_browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1100, 390])
def test_it_is_accessible_asks_for_nothing_and_fits(evidence: Evidence, tmp_path: Path, scheme: str, width: int) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    api = pytest.importorskip("playwright.sync_api")
    page_file = tmp_path / "decision.html"
    page_file.write_text(render(evidence), encoding="utf-8")
    with api.sync_playwright() as play:
        quiet = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
        chromium = play.chromium.launch(executable_path=browser(), args=quiet)
        page = chromium.new_page(color_scheme=scheme, viewport={"width": width, "height": 900})
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(page_file.as_uri())
        found = axe.Axe().run(page)
        wide = page.evaluate("document.documentElement.scrollWidth")
        page.keyboard.press("Tab")
        first = page.evaluate("document.activeElement.textContent")
        chromium.close()
    assert found.violations_count == 0, found.generate_report()
    assert asked == [page_file.as_uri()]
    assert wide <= width
    assert first, "the keyboard reaches something"
