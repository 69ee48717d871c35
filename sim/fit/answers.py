"""What became of a request, from the words of its resolution and its status; the lists can be extended."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from sim.fit.trackers import ANY, Tracker

OUTCOMES = ("accepted", "rejected", "duplicate", "deferred", "withdrawn", "unknown", "open")
"""What a row can be; `unknown` is closed with a word that is on no list, or with one that tells no answer."""
CLOSED = "closed"
"""Closed, and nothing says with which answer; becomes one of the above when the whole log is known (`sim.fit.clean`)."""

RESOLUTIONS: Mapping[str, tuple[str, ...]] = {
    "accepted": ("Fixed", "Done", "Implemented", "Workaround", "Pending Closed", "Completed", "Complete", "Delivered", "Released",
                 "Fixed and verified", "Acceptance tests pass", "Work finished", "Code complete", "Ready for production", "Shipped",
                 "Solved", "Solved (Permanently)", "Solved (Work Around)", "Solution provided", "Successful", "Merged",
                 "Erledigt", "Fertig", "Behoben", "Umgesetzt", "Gel\u00f6st", "Fertiggestellt", "Abgeschlossen", "Implementiert",
                 "Termin\u00e9", "Termin\u00e9e", "Corrig\u00e9", "Corrig\u00e9e", "Livr\u00e9", "Fait", "R\u00e9alis\u00e9",
                 "Hecho", "Corregido", "Completado", "Fatto", "Completato", "Conclu\u00eddo", "Corrigido", "Klaar", "Opgelost"),
    "rejected": ("Won't Fix", "Won't Do", "Will not fix", "Invalid", "Not A Problem", "Not A Bug", "Cannot Reproduce",
                 "Works for Me", "Information Provided", "Declined", "Rejected", "Reject", "Not planned", "As Designed",
                 "By Design",
                 "Incomplete", "Not an Issue", "Removed", "Cut", "Not reproducible", "Can't reproduce", "Wont implement",
                 "Not Solved", "Not Solved (Not Reproducible)", "Not Solved (Too Costly)", "Unsuccessful", "Out of scope",
                 "Abgelehnt", "Abgewiesen", "Zur\u00fcckgewiesen", "Wird nicht behoben", "Wird nicht erledigt",
                 "Wird nicht gemacht",
                 "Nicht reproduzierbar", "Kann nicht reproduziert werden", "Ung\u00fcltig", "Unvollst\u00e4ndig",
                 "Ne sera pas fait", "Ne sera pas corrig\u00e9", "Rejet\u00e9", "Rejet\u00e9e", "Refus\u00e9", "Refus\u00e9e",
                 "Non reproductible", "Impossible \u00e0 reproduire", "Invalide", "Incomplet",
                 "Rechazado", "No se har\u00e1", "Rifiutato", "Rejeitado", "Afgewezen"),
    "duplicate": ("Duplicate", "Duplicated", "Cloned", "Superseded", "Closed as duplicate",
                  "Duplikat", "Doppelt", "Doublon", "Dupliqu\u00e9", "Duplicado", "Duplicato", "Dubbel"),
    "deferred": ("Later", "Remind", "Deferred", "Postponed", "On hold", "Not now", "Aufgeschoben", "Zur\u00fcckgestellt",
                 "Report\u00e9",
                 "Diff\u00e9r\u00e9"),
    "withdrawn": ("Abandoned", "Withdrawn", "Cancelled", "Canceled", "Obsolete", "Outdated", "Stale", "Auto Closed", "Timed out",
                  "Closed/Resolved by Caller", "Closed/Resolved by Customer", "Zur\u00fcckgezogen", "Abgebrochen", "Veraltet",
                  "Abandonn\u00e9", "Annul\u00e9", "Annul\u00e9e", "Obsol\u00e8te"),
}
STATUSES: Mapping[str, tuple[str, ...]] = {
    **RESOLUTIONS,
    CLOSED: ("Closed", "Resolved", "Verified", "Close", "Moved to state Closed", "Moved to state Done", "Moved to state Resolved",
             "Geschlossen", "Ferm\u00e9", "Ferm\u00e9e", "R\u00e9solu", "R\u00e9solue",
             "Cerrado", "Chiuso", "Fechado", "Gesloten"),
}
REOPENED = frozenset({"reopened", "reopen", "wiederge\u00f6ffnet", "erneutge\u00f6ffnet", "rouvert", "r\u00e9ouvert"})
STILL_OPEN = frozenset({
    "open", "opened", "new", "todo", "inprogress", "active", "backlog", "feedback", "assigned", "patchavailable", "inreview",
    "approved",
    "committed", "unconfirmed", "confirmed", "triage", "totriage", "needstriage", "untriaged", "triaged", "needinfo", "started",
    "doing",
    "ready", "readyfordev", "selectedfordevelopment", "inqa", "testing", "intesting", "blocked", "waiting", "waitingforcustomer",
    "waitingforsupport", "pending", "awaiting", "submitted", "accepted", "planned", "proposed", "icebox", "workinprogress",
    "inprocess",
    "codereview", "unresolved", "unstarted",
    "offen", "neu", "zuerledigen", "inarbeit", "inbearbeitung", "wartend", "blockiert", "inpr\u00fcfung", "zugewiesen",
    "ouvert", "ouverte", "nouveau", "nouvelle", "encours", "enattente", "\u00e0faire", "abierto", "nuevo", "enprogreso", "encurso",
    "aperto", "nuovo", "incorso", "aberto", "novo", "emandamento", "nieuw", "inbehandeling"}) | REOPENED


def plain(word: str) -> str:
    """A word without case, blanks and signs: ``Won't Fix`` and ``wontfix`` are the same."""
    return re.sub(r"[\W_]+", "", word.casefold())


