"""The errors that a user can meet and understand, gathered for edges that turn them into a line of text."""

from entente.bootstrap.children import ChildKeepsDying
from entente.bootstrap.running import AlreadyRunning
from entente.bootstrap.seeds import SeedError
from entente.bootstrap.settings import SettingsError
from entente.relations.errors import RelationsError
from entente.services.errors import ServiceError
from entente.services.ports.cache import CacheUnavailable


class StackFailed(Exception):
    """The embedded stack could not be started; the message says which part and why."""


class NoRedis(Exception):
    """No Redis was found or the configured one doesn't answer; the message lists the remedies."""


class StopRequested(BaseException):
    """SIGINT, SIGTERM or SIGHUP. No Exception: nothing but the outermost handler may take it for a failure."""


#: Their messages are written for the user; anything else is a defect and keeps its traceback.
EXPECTED = (
    AlreadyRunning,
    CacheUnavailable,
    ChildKeepsDying,
    NoRedis,
    RelationsError,
    SeedError,
    ServiceError,
    SettingsError,
    StackFailed,
)
