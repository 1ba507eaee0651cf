"""Countries and other entities on the wire."""

from babel import Locale
from marshmallow import Schema, fields

from entente.relations.entities import KINDS, Entity
from schemas.localisation import local_name
from schemas.vocabulary import Shape


class PartySchema(Schema):
    """An entity by key and English short name. `sector` is set for an actor that does not act for the state."""

    key = fields.String(required=True, metadata={"example": "RUS"})
    name = fields.String(required=True, metadata={"example": "Russia"})
    sector = fields.String(metadata={"example": "CVL"})


class EntitySchema(Schema):
    """A country, contested entity, territory, historic state, organisation or group, with its codes."""

    key = fields.String(required=True, metadata={"example": "AFG"})
    name = fields.String(required=True, metadata={"description": "Short name in the language of Content-Language"})
    english_name = fields.String(required=True)
    official_name = fields.String(required=True, allow_none=True)
    status = fields.String(required=True, metadata={"enum": list(KINDS)})
    codes = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    capital = fields.String(required=True, allow_none=True)
    demonyms = fields.List(fields.String(), required=True)
    aliases = fields.List(fields.String(), required=True)
    claimed_by = fields.String(required=True, allow_none=True)
    successor = fields.String(required=True, allow_none=True)
    home = fields.String(required=True, allow_none=True, metadata={"description": "Country of a group"})
    valid_from = fields.String(required=True, allow_none=True)
    valid_to = fields.String(required=True, allow_none=True)


class EntitiesSchema(Schema):
    """Every entity, countries first."""

    countries = fields.List(fields.Nested(EntitySchema), required=True)


def entity_shape(entity: Entity, locale: Locale) -> Shape:
    """An entity in the shape of `EntitySchema`, with its name in the language of `locale`."""
    return {
        "key": entity.key,
        "name": local_name(entity, locale),
        "english_name": entity.name,
        "official_name": entity.official_name,
        "status": entity.kind,
        "codes": dict(entity.codes),
        "capital": entity.capital,
        "demonyms": list(entity.demonyms),
        "aliases": list(entity.aliases),
        "claimed_by": entity.claimed_by,
        "successor": entity.successor,
        "home": entity.home,
        "valid_from": entity.valid_from,
        "valid_to": entity.valid_to,
    }
