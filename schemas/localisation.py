"""Country names in the reader's language, from the Unicode CLDR."""

from collections.abc import Iterable

from babel import Locale, UnknownLocaleError

from entente.relations.entities import Entity

#: Language of Entente's own names.
DEFAULT = "en"


def locale_for(wanted: Iterable[str]) -> Locale:
    """The first of these language tags (BCP 47) that the CLDR has names in, else English."""
    for tag in wanted:
        try:
            found = Locale.parse(tag, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
        if found.territories:
            return found
    return Locale.parse(DEFAULT)


def local_name(entity: Entity, locale: Locale) -> str:
    """The entity's name in the language of `locale`; Entente's own in English, and where the CLDR has none."""
    iso2 = entity.codes.get("iso2")
    if locale.language == DEFAULT or iso2 is None:
        return entity.name
    return str(locale.territories.get(iso2, entity.name))
