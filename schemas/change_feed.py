"""Filters of the Atom feed of changes."""

from marshmallow import Schema, fields, validate
from webargs.fields import DelimitedList

from schemas.fields import Text, Whole

_MANY = validate.Length(1, 100)

#: Not blank, and without what separates.
_CODE = r"[^,\u0000]*[^,\u0000-\u0020\u007f-\u00a0][^,\u0000]*"
_OF_A_PAIR = r"[^:,\u0000]*[^:,\u0000-\u0020\u007f-\u00a0][^:,\u0000]*"


class Listed(Text):
    """A text in a list, so without a comma."""

    rule, broken = _CODE, "Blank."


class PairCode(fields.String):
    """Two countries, apart by a colon."""

    def __init__(self) -> None:
        rule = f"{_OF_A_PAIR}:{_OF_A_PAIR}"
        apart = validate.Regexp(rf"{rule}\Z", error="Not two countries apart by a colon: RUS:UKR.")
        super().__init__(
            validate=[validate.Length(max=161), apart],
            metadata={"pattern": f"^{rule}$"},
        )


class ChangeFeedFilterSchema(Schema):
    """Filters of the feed, each apart by commas; without one every change passes, unless it is historic."""

    countries = DelimitedList(
        Listed(high=80), load_default=list, validate=_MANY, metadata={"description": "Either party is one of these"}
    )
    pairs = DelimitedList(
        PairCode(),
        load_default=list,
        validate=_MANY,
        metadata={"description": "The parties are one of these pairs, such as RUS:UKR, in either direction"},
    )
    facets = DelimitedList(Listed(high=80), load_default=list, validate=_MANY)
    to_values = DelimitedList(
        Listed(high=80), load_default=list, validate=_MANY, metadata={"description": "Values after the change"}
    )
    historic = fields.String(
        validate=validate.OneOf(["include", "exclude"]),
        load_default="exclude",
        metadata={"description": "Historic changes"},
    )
    unconfirmed = fields.String(
        validate=validate.OneOf(["include", "exclude"]),
        load_default="exclude",
        metadata={"description": "Changes of unconfirmed values"},
    )
    limit = Whole(low=1, high=200, load_default=50)
