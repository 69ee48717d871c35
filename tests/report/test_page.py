"""The page: complete, harmless, self-contained, in order."""

from __future__ import annotations

import re
import subprocess
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from sim.report.gathered import Evidence
from sim.report.page import render
from sim.report.page_files import browser

ORDER = ("answer", "dates", "behind", "chances", "effects", "customer", "creep", "levers", "stories", "basis")


class Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    return reader


@pytest.fixture(scope="module")
def page(evidence: Evidence) -> str:
    return render(evidence)


def test_the_sections_stand_in_their_order(page: str) -> None:
    found = [attrs["id"] for tag, attrs in read(page).tags if tag == "h2"]
    assert tuple(found) == ORDER


def test_headings_skip_no_level_and_there_is_one_first(page: str) -> None:
    levels = [int(tag[1]) for tag, _ in read(page).tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_text_from_the_file_is_text(page: str) -> None:
    assert "&lt;script&gt;alert" in page
    assert "<script" not in page
    assert "&lt;b&gt;" in page
    assert not any(tag == "script" or any(name.startswith("on") for name in attrs) for tag, attrs in read(page).tags)


def test_nothing_is_fetched(page: str) -> None:
    addresses = set(re.findall(r"https?://[^\s\"'<>)]+", page))
    assert addresses <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
    for _, attrs in read(page).tags:
        for name in ("src", "href", "xlink:href", "data", "srcset"):
            assert (attrs.get(name) or "#").startswith("#")
    assert "@import" not in page
    assert all(target.startswith("#") for target in re.findall(r"url\(([^)]*)\)", page))


def test_no_two_things_have_the_same_id_and_every_link_leads_somewhere(page: str) -> None:
    tags = read(page).tags
    ids = [attrs["id"] for _, attrs in tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    targets = {target[1:] for _, attrs in tags for name in ("href", "xlink:href") if (target := attrs.get(name))}
    assert targets <= set(ids)


def test_pictures_have_words_and_tables_have_captions_and_scopes(page: str) -> None:
    tags = read(page).tags
    pictures = [attrs for _, attrs in tags if attrs.get("role") == "img"]
    assert len(pictures) == 8
    assert all(len(attrs["aria-label"] or "") > 30 for attrs in pictures)
    names = [tag for tag, _ in tags]
    assert names.count("table") == names.count("caption") == 5
    assert all(attrs.get("scope") in ("col", "row") for tag, attrs in tags if tag == "th")


def test_the_page_is_small_and_never_says_nan(page: str) -> None:
    assert len(page.encode()) < 2_000_000
    words = re.sub(r"<svg.*?</svg>|<[^>]+>", " ", page, flags=re.S)
    assert not re.search(r"\b(nan|inf|None)\b", words)


def test_every_picture_is_well_formed(page: str) -> None:
    from xml.etree import ElementTree

    found = re.findall(r"<svg.*?</svg>", page, flags=re.S)
    assert len(found) == 8
    for text in found:
        assert ElementTree.fromstring(text).tag.endswith("svg")


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_text_stands_out_in_light_and_in_dark(page: str) -> None:
    schemes = [dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", rule)) for rule in re.findall(r":root \{([^}]*)\}", page)[:2]]
    assert len(schemes) == 2
    for scheme in schemes:
        for ink in ("ink", "soft", "link"):
            for paper in ("paper", "band"):
                lights = sorted((luminance(scheme[ink]), luminance(scheme[paper])))
                assert (lights[1] + 0.05) / (lights[0] + 0.05) >= 4.5


def test_the_same_evidence_makes_the_same_page(evidence: Evidence, page: str) -> None:
    assert render(evidence) == page


def test_a_stream_has_no_delay(stream: Evidence) -> None:
    words = re.sub(r"<svg.*?</svg>|<style.*?</style>|<[^>]+>", " ", render(stream), flags=re.S)
    assert "lead time" in words
    assert not re.search(r"\b(delay, days|by the deadline|done by day|finishes|nan|inf)\b", words)


@pytest.mark.skipif(browser() is None, reason="no Chromium or Chrome on the PATH")
def test_it_prints_on_a_few_pages(page: str, tmp_path: Path) -> None:
    from sim.report.page_files import write_pdf

    source, target = tmp_path / "page.html", tmp_path / "page.pdf"
    source.write_text(page, encoding="utf-8")
    write_pdf(source, target)
    content = target.read_bytes()
    assert content.startswith(b"%PDF")
    assert 2 <= len(re.findall(rb"/Type\s*/Page\b", content)) <= 4


def test_no_browser_is_a_clear_message(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from sim.errors import IntakeLabError
    from sim.report.page_files import write_pdf

    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: pytest.fail("nothing to run"))
    with pytest.raises(IntakeLabError, match="needs Chromium or Chrome"):
        write_pdf(tmp_path / "page.html", tmp_path / "page.pdf")