class Lists:
    """The lists of words, with a tracker's own and with what the user added; his words go before all.

    Parameters
    ----------
    accepted, rejected, still_open
        Resolutions or statuses that mean yes, no, and not closed.
    tracker
        Whose words they are.
    """

    def __init__(self, accepted: Iterable[str] = (), rejected: Iterable[str] = (), tracker: Tracker = ANY,
                 still_open: Iterable[str] = ()) -> None:
        self.own = _inverted({"accepted": accepted, "rejected": rejected, "open": still_open})
        theirs = _inverted({"accepted": tracker.accepted, "rejected": tracker.rejected})
        self.resolutions = _inverted(RESOLUTIONS) | theirs
        self.statuses = _inverted(STATUSES) | theirs
        self.waiting = set(map(plain, tracker.waits))

    def outcome(self, resolution: str, status: str) -> str:
        """What became of a closed request; `CLOSED` where only that is said.

        Examples
        --------
        >>> Lists().outcome("Won't Fix", "Closed"), Lists().outcome("", "closed"), Lists(accepted=["Moved"]).outcome("moved", "")
        ('rejected', 'closed', 'accepted')
        """
        word, state = plain(resolution), plain(status)
        for own in (word, state):
            if own in self.own:
                return self.own[own]
        if word and word not in self.statuses:
            return "unknown"
        if word and self.statuses[word] != CLOSED:
            return self.resolutions.get(word, "unknown")
        return self.statuses.get(state, "unknown" if state else CLOSED)

    def known(self, word: str) -> bool:
        """Whether a word says that a request is closed, with an answer or without one."""
        return self.own.get(plain(word), self.statuses.get(plain(word), "open")) != "open"

    def still_open(self, status: str) -> bool:
        """Whether a status says that a request is open, whatever day of closing stands beside it."""
        state = plain(status)
        return self.own[state] == "open" if state in self.own else state in STILL_OPEN and state not in self.statuses

    def closes(self, status: str) -> bool:
        """Whether a status says that the request is closed, also without a day."""
        return self.known(status) and plain(status) not in self.waiting and not self.still_open(status)


def _inverted(lists: Mapping[str, Iterable[str]]) -> dict[str, str]:
    return {plain(word): outcome for outcome, words in lists.items() for word in words}
