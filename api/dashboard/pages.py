"""What all pages share: routes, parameters, rendering, error pages."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar, cast
from urllib.parse import quote, urlencode, urlsplit

from flask import Blueprint, Response, current_app, render_template, request
from marshmallow import Schema
from werkzeug.exceptions import Forbidden
from werkzeug.exceptions import NotFound as NoSuchPath

from api.dashboard.assets import Assets
from api.dashboard.reader import Reader, reader_of
from api.dashboard.wording import plainly, wording
from api.http.auth import READING, SESSION_COOKIE
from api.http.caching import entity_tag
from api.http.context import system
from api.http.errors import problem_of
from api.http.middleware import FRAMED

View = TypeVar("View", bound=Callable[..., Any])

#: Scripts, styles and requests of our own only; nothing inline. Pictures that a page makes of itself are data.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
    "base-uri 'none'"
)

POLICY = f"{_POLICY}; form-action 'self'; frame-ancestors 'none'"

#: Before the path of a page: the same page to be framed by others, without forms and what leads to other pages.
EMBED = "/embed"

blp = Blueprint("dashboard", __name__, template_folder="templates")

_ASSETS = Assets()


def page(
    rule: str, *, methods: tuple[str, ...] = ("GET",), needs: str | None = "read", embeds: bool = False
) -> Callable[[View], View]:
    """Serve a view under this path, to who may read the API, to keys with the scope `needs`, or (None) to all.

    `embeds`: serve it under EMBED as well.
    """

    def decorate(view: View) -> View:
        guarded: Any = view
        guarded.takes_query = True
        guarded.open_to = READING
        guarded.needs = needs
        if embeds:
            blp.route(EMBED + rule, methods=list(methods))(guarded)
        return cast("View", blp.route(rule, methods=list(methods))(guarded))

    return decorate


def parameters(schema: Schema) -> dict[str, Any]:
    """The query parameters, loaded by this schema. A form sends what was left blank: that counts as left out."""
    given = {name: value.strip() for name, value in request.args.items()}
    loaded: dict[str, Any] = schema.load({name: value for name, value in given.items() if value})
    return loaded


def rendered(template: str, status: int = 200, **told: Any) -> Response:
    """A page, with the headers that all pages have."""
    reader = current_reader()
    body = render_template(
        f"dashboard/{template}",
        reader=reader,
        words=wording(),
        plainly=plainly,
        asset=_ASSETS.address,
        query=query_string,
        signed_in=SESSION_COOKIE in request.cookies,
        embedded=is_embedded(),
        embedding=_embedding(),
        today=system().clock.now().date(),
        **told,
    ).encode()
    response = Response(body, status, content_type="text/html; charset=utf-8")
    response.headers.update({"Content-Security-Policy": _policy(), "Cache-Control": "no-cache, private"})
    # A form of ours names where it was sent from, which `no-referrer` would hide from ourselves too.
    response.headers["Referrer-Policy"] = "same-origin"
    response.vary.update(("Accept-Encoding", "Accept-Language", "Cookie"))
    if status == 200 and request.method == "GET":
        response.set_etag(entity_tag(body))
        response.make_conditional(request)
    return response


def is_embedded() -> bool:
    """Whether the page is made to be framed by another one."""
    return request.path.startswith(f"{EMBED}/")


def local_path(path: str) -> str:
    """A path of a page that can be embedded, with the query of this request; embedded if this page is."""
    query = request.query_string.decode("ascii", "replace")
    return (EMBED if is_embedded() else "") + path + (f"?{query}" if query else "")


def _policy() -> str:
    """The Content-Security-Policy; other pages may frame those under EMBED that ENTENTE_EMBED_ORIGINS names."""
    origins = system().settings.embed_origins
    if not is_embedded() or not origins:
        return POLICY
    request.environ[FRAMED] = True
    return f"{_POLICY}; form-action 'none'; frame-ancestors {' '.join(origins)}"


def _embedding() -> str | None:
    """The address of this page for a frame; None where it has none, or no other page may frame it."""
    rules = {str(rule) for rule in current_app.url_map.iter_rules(request.endpoint)}
    if is_embedded() or not system().settings.embed_origins or not any(rule.startswith(f"{EMBED}/") for rule in rules):
        return None
    base = system().settings.public_url or request.host_url.rstrip("/")
    query = request.query_string.decode("ascii", "replace")
    return base + EMBED + quote(request.path) + (f"?{query}" if query else "")


def own_form() -> Mapping[str, str]:
    """The fields of a form that a page of ours has sent. Raises Forbidden for one that another site made."""
    site = request.headers.get("Sec-Fetch-Site")
    origin = urlsplit(request.headers.get("Origin", "")).netloc
    if site not in (None, "same-origin") or (site is None and origin != request.host):
        raise Forbidden("The form was not sent by this site's own page.")
    return {name: value.strip() for name, value in request.form.items() if value.strip()}


def current_reader() -> Reader:
    """Who reads the page that is being made."""
    return reader_of(request, system().entities)


def query_string(**parts: Any) -> str:
    """A query string, `?` included, of what is not None; empty if nothing is left."""
    kept = {name: value for name, value in parts.items() if value not in (None, "")}
    return f"?{urlencode(kept)}" if kept else ""


@blp.route("/assets/<version>/<path:path>")
def asset(version: str, path: str) -> Response:  # noqa: ARG001  # it only makes the address a new one
    """Serve a script, a style or the atlas. An old version's address gives the file as it is now."""
    return _ASSETS.response(request, path)


@blp.errorhandler(Exception)
def failed(error: Exception) -> Response:
    """Show an error as a page, as the API tells it."""
    if request.endpoint == "dashboard.asset":
        return problem_of(error).response()
    problem = problem_of(error)
    shape = problem.shape()
    response = rendered("error.html", shape["status"], problem=shape)
    response.headers.update(problem.headers)
    return response


@blp.app_errorhandler(NoSuchPath)
def no_such_path(error: NoSuchPath) -> Response:
    """Answer a path that there is not, with a page where the request is a browser's for one."""
    accepted = request.accept_mimetypes
    is_browser = accepted["text/html"] > accepted["application/json"]
    if request.url_rule is None and request.method in ("GET", "HEAD") and is_browser:
        return failed(error)
    return problem_of(error).response()
