"""Errors on the wire: RFC 9457."""

from marshmallow import Schema, fields


class FieldErrorSchema(Schema):
    """One error in one field of the request."""

    field = fields.String(
        required=True, metadata={"description": "Name or path, e.g. published_at; `body` for the whole"}
    )
    detail = fields.String(required=True)


class NearestSchema(Schema):
    """A known entity whose name resembles the one that was asked for."""

    key = fields.String(required=True)
    name = fields.String(required=True)


class ProblemSchema(Schema):
    """A problem (RFC 9457). `type` is stable; `detail` is for people."""

    type = fields.String(required=True, metadata={"format": "uri-reference", "example": "/problems/invalid-request"})
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    instance = fields.String(required=True, metadata={"format": "uri-reference"})
    request_id = fields.String(required=True, metadata={"description": "As in the X-Request-Id header"})
    errors = fields.List(fields.Nested(FieldErrorSchema))
    nearest = fields.List(fields.Nested(NearestSchema))
    known = fields.List(fields.String(), metadata={"description": "The accepted values"})
