"""What became of a request, from the words of its resolution and its status; the lists can be extended."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from sim.fit.trackers import ANY, Tracker

OUTCOMES = ("accepted", "rejected", "duplicate", "deferred", "withdrawn", "unknown", "open")
"""What a row can be; `unknown` is closed with a word that is on no list."""

RESOLUTIONS: Mapping[str, tuple[str, ...]] = {
    "accepted": ("Fixed", "Done", "Implemented", "Workaround", "Pending Closed", "Completed", "Complete", "Delivered", "Released",
                 "Fixed and verified", "Acceptance tests pass", "Work finished", "Code complete", "Ready for production"),
    "rejected": ("Won't Fix", "Won't Do", "Will not fix", "Invalid", "Not A Problem", "Not A Bug", "Cannot Reproduce",
                 "Works for Me", "Information Provided", "Declined", "Rejected", "Not planned", "As Designed", "By Design",
                 "Incomplete", "Not an Issue", "Removed", "Cut", "Not reproducible"),
    "duplicate": ("Duplicate", "Duplicated", "Cloned", "Superseded"),
    "deferred": ("Later", "Remind", "Deferred", "Postponed", "On hold", "Not now"),
    "withdrawn": ("Abandoned", "Withdrawn", "Cancelled", "Canceled", "Obsolete", "Outdated", "Stale", "Auto Closed", "Timed out"),
}
STATUSES: Mapping[str, tuple[str, ...]] = {
    **{outcome: words for outcome, words in RESOLUTIONS.items() if outcome != "accepted"},
    "accepted": (*RESOLUTIONS["accepted"], "Closed", "Resolved", "Verified"),
}
REOPENED = frozenset({"reopened", "reopen"})
STILL_OPEN = frozenset({"open", "new", "todo", "inprogress", "active", "backlog", "feedback", "assigned", "patchavailable",
                        "inreview", "approved", "committed"}) | REOPENED


def plain(word: str) -> str:
    """A word without case, blanks and signs: ``Won't Fix`` and ``wontfix`` are the same."""
    return re.sub(r"[\W_]+", "", word.casefold())


class Lists:
    """The lists of words, with a tracker's own and with what the user added; his words go before all.

    Parameters
    ----------
    accepted, rejected
        Resolutions or statuses that mean yes, and no.
    tracker
        Whose words they are.
    """

    def __init__(self, accepted: Iterable[str] = (), rejected: Iterable[str] = (), tracker: Tracker = ANY) -> None:
        own = _inverted({"accepted": tracker.accepted, "rejected": tracker.rejected}) | _inverted(
            {"accepted": accepted, "rejected": rejected})
        self.resolutions = _inverted(RESOLUTIONS) | own
        self.statuses = _inverted(STATUSES) | own
        self.waiting = STILL_OPEN | set(map(plain, tracker.waits))

    def outcome(self, resolution: str, status: str) -> str:
        """What became of a closed request.

        Examples
        --------
        >>> Lists().outcome("Won't Fix", "Closed"), Lists().outcome("", "closed"), Lists(accepted=["Moved"]).outcome("moved", "")
        ('rejected', 'accepted', 'accepted')
        """
        word = plain(resolution)
        if word:
            return self.resolutions.get(word, "unknown")
        return self.statuses.get(plain(status), "unknown" if status else "accepted")

    def closes(self, status: str) -> bool:
        """Whether a status says that the request is closed, also without a day."""
        return plain(status) in self.statuses and plain(status) not in self.waiting


def _inverted(lists: Mapping[str, Iterable[str]]) -> dict[str, str]:
    return {plain(word): outcome for outcome, words in lists.items() for word in words}
