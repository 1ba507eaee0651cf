"""The types of problems (RFC 9457): the one table of their statuses, titles, meanings and remedies.

The pages under /problems and every problem that is sent are made from it. A type's name is part of the API: it stays.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ProblemType:
    """One type: its HTTP status, its title, when it is sent, and what the client can do."""

    status: int
    title: str
    meaning: str
    remedy: str


_CORRECT = "Correct the fields that `errors` lists, and send the request again."
_FIND = "Ids come from the answers of the API: take one from a list or from a link."
_AGAIN = "Wait for the seconds in Retry-After, then send the request again."

PROBLEM_TYPES: Mapping[str, ProblemType] = {
    # The request.
    "invalid-request": ProblemType(
        422, "The request can't be understood", "A parameter or a field is unknown, missing or not allowed.", _CORRECT
    ),
    "malformed-json": ProblemType(
        400, "The body is not JSON", "The body can't be parsed as JSON (RFC 8259).", "Send one JSON value in UTF-8."
    ),
    "malformed-header": ProblemType(400, "A header can't be read", "A header's value breaks its syntax.", _CORRECT),
    "bad-request": ProblemType(
        400, "Bad Request", "The request breaks HTTP or a rule that `detail` names.", "Do as `detail` says."
    ),
    "contradiction": ProblemType(
        409,
        "The parameters contradict each other",
        "Each parameter is allowed, but no answer can fit all of them, such as an end before the start.",
        "Change or leave out the parameter that `errors` names.",
    ),
    "too-large": ProblemType(
        413, "Too large", "The body, or a text in it, is longer than is taken.", "Send less; `detail` names the limit."
    ),
    "unsupported-media-type": ProblemType(
        415,
        "Unsupported Media Type",
        "The body's Content-Type, charset or Content-Encoding is not taken here.",
        "Send JSON in UTF-8, uncompressed, as `application/json`; a batch as `application/x-ndjson`.",
    ),
    "not-acceptable": ProblemType(
        406,
        "Not Acceptable",
        "The resource has no representation that the Accept header allows.",
        "Accept `application/json`, `text/csv` or `application/x-ndjson`, or give `format`.",
    ),
    "request-timeout": ProblemType(
        408, "Request Timeout", "The body did not come in time.", "Send the request again, over a faster connection."
    ),
    # What is not there.
    "not-found": ProblemType(
        404, "Not Found", "The server has no such path.", "The paths are listed at `/docs` and in `/openapi.json`."
    ),
    "method-not-allowed": ProblemType(
        405, "Method Not Allowed", "The path is known, but not with this method.", "Use a method that Allow names."
    ),
    "unknown-country": ProblemType(
        404,
        "No such country or organisation",
        "No entity has this key, code or name, or several have it.",
        "Use one of `nearest`, or a key that `/v1/countries` lists.",
    ),
    "unknown-facet": ProblemType(
        422, "No such facet", "The codebook in use has no facet of this name.", "Use one of `known`."
    ),
    "unknown-value": ProblemType(
        422, "No such value", "The facet or filter never has this value.", "Use one of `known`."
    ),
    "unknown-act": ProblemType(
        422, "No such act", "The codebook in use has no act of this name.", "Use an act that `/v1/codebook` lists."
    ),
    "unknown-page": ProblemType(
        404,
        "No such page",
        "The cursor belongs to another list, or to the same list under other filters.",
        "Follow the `next` and `prev` of an answer, with the filters that it was asked with.",
    ),
    "unknown-article": ProblemType(404, "No such article", "No article has this id.", _FIND),
    "unknown-event": ProblemType(
        404,
        "No such event",
        "No event has this id, or none of its mentions stands any more.",
        "Look for it with the filters of `/v1/events`; a recode or retraction may have changed its id.",
    ),
    "unknown-feed": ProblemType(404, "No such feed", "No feed has this id.", _FIND),
    "unknown-source": ProblemType(
        404, "No such source", "No sender of webhooks has this name.", "Register it with `POST /v1/sources`."
    ),
    "unknown-subscription": ProblemType(404, "No such subscription", "No subscription has this id.", _FIND),
    "unknown-delivery": ProblemType(404, "No such delivery", "The subscription has no delivery of this id.", _FIND),
    "unknown-proposal": ProblemType(404, "No such proposal", "No proposed retraction has this id.", _FIND),
    "unknown-decision": ProblemType(
        404, "No such decision", "An event is confirmed or rejected, nothing else.", "Send `confirm` or `reject`."
    ),
    "unknown-timezone": ProblemType(
        404,
        "No such time zone",
        "No time zone has this name.",
        "Name one of the IANA database, such as `Europe/Paris`.",
    ),
    "unknown-key": ProblemType(404, "No such key", "No API key has this id.", _FIND),
    # Who may do what.
    "unauthenticated": ProblemType(
        401,
        "A key is needed",
        "The API key is missing, malformed, unknown, revoked or expired.",
        "Send `Authorization: Bearer KEY`; `entente keys add NAME --scope SCOPE` makes a key.",
    ),
    "denied": ProblemType(
        403, "The key lacks the scope", "The key is valid, but may not do this.", "Use a key with the named scope."
    ),
    "not-authentic": ProblemType(
        401,
        "The signature is not valid",
        "A webhook's signature does not fit its body and secret, or its time is over five minutes off.",
        "Sign `id.timestamp.body` as Standard Webhooks says, with the sender's present secret and the right time.",
    ),
    "foreign-publisher": ProblemType(
        403,
        "Not a publisher of this source",
        "A sender may deliver articles of the publishers that it is bound to, and the article names another.",
        "Name one of the sender's publishers, or bind it with `PUT /v1/sources/{name}/publishers`.",
    ),
    # State and service.
    "conflict": ProblemType(
        409, "Not possible in this state", "The thing exists, but not in a state that allows this.", "See `detail`."
    ),
    "too-many-requests": ProblemType(
        429, "Too Many Requests", "This address has used up its requests of the minute.", _AGAIN
    ),
    "service-unavailable": ProblemType(
        503, "Service Unavailable", "Every place for this kind of work is taken.", _AGAIN
    ),
    "unavailable": ProblemType(503, "Out of service", "The ledger can't be reached. Nothing was stored.", _AGAIN),
    "internal": ProblemType(
        500,
        "Internal error",
        "The server has a fault.",
        "Report it with `request_id`, under which the server's log has the cause.",
    ),
}
