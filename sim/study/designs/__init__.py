"""Designs: from factors to design points, one design a file. The same call always gives the same points."""

from sim.study.designs.anatomy import anatomy, anatomy_points
from sim.study.designs.factor import Factor, StudyError
from sim.study.designs.factorial import Aliasing, aliasing, factorial, fractional
from sim.study.designs.knockout import knockout
from sim.study.designs.latin import latin
from sim.study.designs.morris import morris
from sim.study.designs.point import DesignPoint, points_frame, realise
from sim.study.designs.saltelli import saltelli
from sim.study.designs.sweep import sweep
from sim.study.designs.table import table, table_from_text

__all__ = [
    "Aliasing", "DesignPoint", "Factor", "StudyError", "aliasing", "anatomy", "anatomy_points", "factorial", "fractional",
    "knockout", "latin", "morris", "points_frame", "realise", "saltelli", "sweep", "table", "table_from_text",
]  # fmt: skip
