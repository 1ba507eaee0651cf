"""The dashboard's blueprint, with the views of every page."""

from api.dashboard import pair
from api.dashboard.pages import blp

#: Modules whose import registers their pages.
VIEWS = (pair,)

__all__ = ["VIEWS", "blp"]
