"""``intakelab report`` as it is typed."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.cli import app
from sim.cli.failures import guarded


def typed(*words: str) -> int:
    return guarded(lambda: app(["report", *words], standalone_mode=False))


SMALL = ("classroom", "-p", "always-accept", "-p", "co-evaluated", "-n", "3", "--per-end", "2", "--workers", "1")


def test_it_writes_a_page_and_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "decision.html"
    assert typed(*SMALL, "--out", str(out), "--set", "customer.request_rate=0.2") == 0
    assert "written" in capsys.readouterr().out
    assert "--set customer.request_rate=0.2 --replications 3 --per-end 2 --seed 1" in out.read_text(encoding="utf-8")


@pytest.mark.parametrize(("words", "said"), [
    (("nowhere.toml",), "nowhere.toml"),
    (("classroom", "-p", "always-accept", "--no-anchors"), "at least two policies"),
    (("classroom", "--out", "none/page.html"), "there is no folder"),
    (("classroom", "--set", "customer.apetite=1"), "apetite"),
])
def test_what_cannot_be_done_is_one_clear_message(
    words: tuple[str, ...], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert typed(*words, "-n", "2", "--workers", "1") == 2
    error = capsys.readouterr().err
    assert said in error
    assert "Traceback" not in error
    assert not list(tmp_path.iterdir())


def test_pdf_without_a_browser_is_refused_before_anything_runs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert typed(*SMALL, "--out", str(tmp_path / "a.html"), "--pdf", str(tmp_path / "a.pdf")) == 2
    assert "needs Chromium or Chrome" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_a_results_folder_is_reported_from_its_own_runs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import sim

    monkeypatch.chdir(tmp_path)
    Path("q.toml").write_text(
        'name = "q"\nquestion = "why?"\nscenarios = ["classroom"]\npolicies = ["always-accept", "co-evaluated", "change-board"]\nseed = 9\n'
        '[design]\nkind = "sweep"\n[[factors]]\nkey = "customer.request_rate"\nlevels = [0.2]\n', encoding="utf-8")
    sim.run("q.toml", replications=4, out="kept")
    assert typed("kept", "--per-end", "2", "--point", "1", "--workers", "1", "--out", "page.html") == 0
    page = Path("page.html").read_text(encoding="utf-8")
    assert "intakelab report kept --point 1" in page
    assert "seed 9, 4 replications" in page
    assert typed("kept", "--point", "7") == 2
    assert "design point 7 is not there; there are 0 to 1" in capsys.readouterr().err
    assert typed("kept", "--policy", "always-accept") == 2
    assert "has its runs already" in capsys.readouterr().err


def test_what_was_fitted_is_said_to_be_measured_and_all_else_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("mine.toml").write_text(
        'name = "mine"\n[project]\nplanned_items = 6\ndeadline = 20.0\nhorizon = 60.0\n[customer]\nrequest_rate = 0.37\n', encoding="utf-8")
    words = ("mine.toml", *SMALL[1:], "--out", "page.html")
    assert typed(*words) == 0
    assert "Nothing on this page was measured on your project" in Path("page.html").read_text(encoding="utf-8")
    Path("mine.draws.csv").write_text("customer.request_rate\n0.3\n0.4\n", encoding="utf-8")
    assert typed(*words) == 0
    page = Path("page.html").read_text(encoding="utf-8")
    assert "Fitted to data of this project: request rate 0.37 requests/day." in page
    assert "--input-uncertainty" in page
    assert typed(*words, "--set", "customer.request_rate=0.9") == 0
    assert "Fitted to data" not in Path("page.html").read_text(encoding="utf-8"), "replaced by hand, it is not measured"
