"""A table of a web page, which some trackers save under the name of a workbook (.xls)."""

from __future__ import annotations

from html.parser import HTMLParser

from sim.fit.bounds import check_cells


class _Tables(HTMLParser):
    """The cells of each table of a page; of one within another, the inner one."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name, self.cells = name, 0
        self.tables: list[list[list[str]]] = []
        self._open: list[list[list[str]]] = []
        self._text: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._open.append([])
        elif tag == "tr" and self._open:
            self._end_cell()
            self._open[-1].append([])
        elif tag in ("td", "th") and self._open:
            self._end_cell()
            self._text = []
        elif tag == "br" and self._text is not None:
            self._text.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "tr"):
            self._end_cell()
        elif tag == "table" and self._open:
            self._end_cell()
            self.tables.append(self._open.pop())

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)

    def _end_cell(self) -> None:
        if self._text is not None and self._open:
            if not self._open[-1]:
                self._open[-1].append([])
            self._open[-1][-1].append(" ".join("".join(self._text).split()))
            self.cells += 1
            check_cells(self.cells, self.name)
        self._text = None


def web_rows(text: str, name: str) -> list[list[str]]:
    """The rows of the longest table of a page; none where it has none.

    Raises
    ------
    FitError
        Where it is too much.
    """
    parser = _Tables(name)
    parser.feed(text)
    parser.close()
    tables = [*parser.tables, *parser._open]  # one that is never closed
    return max(tables, key=len, default=[])
