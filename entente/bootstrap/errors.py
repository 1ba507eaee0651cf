"""Errors with a message for the user, collected for edges that print them as one line."""

from entente.bootstrap.children import ChildKeepsDying
from entente.bootstrap.running import AlreadyRunning
from entente.bootstrap.seeds import SeedError
from entente.bootstrap.settings import SettingsError
from entente.relations.errors import RelationsError
from entente.services.errors import ServiceError
from entente.services.ports.cache import CacheUnavailable


class StackFailed(Exception):
    """The embedded stack could not be started; the message names the part and the reason."""


class NoRedis(Exception):
    """No Redis was found, or the configured one doesn't answer; the message lists the remedies."""


class StopRequested(BaseException):
    """SIGINT, SIGTERM or SIGHUP. Not an Exception, so that only the outermost handler catches it."""


#: Errors whose messages are for the user; any other is a defect and keeps its traceback.
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
