"""News for the dashboard's tests: invented articles about real countries, each with the events that it reports."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from urllib.parse import quote

from entente.bootstrap.container import Container
from entente.relations.events import Actor, CodedEvent, Span
from entente.relations.periods import Period
from entente.services.articles import ArticleDraft, Coding, Document
from entente.services.ingesting.code import CodeArticles


@dataclass(frozen=True, slots=True)
class Report:
    """One event that an article reports: parties, act, date, and the sentence of the text that says it."""

    source: str
    target: str
    act: str
    when: str | None
    sentence: int
    status: str = "effective"
    confidence: float = 0.9


@dataclass(frozen=True, slots=True)
class News:
    """An article as a list of sentences."""

    publisher: str
    published: date
    title: str
    sentences: tuple[str, ...]
    reports: tuple[Report, ...] = field(default_factory=tuple)

    @property
    def text(self) -> str:
        return " ".join(self.sentences)

    def events(self) -> list[CodedEvent]:
        return [self._event(report) for report in self.reports]

    def _event(self, said: Report) -> CodedEvent:
        sentence = self.sentences[said.sentence]
        start = self.text.index(sentence)
        words = sentence.split()
        trigger = words[1]
        at = start + len(words[0]) + 1
        return CodedEvent(
            source=Actor(said.source, "GOV", words[0]),
            target=Actor(said.target, "GOV", words[-1].rstrip(".")),
            act=said.act,
            status=said.status,
            period=Period.parse(said.when) if said.when else None,
            dated_by="text" if said.when else "none",
            confidence=said.confidence,
            quote=Span("text", start, start + len(sentence), sentence),
            trigger=Span("text", at, at + len(trigger), trigger),
        )


def _recognition(key: str, name: str, capital: str, day: date) -> News:
    return News(
        "Fjord Dispatch",
        day,
        f"{name} recognises Palestine",
        (f"{name} recognises Palestine.", f"The decision was announced in {capital} in the morning."),
        (Report(key, "PSE", "recognise", day.isoformat(), 0),),
    )


#: Markup, a change of direction and a very long word: all of it must be shown as it is.
HOSTILE = '<script>alert("x")</script><img src=x onerror=alert(1)> \u202etxet desrever\u202c ' + "W" * 400

NEWS: tuple[News, ...] = (
    _recognition("NOR", "Norway", "Oslo", date(2024, 5, 28)),
    _recognition("IRL", "Ireland", "Dublin", date(2024, 5, 28)),
    _recognition("ESP", "Spain", "Madrid", date(2024, 5, 28)),
    _recognition("SVN", "Slovenia", "Ljubljana", date(2024, 6, 4)),
    _recognition("ARM", "Armenia", "Yerevan", date(2024, 6, 21)),
    _recognition("SWE", "Sweden", "Stockholm", date(2014, 10, 30)),
    _recognition("BRA", "Brazil", "Brasilia", date(2010, 12, 3)),
    _recognition("ISL", "Iceland", "Reykjavik", date(2011, 12, 15)),
    News(
        "Horn Gazette", date(2016, 6, 13), "Shells fly along the border at Tsorona",
        ("Eritrea shelled Ethiopian positions near Tsorona and killed soldiers of Ethiopia.",
         "Ethiopia attacked the lines of Eritrea."),
        (Report("ERI", "ETH", "shell", "2016-06-12", 0), Report("ETH", "ERI", "shell", "2016-06-12", 1)),
    ),
    News(
        "Red Sea Wire", date(2017, 5, 24), "Asmara and Addis Ababa trade blame",
        ("Ethiopia condemned the government of Eritrea.", "Relations have been cut for years."),
        (Report("ETH", "ERI", "condemn", "2017-05-24", 0),),
    ),
    News(
        "Horn Gazette", date(2018, 7, 9), "A summit in Asmara ends two decades of war",
        ("Ethiopia signed a joint declaration of peace and friendship with Eritrea.",
         "Ethiopia restores diplomatic relations with Eritrea.", "Eritrea will open an embassy in Addis Ababa."),
        (Report("ETH", "ERI", "sign_peace", "2018-07-09", 0),
         Report("ETH", "ERI", "establish_relations", "2018-07-09", 1),
         Report("ERI", "ETH", "open_embassy", "2018-07-16", 2)),
    ),
    News(
        "Red Sea Wire", date(2018, 7, 10), "Peace at last in the Horn",
        ("Eritrea praised the leader of Ethiopia.", "Ethiopia restored its ties with Eritrea."),
        (Report("ERI", "ETH", "praise", "2018-07-10", 0), Report("ETH", "ERI", "establish_relations", "2018-07-09", 1)),
    ),
    News(
        "Continental Post", date(2022, 2, 24), "Russia invades Ukraine",
        ("Russia invaded the territory of Ukraine.", "Ukraine severed diplomatic relations with Russia."),
        (Report("RUS", "UKR", "invade", "2022-02-24", 0), Report("UKR", "RUS", "sever_relations", "2022-02-24", 1)),
    ),
    News(
        "Northern Ledger", date(2022, 2, 25), "Missiles on Kyiv",
        ("Russia bombed cities across Ukraine.", "Ukraine accused the leaders of Russia."),
        (Report("RUS", "UKR", "air_strike", "2022-02-25", 0), Report("UKR", "RUS", "accuse", "2022-02-25", 1)),
    ),
    News(
        "Maple Courier", date(2022, 2, 26), "Ottawa freezes assets",
        ("Canada imposed new sanctions on Russia.", "Canada froze the assets of officials of Russia."),
        (Report("CAN", "RUS", "impose_sanctions", "2022-02-24", 0),
         Report("CAN", "RUS", "freeze_assets", "2022-02-24", 1)),
    ),
    News(
        "Balkan Herald", date(2008, 2, 19), "A new state divides Europe",
        ("France recognises Kosovo.", "Serbia refuses to recognise Kosovo."),
        (Report("FRA", "XKX", "recognise", "2008-02-18", 0),
         Report("SRB", "XKX", "refuse_recognition", "2008-02-18", 1)),
    ),
    News(
        "Sample Wire", date(2025, 7, 3), "Moscow is first to accept the rulers of Kabul",
        ("Russia recognises the government of Afghanistan.",),
        (Report("RUS", "AFG", "recognise", "2025-07-03", 0),),
    ),
    News(
        "Doubtful Times", date(2025, 7, 2), "Hostile text",
        (f"Chad condemned the words {HOSTILE} of Sudan.",),
        (Report("TCD", "SDN", "condemn", "2025-07-02", 0, confidence=0.5),),
    ),
)  # fmt: skip


class CodedAsTold:
    """The Coder port, which gives the events of the news that it is asked about."""

    def __init__(self, news: Sequence[News], version: str) -> None:
        self._news = news
        self.version = version

    def code(self, document: Document) -> Coding:
        found = next((n for n in self._news if n.text == document.text), None)
        events = found.events() if found else []
        return Coding("en", self.version, events, None if events else "no_events")


def tell(container: Container, news: Sequence[News] = NEWS, version: str = "told-2") -> dict[str, str]:
    """Take the news in and code it, as a coder of this version; the ids of the articles by title."""
    told = {}
    for one in news:
        published = datetime.combine(one.published, datetime.min.time(), UTC)
        # An address of its own: a later article under the same one would be a new version of it.
        address = f"https://paper.example/{quote(one.title)}"
        draft = ArticleDraft(one.publisher, text=one.text, title=one.title, published_at=published, url=address)
        taken = container.ingest.submit(draft, ring=False)
        parts = container.ledger, CodedAsTold(news, version), container.projector, container.queue, container.clock
        CodeArticles(*parts, "test").run(taken.article_id)
        told[one.title] = taken.article_id
    return told
