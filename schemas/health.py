"""Health on the wire."""

from marshmallow import Schema, fields


class HealthSchema(Schema):
    """The process answers."""

    status = fields.String(required=True, metadata={"const": "ok"})


class ReadinessSchema(Schema):
    """What the process can reach. Without the cache, reads come from the ledger, more slowly."""

    status = fields.String(required=True, metadata={"enum": ["ready", "degraded"]})
    ledger = fields.String(required=True, metadata={"const": "ok"})
    failing = fields.List(
        fields.String(),
        metadata={"description": "Parts of the embedded stack that die again and again"},
    )
    parts = fields.Dict(
        keys=fields.String(),
        values=fields.String(metadata={"enum": ["up", "missing"]}),
        metadata={
            "description": "Parts that take tasks (worker, fetcher, deliverer): up if any process of it showed a sign "
            "of life in the last ten seconds; absent without the cache"
        },
    )
    cache = fields.String(required=True, metadata={"enum": ["ok", "unreachable"]})
