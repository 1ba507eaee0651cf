"""The dashboard's blueprint, with the views of every page."""

from api.dashboard import pair, world
from api.dashboard.pages import blp

#: Modules whose import registers their pages.
VIEWS = (pair, world)

__all__ = ["VIEWS", "blp"]
