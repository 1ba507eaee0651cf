"""Filters of the list of articles."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, fields, validate
from webargs.fields import DelimitedList

from entente.services.articles import STATUSES
from entente.services.errors import Contradiction
from entente.services.ports.articles import ArticleQuery
from entente.services.reading.articles import ArticleFilter
from schemas.fields import Cursor, Day, Text, Whole


class ArticleFilterSchema(Schema):
    """Filters of the list of articles. Days are inclusive and compare with `published_on`."""

    source = Text(high=200, metadata={"description": "Publisher exactly as the article's `source` names it"})
    publisher = Text(high=200, metadata={"description": "Publisher by name, alias or host: every name that it has"})
    status = DelimitedList(fields.String(validate=validate.OneOf(STATUSES)), validate=validate.Length(1, len(STATUSES)))
    from_ = Day(data_key="from")
    to = Day()
    url = Text(high=2048, metadata={"description": "URL of publication, exactly"})
    q = Text(
        high=200,
        metadata={
            "description": "Words that must all occur in the title, in any form and order; texts aren't searched"
        },
    )
    limit = Whole(low=1, high=500, load_default=50)
    cursor = Cursor()


def article_filter(asked: Mapping[str, Any]) -> ArticleFilter:
    """The loaded filters as an ArticleFilter. Raises Contradiction."""
    first, last = asked.get("from_"), asked.get("to")
    if first and last and first > last:
        raise Contradiction("to", f"{last} lies before {first}: no article can be in between")
    query = ArticleQuery(
        publishers=[asked["source"]] if "source" in asked else None,
        statuses=asked.get("status"),
        published_from=first,
        published_to=last,
        url=asked.get("url"),
        words=asked.get("q"),
    )
    return ArticleFilter(query, asked.get("publisher"))
