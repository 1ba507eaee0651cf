"""Cleaning: which stretches of a text are its story. Offsets always lead into the original."""

import re
from collections.abc import Iterator

_TAG = re.compile(r"<[a-zA-Z/!][^<>]{0,400}>")
_HIDDEN = re.compile(r"<(script|style)\b|</(script|style)\s*>", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\ufeff\ud800-\udfff]")
_ENTITY = re.compile(r"&(?:nbsp|amp|quot|#39|rsquo|lsquo|ldquo|rdquo|ndash|mdash|apos);")
_ENTITIES = {
    "&nbsp;": " ",
    "&amp;": "&",
    "&quot;": '"',
    "&#39;": "'",
    "&rsquo;": "’",
    "&lsquo;": "‘",
    "&ldquo;": "“",
    "&rdquo;": "”",
    "&ndash;": "–",
    "&mdash;": "—",
    "&apos;": "'",
}
_BOILERPLATE = re.compile(
    r"""^\W*(?:
    sign\ up\b|subscribe\b|follow\ topic|follow\ us|read\ (?:more|also|next)\b|see\ (?:more|also)\b|advertisement\b
    |share\ (?:this|on)\b|(?:file\ )?photo\b|image\b|picture\b|caption\b|photograph\b|ai[- ]generated|click\ here
    |log\ ?in\b|cookie|all\ rights\ reserved|©|copyright|by\ [A-Z][\w.\-]+(?:\ [A-Z][\w.\-]+){1,3}\W*$
    |reporting\ by\b|editing\ by\b|writing\ by\b|additional\ reporting|related\ (?:articles|stories|content)
    |most\ read|newsletter|updated?\ ?:(?!\s*this\ )|published\ ?:|last\ updated|watch\ ?:|video\ ?:|listen\ ?:
    |download\ (?:our|the)\ app|get\ (?:our|the)\ (?:app|newsletter)|join\ (?:our|us)\b
    |support\ (?:our|quality)\ journalism
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_CREDIT = re.compile(
    r"(?:REUTERS|AFP|AP Photo|Getty Images|EPA|PHOTO|File Photo|Xinhua|Handout)\s*/|"
    r"/\s*(?:REUTERS|AFP|Getty Images|File Photo|Handout)|"
    r"\((?:Photo|Image|Picture)[^)]{0,80}\)|\bvia (?:REUTERS|AP|Getty)\b"
)
_DATELINE = re.compile(
    r"^(?:[A-Z][A-Za-z.'’\-]+(?:[ ,/]+[A-Za-z.'’\-]+){0,6},?\s+)?(?:[A-Z][a-z]{2,8}\.? \d{1,2}(?:, \d{4})?,?\s*)?"
    r"\((?:Reuters|AP|AFP|Xinhua|dpa|IANS|UPI|TASS|Interfax|ANSA|EFE|Kyodo|Yonhap|CNN|BBC|IRNA|PTI|ANI|Bloomberg)[^)]{0,20}\)\s*[-–—:\"]*\s*"
    r"|^[A-Z][A-Z.'’\-/ ]{2,40}(?:,\s*[A-Z][A-Za-z.'’ ]{2,25})?\s*(?:\([^)]{2,20}\)\s*)?(?:--|[-–—:])+\s+"
    r"|^[A-Z][A-Z.'’\-/ ]{2,40},\s[A-Z][a-z]{2,8}\.? \d{1,2}(?:, \d{4})?\s*(?:\([^)]{2,20}\)\s*)?[-–—]+\s+"
    r"|^[A-Z][a-z]+, [A-Z][a-z]+ \d{1,2}, [A-Z]{2,8}\s*[-–—]+\s*"
)
#: Characters from the beginning in which a text has its dateline.
_DATELINE_WITHIN = 1500
_SIGNATURE = re.compile(r"\s(?:REUTERS|AFP|AP|XINHUA|BLOOMBERG|DPA|IANS|KYODO|dpa|Reuters)\s*$")


def blank_markup(text: str) -> str:
    """The text with tags, control characters and entities blanked out at the same length."""

    def blank(match: re.Match[str]) -> str:
        return re.sub(r"[^\n]", " ", match[0])

    def entity(match: re.Match[str]) -> str:
        return _ENTITIES[match[0]].ljust(len(match[0]))

    if "<" in text:
        text = _TAG.sub(blank, _without_scripts(text))
    if "&" in text:
        text = _ENTITY.sub(entity, text)
    return _CONTROL.sub(" ", text)


def dateline(text: str) -> str | None:
    """The words before the story in its first lines ("MOSCOW, Oct 14 (Reuters) -"); None if there are none."""
    for line in text[:_DATELINE_WITHIN].split("\n"):
        found = _DATELINE.match(line.strip()[:140])
        if found:
            return found[0]
    return None


def _without_scripts(text: str) -> str:
    """Scripts and styles blanked out. One pass: a pattern over both ends would take n² steps."""
    pieces, done, opened = [], 0, -1
    for match in _HIDDEN.finditer(text):
        if match[1]:
            opened = match.start() if opened < 0 else opened
        elif opened >= 0:
            pieces += [text[done:opened], re.sub(r"[^\n]", " ", text[opened : match.end()])]
            done, opened = match.end(), -1
    return "".join([*pieces, text[done:]])


def story(text: str, title: str | None) -> Iterator[tuple[int, int]]:
    """(start, end) of each paragraph that tells the story; captions, credits, bylines and adverts are left out.

    A repetition of the title is left out, and so is what stands before the dateline ("MOSCOW (Reuters) -").
    """
    heading = " ".join((title or "").split()).casefold()
    position = 0
    for line in text.split("\n"):
        start, end = position, position + len(line)
        position = end + 1
        words = line.strip()
        if len(words) < 3 or _BOILERPLATE.match(words) or _CREDIT.search(words):
            continue
        if heading and " ".join(words.split()).casefold() == heading:
            continue
        start += len(line) - len(line.lstrip(" \t\r\xa0•●▪■◦‣*–—-"))
        dateline = _DATELINE.match(text[start : min(end, start + 140)])
        if dateline and dateline.end() < end - start - 10:
            start += dateline.end()
        end = position - 1 - len(line) + len(line.rstrip())
        signature = _SIGNATURE.search(text[max(start, end - 20) : end])
        if signature:
            end = start + len(text[start : max(start, end - 20) + signature.start()].rstrip())
        if start < end:
            yield start, end
