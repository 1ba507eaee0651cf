"""What an event's facet item is: the measure of a sanction, the kind of an aid, the name of a treaty."""

from entente.coding.findings import Finding
from entente.coding.syntax import Node

#: Acts whose name is a measure or kind already.
_FIXED = {
    "freeze_assets": "measure:asset_freeze",
    "release_assets": "measure:asset_freeze",
    "travel_ban": "measure:travel_ban",
    "arms_embargo": "measure:arms",
    "lift_arms_embargo": "measure:arms",
    "ban_imports": "measure:trade_import",
    "lift_import_ban": "measure:trade_import",
    "ban_exports": "measure:trade_export",
    "export_control": "measure:dual_use",
    "give_economic_aid": "aid:economic",
    "cut_economic_aid": "aid:economic",
    "forgive_debt": "aid:economic",
    "give_military_aid": "aid:military",
    "cut_military_aid": "aid:military",
    "train_forces": "aid:military",
    "give_humanitarian_aid": "aid:humanitarian",
    "cut_humanitarian_aid": "aid:humanitarian",
    "give_peacekeepers": "aid:peacekeeping",
}

#: Words of a sanctions phrase and the measure that they name, the more particular first (GSDB types, EU/UK names).
_MEASURES = (
    ({"asset", "assets", "freeze", "freezes"}, "asset_freeze"),
    ({"travel", "visa", "entry"}, "travel_ban"),
    ({"arms", "weapons", "weapon"}, "arms"),
    ({"oil", "gas", "import", "imports", "coal", "gold", "potash"}, "trade_import"),
    ({"export", "exports", "technology", "chip", "chips"}, "trade_export"),
    ({"bank", "banks", "banking", "financial", "finance"}, "financial"),
    ({"investment", "investments"}, "investment"),
    ({"airline", "airlines", "aviation", "shipping", "ships", "flights", "vessels"}, "transport"),
    ({"trade", "embargo"}, "trade_full"),
    ({"official", "officials", "general", "generals", "minister", "ministers", "company", "companies", "individual",
      "individuals", "people", "leaders", "firm", "firms", "entities", "oligarchs", "list"}, "designation"),
)  # fmt: skip
_SANCTIONS = frozenset(
    {
        "impose_sanctions",
        "extend_sanctions",
        "tighten_sanctions",
        "ease_sanctions",
        "suspend_sanctions",
        "lift_sanctions",
    }
)
_AID = frozenset({"give_aid", "cut_aid", "resume_aid"})
_KINDS = (
    ({"military", "weapons", "arms", "security"}, "military"),
    (
        {"food", "humanitarian", "relief", "medicine", "medical", "blankets", "tents", "vaccines", "doses"},
        "humanitarian",
    ),
    ({"technical", "experts", "technology"}, "technical"),
    ({"economic", "financial", "loan", "loans", "budget", "development", "million", "billion"}, "economic"),
)
_TREATIES = frozenset(
    {"sign_treaty", "ratify_treaty", "accede_treaty", "suspend_treaty", "withdraw_from_treaty", "terminate_treaty"}
)


def context_of(finding: Finding) -> tuple[str, ...]:
    """`measure:…`, `aid:…` or `treaty:…` for the acts whose facets are sets; empty for any other."""
    if finding.act in _FIXED:
        return (_FIXED[finding.act],)
    if finding.act in _SANCTIONS:
        named = _first(_MEASURES, _words(finding))
        return (f"measure:{named}",) if named else ()
    if finding.act in _AID:
        kind = _first(_KINDS, _words(finding))
        return (f"aid:{kind}",) if kind else ()
    if finding.act in _TREATIES and finding.noun is not None:
        return (f"treaty:{_title(finding.noun)}",)
    return ()


def _words(finding: Finding) -> set[str]:
    node = finding.noun or finding.trigger
    words = {n.lower for n in node.subtree()}
    return words | set(finding.target.text.lower().split())


def _first(table: tuple[tuple[set[str], str], ...], words: set[str]) -> str:
    return next((name for cues, name in table if cues & words), "")


def _title(noun: Node) -> str:
    """A treaty's name as far as the sentence gives it: "border treaty", "extradition treaty"."""
    before = [c for c in noun.children if c.index < noun.index and c.dep in ("compound", "amod") and c.mention is None]
    return " ".join(c.lower for c in [*sorted(before, key=lambda c: c.index)[-3:], noun])
