"""The dashboard's blueprint, with the views of every page."""

from api.dashboard import country, curate, documents, events, live, pair, search, session, trial, world
from api.dashboard.pages import blp

#: Modules whose import registers their pages.
VIEWS = (country, curate, documents, events, live, pair, search, session, trial, world)

__all__ = ["VIEWS", "blp"]
