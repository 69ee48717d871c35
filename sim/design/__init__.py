"""Designs: from factors to design points, one design a file. The same call always gives the same points."""

from sim.design.anatomy import anatomy, anatomy_points
from sim.design.design_table import table, table_from_text
from sim.design.factor import Factor, StudyError
from sim.design.factorial import Aliasing, aliasing, factorial, fractional
from sim.design.knockout import knockout
from sim.design.latin import latin
from sim.design.morris import morris
from sim.design.point import DesignPoint, points_frame, realise
from sim.design.saltelli import saltelli
from sim.design.sweep import sweep

__all__ = [
    "Aliasing", "DesignPoint", "Factor", "StudyError", "aliasing", "anatomy", "anatomy_points", "factorial", "fractional",
    "knockout", "latin", "morris", "points_frame", "realise", "saltelli", "sweep", "table", "table_from_text",
]  # fmt: skip
