"""API keys on the wire. The token is shown once, in the response that creates the key."""

from typing import Any

from marshmallow import Schema, fields, validate

from entente.services.api_keys import NewKey
from entente.services.ports.api_keys import SCOPES, ApiKey
from schemas.fields import Line, WholeNumber
from schemas.vocabulary import Shape, instant_text


class NewKeySchema(Schema):
    """A new API key."""

    name = Line(high=100, required=True, metadata={"description": "Its owner or purpose"})
    scopes = fields.List(
        fields.String(validate=validate.OneOf(SCOPES)), required=True, validate=validate.Length(min=1, max=len(SCOPES))
    )
    days = WholeNumber(
        low=1, high=36_500, allow_none=True, load_default=None,
        metadata={"description": "Days until it expires; it never does if left out"},
    )  # fmt: skip


class KeySchema(Schema):
    """A key, without its token."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    scopes = fields.List(fields.String(metadata={"enum": list(SCOPES)}), required=True)
    created_at = fields.String(required=True, metadata={"format": "date-time"})
    expires_at = fields.String(required=True, allow_none=True, metadata={"format": "date-time"})
    last_used_at = fields.String(required=True, allow_none=True, metadata={"format": "date-time"})
    revoked_at = fields.String(required=True, allow_none=True, metadata={"format": "date-time"})


class MadeKeySchema(KeySchema):
    """A new key with its `token`, which is never shown again."""

    token = fields.String(required=True)


class KeyListSchema(Schema):
    """Every key, oldest first."""

    keys = fields.List(fields.Nested(KeySchema), required=True)


def key_shape(key: ApiKey) -> Shape:
    """A key in the shape of `KeySchema`."""
    return {
        "id": key.id,
        "name": key.name,
        "scopes": list(key.scopes),
        "created_at": instant_text(key.created_at),
        "expires_at": instant_text(key.expires_at),
        "last_used_at": instant_text(key.last_used_at),
        "revoked_at": instant_text(key.revoked_at),
    }


def made_key_shape(made: NewKey) -> dict[str, Any]:
    """A new key in the shape of `MadeKeySchema`."""
    return {**key_shape(made.key), "token": made.token}
