"""The definite nouns that can stand for an actor named before ("the two countries"), and the words around them."""

import re

DEFINITE = re.compile(
    r"\b(?:(?P<three>(?:[Tt]he|[Aa]ll) three(?:"
    r"(?= (?:have|had|were|are|broke|left|went|met|will|[a-z]+ed\b))"
    r"| (?:[A-Z]\w+ )?(?:countries|nations|states|neighbou?rs|governments|sides|leaders|presidents)))"
    r"|(?P<pair>[Tt]he neighbou?rs|(?:[Tt]he two|[Bb]oth) (?:[A-Z]\w+ |neighbou?ring )?(?:countries|nations|sides"
    r"|neighbou?rs|states|governments|leaders|presidents|armies|capitals|prime ministers|foreign ministers)"
    r"|[Tt]he (?:prime ministers|presidents|foreign ministers)(?! of )"
    r"|[Tt]he two(?= (?:have|had|were|are|went|sign|agree|met|will|fought|broke|cut|never|did|[a-z]+ed\b))"
    r"|[Aa]ll sides|[Tt]he (?:warring )?parties|[Ii]ts (?:[a-z]+ )?neighbou?rs"
    r"|[Bb]oth of (?:his|her|their|its) (?:colleagues|counterparts|guests|neighbou?rs)"
    r"|(?<=between )the two(?=[.,;]| in )"
    r"|(?<=urged )the two\b|(?<=warned )the two\b|(?<=asked )the two\b|(?<=told )the two\b"
    r"|(?<=urged )both(?= to )|(?<=asked )both(?= to )"
    r"|(?<= to )both(?=[.,;])|(?<= with )both(?=[.,;])|(?<= from )both(?=[.,;]))"
    r"|[Tt]he (?P<country>country|nation|kingdom|republic|emirate|sultanate|gulf state|island nation"
    r"|neighbouring country|neighboring country|neighbour)"
    r"|[Tt]he (?P<organ>(?:foreign |defen[cs]e |interior )?ministry|government|regime|embassy|administration|junta"
    r"|president(?!-)|prime minister|foreign minister|(?:foreign )?ministry spokes(?:wo)?man)"
    r"|[Ii]ts (?P<own>(?:[a-z-]+ )?(?:neighbou?r|ally))(?=[.,;]| (?!and|states|countries))"
    r"|[Tt]he (?P<group>group|movement|militants|rebels|insurgents|bloc|commission|alliance|organisation"
    r"|organization))\b(?!['’]s [A-Z]| of [A-Z])"
)
REPORT = re.compile(r"\b(?:said|says|saying|announced|that|because|as|where|told|added|although|while|since)\b")
NORTH = re.compile(r"\b[Tt]he (North|South)\b(?! [A-Z]| of [A-Za-z]| Sea| Pole|[-–])")
BOTH_KOREAS = re.compile(r"\b(?:the )?(?:two|both) Koreas\b")
#: Which states "the kingdom" and the like can mean.
REALMS = {
    "kingdom": frozenset("SAU GBR ESP NLD BEL DNK SWE NOR MAR JOR THA KHM BHR BTN LSO SWZ TON NPL".split()),
    "emirate": frozenset("ARE KWT QAT".split()),
    "sultanate": frozenset("OMN BRN".split()),
    "gulf state": frozenset("SAU ARE KWT QAT BHR OMN IRN IRQ".split()),
}
PRONOUN = re.compile(r"(?:It|He|She|They) ")
OWNED = re.compile(r"(?:Its|His|Her|Their) ")
#: Before a name, words that make it whom something is done to ("a ban on exports to Belarus will follow").
UNDERGOING = re.compile(r"\b(?:to|on|against|from|with)(?: the)? $")
#: After an office, the verb of an attribution ("…, the foreign ministry said").
ATTRIBUTES = re.compile(r" (?:said|says|announced|confirmed|added)\b")
TO_OTHERS = re.compile(
    r"\b(?:urg|ask|border|appeal|call|warn|told|invit|press|advis|remind|thank|congratulat|bring|between)\w*\b"
)
#: After a name, what tells of it in passing ("Russia, which keeps bases in both countries").
RELATIVE = re.compile(r", (?:which|who|whose|where) ")
#: Where another clause begins, whose "both sides" the one named before has nothing to do with.
CLAUSE = re.compile(r"[;,] (?:but|and|though|although|while|whereas|yet)\b")
