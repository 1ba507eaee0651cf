"""The codebook: acts, codes, facets and rules."""

from flask import Response

from api.http.answers import ETAG, validated
from api.http.blueprint import Blueprint
from api.http.context import system
from schemas.codebook import CodebookSchema, codebook_shape

blp = Blueprint("codebook", "Acts, codes, facets and rules", "/v1/codebook")


@blp.route("", methods=["GET"])
@blp.answers(200, CodebookSchema, headers=ETAG)
@blp.not_modified()
@blp.fails(422)
def codebook() -> Response:
    """Show the codebook in use: acts with their codes and effects, facets with their values, and tables."""
    return validated(codebook_shape(system().codebook))
