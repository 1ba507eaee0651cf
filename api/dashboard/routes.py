"""The dashboard's blueprint, with the views of every page."""

from api.dashboard import country, events, live, pair, search, trial, world
from api.dashboard.pages import blp

#: Modules whose import registers their pages.
VIEWS = (country, events, live, pair, search, trial, world)

__all__ = ["VIEWS", "blp"]
