"""The pictures: what is drawn is what was measured; the same policy looks the same everywhere."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from matplotlib.markers import MarkerStyle

from sim.errors import IntakeLabError
from sim.policies.catalogue import POLICY_NAMES
from sim.report import figures
from sim.report.gathered import Evidence
from sim.report.page_files import check_target, write_figures, write_whole
from sim.report.palette import MARKERS, styles
from sim.report.pictures import pictures
from sim.report.typical import median_replication, stories


def test_every_policy_has_a_look_of_its_own() -> None:
    looks = styles(POLICY_NAMES)
    assert len({(look.colour, look.line) for look in looks.values()}) == len(POLICY_NAMES)
    assert len({look.marker for look in looks.values()}) == len(POLICY_NAMES)


def test_a_policy_looks_the_same_whoever_stands_beside_it() -> None:
    everybody = styles(["my-own", *POLICY_NAMES])
    assert all(styles([name])[name] == everybody[name] for name in POLICY_NAMES)


def test_the_curve_is_the_share_done(evidence: Evidence) -> None:
    found = evidence.comparison
    runs = figures.reached(found, "always-accept", "delay")
    deadline = evidence.scenario.project.deadline
    share = float(np.mean(runs <= deadline + 1e-9))
    assert share == found.level("always-accept", "on_time").mean
    assert figures.quantile(np.array([1.0, 2.0, 3.0, 4.0]), 0.5) == 2.0
    assert figures.quantile(np.array([1.0, 2.0, 3.0, 4.0]), 0.85) == 4.0


def test_a_run_that_was_cut_off_is_never_done(evidence: Evidence) -> None:
    found = evidence.comparison
    frame = found.frame.copy()
    frame.loc[frame["policy"] == "always-accept", ["delay", "censored"]] = [
        found.scenario.project.horizon - found.scenario.project.deadline, 1.0]
    cut = replace(found, frame=frame)
    assert np.isinf(figures.reached(cut, "always-accept", "delay")).all()
    assert np.isinf(figures.reached(cut, "always-accept", "cost")).all()


def test_hollow_means_not_real(evidence: Evidence) -> None:
    axes = figures.differences(evidence.comparison, evidence.choice.best, "delay", evidence.comparison.adoptable)
    points = [line for line in axes.get_lines() if line.get_marker() not in ("None", "")]
    shown = [name for name in evidence.comparison.adoptable if name != evidence.choice.best]
    assert len(points) == len(shown)
    for line, name in zip(points, reversed(shown), strict=True):
        gap = evidence.gap(name, "delay")
        assert line.get_xdata()[0] == gap.mean
        assert (line.get_markerfacecolor() == "white") == (not gap.excludes_zero)


def test_the_median_replication_has_the_median_difference(evidence: Evidence) -> None:
    best, rival = evidence.choice.best, evidence.choice.rival
    found = evidence.comparison
    gaps = found.values(rival, "delay") - found.values(best, "delay")
    number = median_replication(found, best, rival, "delay")
    assert abs(gaps[number] - gaps.median()) == (gaps - gaps.median()).abs().min()


def test_three_different_requests_are_told(evidence: Evidence) -> None:
    told = stories(evidence.pair)
    assert len({story.number for story in told}) == 3
    for story in told:
        row = evidence.pair.best.requests.loc[story.number]
        assert (row["fate"] == "delivered") == story.best[-1].startswith("Delivered")


def test_pictures_and_tables_are_written_beside_the_page(evidence: Evidence, tmp_path: Path) -> None:
    written = write_figures(tmp_path / "new", evidence)
    assert {path.suffix for path in written} == {".svg", ".png", ".csv"}
    assert len(written) == 2 * len(pictures(evidence)) + 5
    assert (tmp_path / "new" / "chances.csv").read_text(encoding="utf-8").startswith("policy,")


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    target = tmp_path / "page.html"
    write_whole(target, b"old")
    with pytest.raises(IntakeLabError, match="cannot be written"):
        write_whole(tmp_path / "none" / "page.html", b"new")
    write_whole(target, b"new")
    assert target.read_bytes() == b"new"
    assert [path.name for path in tmp_path.iterdir()] == ["page.html"]


def test_a_place_that_cannot_be_written_is_refused_at_once(tmp_path: Path) -> None:
    for target, words in ((tmp_path, "is a folder"), (tmp_path / "none" / "page.html", "there is no folder")):
        with pytest.raises(IntakeLabError, match=words):
            check_target(target)


def test_every_marker_can_be_hollow_or_edged() -> None:
    """Others make the library warn."""
    assert all(MarkerStyle(marker).is_filled() for marker in MARKERS)
