"""Articles in requests."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, validate, validates_schema

from entente.services.articles import ArticleDraft
from schemas.fields import PublicationTime, Text, WebAddress
from schemas.strict_json import parse_json

#: Largest text of an article, in bytes of UTF-8.
MAX_TEXT_BYTES = 1_000_000

#: Most articles of one delivery.
MAX_DELIVERED = 500

#: Publisher of an article that names none and has no URL to take a host from.
UNKNOWN_PUBLISHER = "unknown"


class TextTooLarge(Exception):
    """The text of an article is longer than MAX_TEXT_BYTES."""

    field = "text"

    def __init__(self) -> None:
        super().__init__(f"longer than {MAX_TEXT_BYTES:,} bytes of UTF-8")


class _ArticleText(Text):
    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        if len(text) > MAX_TEXT_BYTES or len(text.encode()) > MAX_TEXT_BYTES:
            raise TextTooLarge
        return text


class ArticleDraftSchema(Schema):
    """A new article: its text, or the URL to fetch it from, and its metadata. Other fields are ignored.

    Without a text and a URL it is refused. The document says so in words only: from an `anyOf` clients generate two
    types, and neither has all fields.
    """

    class Meta:
        """Senders have fields of their own (docs/adr/0024-files-and-envelopes.md)."""

        unknown = EXCLUDE

    # No maxLength: the limit is in bytes, JSON Schema's would be in characters.
    text = _ArticleText(
        allow_none=True,
        metadata={
            "description": f"Plain text, at most {MAX_TEXT_BYTES:,} bytes of UTF-8; required unless there is a url"
        },
    )
    url = WebAddress(
        allow_none=True, metadata={"description": "URL of publication; required, and fetched, if there is no text"}
    )
    title = Text(high=2000, allow_none=True)
    published_at = PublicationTime(allow_none=True)
    source = Text(high=200, allow_none=True, metadata={"description": "Publisher, e.g. a newspaper's name"})
    language = fields.String(
        allow_none=True,
        validate=validate.Regexp(r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}\Z", error="Not a language tag such as en."),
        metadata={"description": "BCP 47 tag, e.g. en", "pattern": "^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$"},
    )

    @validates_schema(skip_on_field_errors=True)
    def _has_content(self, data: Mapping[str, Any], **_: Any) -> None:
        if data.get("text") is None and data.get("url") is None:
            raise ValidationError("Either text or url is required.", "text")

    @post_load
    def _draft(self, data: Mapping[str, Any], **_: Any) -> ArticleDraft:
        return ArticleDraft(
            publisher=data.get("source") or _host(data.get("url")) or UNKNOWN_PUBLISHER,
            text=data.get("text"),
            url=data.get("url"),
            title=data.get("title"),
            language=data.get("language"),
            published_at=data.get("published_at"),
        )


class TrialSchema(ArticleDraftSchema):
    """A text for a trial. URLs are not fetched."""

    text = _ArticleText(
        required=True, metadata={"description": f"Plain text, at most {MAX_TEXT_BYTES:,} bytes of UTF-8"}
    )


def _article_or_envelope() -> dict[str, Any]:
    article = {"$ref": "#/components/schemas/ArticleDraft"}
    data = {"oneOf": [article, {"type": "array", "items": article, "minItems": 1, "maxItems": MAX_DELIVERED}]}
    members = {"type": {"type": "string"}, "timestamp": {"type": "string"}, "data": data}
    return {"anyOf": [article, {"type": "object", "required": ["type", "data"], "properties": members}]}


#: JSON Schema of the body of a delivery.
DELIVERY = _article_or_envelope()


def parse_draft(body: bytes) -> ArticleDraft:
    """Parse a JSON body as an article. Raises BadJson, marshmallow.ValidationError or TextTooLarge."""
    draft: ArticleDraft = ArticleDraftSchema().load(parse_json(body))
    return draft


def parse_delivery(body: bytes, publisher: str) -> list[ArticleDraft]:
    """Parse a JSON body as the articles of a delivery: an article, or Standard Webhooks' `{type, timestamp, data}`.

    `data` is an article or a list of them. `publisher` applies where an article names none. Raises BadJson,
    marshmallow.ValidationError, whose fields are paths such as `data.3.text`, or TextTooLarge.
    """
    value = parse_json(body)
    if not (isinstance(value, dict) and "type" in value and "data" in value):
        return [_delivered(value, publisher)]
    data = value["data"]
    if not isinstance(data, list):
        with _within("data"):
            return [_delivered(data, publisher)]
    if not 0 < len(data) <= MAX_DELIVERED:
        raise ValidationError({"data": [f"{len(data)} articles; send 1 to {MAX_DELIVERED} at once."]})
    drafts = []
    for number, item in enumerate(data):
        with _within("data", str(number)):
            drafts.append(_delivered(item, publisher))
    return drafts


def _delivered(value: Any, publisher: str) -> ArticleDraft:
    if isinstance(value, dict) and value.get("source") is None:
        value = value | {"source": publisher}
    draft: ArticleDraft = ArticleDraftSchema().load(value)
    return draft


@contextmanager
def _within(*path: str) -> Iterator[None]:
    """Name the fields of errors by their path from the body."""
    try:
        yield
    except ValidationError as error:
        found: Any = error.messages
        for name in reversed(path):
            found = {name: found}
        raise ValidationError(found) from None
    except TextTooLarge as error:
        error.field = ".".join((*path, "text"))
        raise


def _host(url: str | None) -> str | None:
    return urlsplit(url).hostname if url else None
