"""The seat: somebody else than a policy answers the requests, and is shown what an evaluator sees. No pandas, no pydantic."""

from sim.game.game import Frame, Game, Pause
from sim.game.human import Human, NeedDecision
from sim.game.legal import ANSWERS, legal_answers
from sim.game.playing import MOST, play, run_game
from sim.game.seat import Seat

__all__ = ["ANSWERS", "MOST", "Frame", "Game", "Human", "NeedDecision", "Pause", "Seat", "legal_answers", "play", "run_game"]
