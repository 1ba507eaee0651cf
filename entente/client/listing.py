"""Lists that come in pages, read by iteration."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Generic, TypeVar, cast

from entente.client.connection import Connection, Parameters
from entente.client.tables import to_pandas

if TYPE_CHECKING:
    import pandas as pd

T = TypeVar("T")


class Listing(Generic[T]):
    """All members of a list, page by page as they are iterated over. Each iteration asks the server anew."""

    def __init__(self, connection: Connection, path: str, member: str, parameters: Parameters) -> None:
        self._connection = connection
        self._path = path
        self._member = member
        self._parameters = parameters

    def __iter__(self) -> Iterator[T]:
        for page in self.pages():
            yield from page

    def pages(self) -> Iterator[list[T]]:
        """The members of each page. A page may be empty and yet have a next one."""
        content, following = self._connection.page(self._path, self._parameters)
        yield cast("list[T]", content[self._member])
        while following:
            content, following = self._connection.page(following)
            yield cast("list[T]", content[self._member])

    def to_pandas(self) -> "pd.DataFrame":
        """The whole list as a DataFrame (`entente.client.to_pandas`). Needs pandas."""
        return to_pandas(self)
