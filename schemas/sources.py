"""Senders of webhooks on the wire. A secret is shown once, in the response that creates it."""

from marshmallow import Schema, fields, validate

from entente.services.ingesting.sources import MAX_PUBLISHER, MAX_PUBLISHERS
from entente.services.ports.sources import Source
from schemas.fields import Line
from schemas.vocabulary import Shape, instant_text, path


def _publishers(*, required: bool = False) -> fields.List[str]:
    told = "Publishers whose articles it may deliver, by name or host; `*` alone: any (an aggregator)"
    return fields.List(
        Line(high=MAX_PUBLISHER),
        required=required,
        validate=validate.Length(min=1, max=MAX_PUBLISHERS),
        metadata={"description": told},
    )


class NewSourceSchema(Schema):
    """A new sender."""

    name = fields.String(
        required=True,
        metadata={"description": "Lower-case letters, digits, '.', '_', '-'", "pattern": "^[a-z0-9][a-z0-9._-]{0,62}$"},
    )
    publishers = _publishers()


class BoundPublishersSchema(Schema):
    """The publishers of a sender."""

    publishers = _publishers(required=True)


class SourceSchema(Schema):
    """A sender, without its secrets."""

    name = fields.String(required=True)
    active = fields.Boolean(required=True)
    created_at = fields.String(required=True, metadata={"format": "date-time"})
    publishers = fields.List(fields.String(), metadata={"description": "Those that it may name; `*`: any"})
    n_secrets = fields.Integer(required=True, metadata={"description": "Number of valid secrets, at most two"})
    links = fields.Dict(keys=fields.String(), values=fields.String(), required=True)


class MadeSourceSchema(SourceSchema):
    """A sender with its newest secret, which is never shown again."""

    secret = fields.String(required=True)


class SourceListSchema(Schema):
    """Every sender, by name."""

    sources = fields.List(fields.Nested(SourceSchema), required=True)


def source_shape(source: Source) -> Shape:
    """A sender in the shape of `SourceSchema`."""
    return {
        "name": source.name,
        "active": source.active,
        "created_at": instant_text(source.created_at),
        "publishers": list(source.publishers),
        "n_secrets": len(source.secrets),
        "links": {"self": path("sources", source.name), "webhook": path("webhooks", source.name)},
    }


def made_source_shape(source: Source) -> Shape:
    """A sender in the shape of `MadeSourceSchema`."""
    return {**source_shape(source), "secret": source.secrets[0]}
