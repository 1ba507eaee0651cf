"""All settings, read from the environment and checked at the start. `.env.example` documents each (a test compares)."""

import os
import re
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import parseaddr
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

import entente

T = TypeVar("T")

LOG_LEVELS = ("debug", "info", "warning", "error")
SWITCH = ("on", "off")
OPEN_READING = ("loopback", "always", "never")
LOG_FORMATS = ("auto", "text", "json")
REDIS_SCHEMES = ("redis", "rediss", "unix")
SQL_SCHEMES = ("sqlite", "postgresql")
SMTP_SCHEMES = ("smtp", "smtps")

#: Default user agent of requests to other servers; robots.txt is checked for it.
USER_AGENT = f"Entente/{entente.__version__}"

#: An origin (RFC 6454), and the ports that browsers leave out of one.
_ORIGIN = re.compile(r"[a-z][a-z0-9+.-]*://(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:[0-9]{1,5})?", re.ASCII)
_DEFAULT_PORTS = {"http": "80", "https": "443"}

#: Every variable that is read; `.env.example` must document each.
VARIABLES = (
    "ENTENTE_DATA_DIR",
    "ENTENTE_DATABASE_URL",
    "ENTENTE_DATABASE_URL_FILE",
    "ENTENTE_REDIS_URL",
    "ENTENTE_REDIS_URL_FILE",
    "REDIS_URL",
    "ENTENTE_HOST",
    "ENTENTE_PORT",
    "ENTENTE_API_PROCESSES",
    "ENTENTE_API_THREADS",
    "ENTENTE_RATE_LIMIT",
    "ENTENTE_CODE_PLACES",
    "ENTENTE_CODE_RATE_LIMIT",
    "ENTENTE_OPEN_READING",
    "ENTENTE_TRUSTED_PROXIES",
    "ENTENTE_CORS_ORIGINS",
    "ENTENTE_EMBED_ORIGINS",
    "ENTENTE_WORKER_PROCESSES",
    "ENTENTE_FETCH_THREADS",
    "ENTENTE_DELIVER_THREADS",
    "ENTENTE_SWEEP_SECONDS",
    "ENTENTE_USER_AGENT",
    "ENTENTE_FETCH_LOOPBACK",
    "ENTENTE_PUBLIC_URL",
    "ENTENTE_SMTP_URL",
    "ENTENTE_SMTP_URL_FILE",
    "ENTENTE_SMTP_CA",
    "ENTENTE_MAIL_FROM",
    "ENTENTE_BASELINE",
    "ENTENTE_READER_WEIGHTS",
    "ENTENTE_CODER_URL",
    "ENTENTE_CODER_MODEL",
    "ENTENTE_CODER_KEY",
    "ENTENTE_CODER_KEY_FILE",
    "ENTENTE_API_URL",
    "ENTENTE_API_KEY",
    "ENTENTE_API_KEY_FILE",
    "ENTENTE_METRICS_HOST",
    "ENTENTE_WORKER_METRICS_PORT",
    "ENTENTE_FETCHER_METRICS_PORT",
    "ENTENTE_DELIVERER_METRICS_PORT",
    "ENTENTE_BEAT_METRICS_PORT",
    "ENTENTE_LOG_LEVEL",
    "ENTENTE_LOG_FORMAT",
)


class SettingsError(Exception):
    """An invalid setting. The message names the variable, the problem and the remedy."""

    def __init__(self, variable: str, problem: str, remedy: str) -> None:
        self.variable = variable
        super().__init__(f"{variable}: {problem}; {remedy}")


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one process. `redis_url` None: no Redis is configured (the embedded stack starts its own).

    `port` 0: a free port. `rate_limit`: requests a minute per address and API process, 0 for no limit.
    `code_places`: texts of POST /v1/code at once, per API process; `code_rate_limit`: a minute per address, as above.
    `open_reading`: who may read without a key: "loopback" (requests from this machine), "always" or "never".
    `trusted_proxies`: networks of proxies whose X-Forwarded-For names the client.
    `cors_origins`: origins of web pages whose scripts may read answers; ("*",) for those of every page.
    `embed_origins`: origins of web pages that may frame the pages under /embed/; ("*",) for every page.
    `fetch_threads`, `deliver_threads`: fetches and deliveries that one process has under way at once.
    `sweep_seconds`: seconds between two runs of each scheduled task.
    `fetch_loopback`: whether URLs of servers on this machine may be fetched and subscribed.
    `public_url`: where others reach the API, without a slash at the end, "" if not known. `smtp_url` None: no e-mail is
    sent; else `mail_from` and `public_url` are set. `smtp_ca_file` None: the mail server's certificate has to be signed
    by one of the system's authorities.
    `baseline`: whether the states of seeds/baseline/ are part of the ledger.
    `reader_weights` None: the bundled weights. `coder_url`: base URL of a remote model, `coder_model`, that codes
    instead of the bundled coder. `api_url`: the API that `entente mcp` asks, with `api_key`; None: the one on this
    machine. `metrics_ports`: part → the port on which it serves its metrics, on
    `metrics_host`, 0: nowhere. The API serves its own under /metrics.
    """

    data_dir: Path
    database_url: str
    redis_url: str | None = None
    host: str = "127.0.0.1"
    port: int = 0
    api_processes: int = 1
    api_threads: int = 8
    rate_limit: int = 600_000
    code_places: int = 2
    code_rate_limit: int = 60
    open_reading: str = "loopback"
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...] = ()
    cors_origins: tuple[str, ...] = ()
    embed_origins: tuple[str, ...] = ()
    worker_processes: int = 2
    fetch_threads: int = 8
    deliver_threads: int = 16
    sweep_seconds: float = 2.0
    user_agent: str = USER_AGENT
    fetch_loopback: bool = False
    public_url: str = ""
    smtp_url: str | None = field(default=None, repr=False)
    smtp_ca_file: Path | None = None
    mail_from: str = ""
    baseline: bool = True
    reader_weights: Path | None = None
    coder_url: str | None = None
    coder_model: str = ""
    coder_key: str | None = field(default=None, repr=False)
    api_url: str | None = None
    api_key: str | None = field(default=None, repr=False)
    metrics_host: str = "127.0.0.1"
    metrics_ports: Mapping[str, int] = field(default_factory=dict)
    log_level: str = "info"
    log_format: str = "auto"

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> "Settings":
        """Read and check every setting. Raises SettingsError for the first invalid one."""
        env = _Environment(os.environ if environ is None else environ)
        data_dir = Path(env.text("ENTENTE_DATA_DIR") or "var").expanduser().absolute()
        return cls(
            data_dir=data_dir,
            database_url=env.url("ENTENTE_DATABASE_URL", SQL_SCHEMES) or f"sqlite:///{data_dir / 'entente.db'}",
            redis_url=env.url("ENTENTE_REDIS_URL", REDIS_SCHEMES) or env.url("REDIS_URL", REDIS_SCHEMES),
            host=env.text("ENTENTE_HOST") or "127.0.0.1",
            port=env.number("ENTENTE_PORT", int, 0, low=0, high=65535),
            api_processes=env.number("ENTENTE_API_PROCESSES", int, 1, low=1, high=256),
            api_threads=env.number("ENTENTE_API_THREADS", int, 8, low=1, high=256),
            rate_limit=env.number("ENTENTE_RATE_LIMIT", int, 600_000, low=0, high=10**9),
            code_places=env.number("ENTENTE_CODE_PLACES", int, 2, low=1, high=256),
            code_rate_limit=env.number("ENTENTE_CODE_RATE_LIMIT", int, 60, low=0, high=10**9),
            open_reading=env.choice("ENTENTE_OPEN_READING", OPEN_READING, "loopback"),
            trusted_proxies=env.networks("ENTENTE_TRUSTED_PROXIES"),
            cors_origins=env.origins("ENTENTE_CORS_ORIGINS"),
            embed_origins=env.origins("ENTENTE_EMBED_ORIGINS"),
            worker_processes=env.number("ENTENTE_WORKER_PROCESSES", int, 2, low=1, high=256),
            fetch_threads=env.number("ENTENTE_FETCH_THREADS", int, 8, low=2, high=256),
            deliver_threads=env.number("ENTENTE_DELIVER_THREADS", int, 16, low=2, high=256),
            user_agent=env.text("ENTENTE_USER_AGENT") or USER_AGENT,
            fetch_loopback=env.choice("ENTENTE_FETCH_LOOPBACK", SWITCH, "off") == "on",
            public_url=(
                env.url("ENTENTE_PUBLIC_URL", ("http", "https")) or env.needed_for_mail("ENTENTE_PUBLIC_URL")
            ).rstrip("/"),
            smtp_url=env.url("ENTENTE_SMTP_URL", SMTP_SCHEMES),
            smtp_ca_file=env.certificates("ENTENTE_SMTP_CA"),
            mail_from=env.sender("ENTENTE_MAIL_FROM"),
            sweep_seconds=env.number("ENTENTE_SWEEP_SECONDS", float, 2.0, low=0.1, high=3600),
            baseline=env.choice("ENTENTE_BASELINE", SWITCH, "on") == "on",
            # Written last of a training: a directory of an older version, or a half-made one, has none.
            reader_weights=env.directory("ENTENTE_READER_WEIGHTS", "pairs.json"),
            coder_url=env.url("ENTENTE_CODER_URL", ("http", "https")),
            coder_model=env.model("ENTENTE_CODER_MODEL", "ENTENTE_CODER_URL"),
            coder_key=env.secret("ENTENTE_CODER_KEY") or None,
            api_url=env.url("ENTENTE_API_URL", ("http", "https")),
            api_key=env.secret("ENTENTE_API_KEY") or None,
            metrics_host=env.text("ENTENTE_METRICS_HOST") or "127.0.0.1",
            metrics_ports={
                "worker": env.number("ENTENTE_WORKER_METRICS_PORT", int, 0, low=0, high=65535),
                "fetcher": env.number("ENTENTE_FETCHER_METRICS_PORT", int, 0, low=0, high=65535),
                "deliverer": env.number("ENTENTE_DELIVERER_METRICS_PORT", int, 0, low=0, high=65535),
                "beat": env.number("ENTENTE_BEAT_METRICS_PORT", int, 0, low=0, high=65535),
            },
            log_level=env.choice("ENTENTE_LOG_LEVEL", LOG_LEVELS, "info"),
            log_format=env.choice("ENTENTE_LOG_FORMAT", LOG_FORMATS, "auto"),
        )

    def local_url(self, port: int) -> str:
        """Where this machine asks the API that listens on `host`: by loopback if that is every address."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # compared, not bound
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

    def require_redis(self) -> str:
        """The URL of Redis, for processes that need one. Raises SettingsError if none is configured."""
        if self.redis_url is None:
            remedy = "set it, or use `entente up`, which starts a Redis of its own"
            raise SettingsError("ENTENTE_REDIS_URL", "this process needs Redis and none is configured", remedy)
        return self.redis_url

    def make_data_dir(self) -> Path:
        """Create the data directory if needed; its path. Raises SettingsError if it can't be written to."""
        remedy = "name a directory that you may write to"
        try:
            self.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise SettingsError("ENTENTE_DATA_DIR", f"can't make {self.data_dir} ({error.strerror})", remedy) from error
        if not os.access(self.data_dir, os.W_OK | os.X_OK):
            raise SettingsError("ENTENTE_DATA_DIR", f"can't write to {self.data_dir}", remedy)
        return self.data_dir


class _Environment:
    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ

    def text(self, name: str) -> str:
        return self._environ.get(name, "").strip()

    def secret(self, name: str) -> str:
        """The content of the file that `{name}_FILE` names (for secrets mounted as files), else the variable."""
        # The file goes first: where containers have a default for the variable, naming a file still has its effect.
        path = self.text(f"{name}_FILE") if f"{name}_FILE" in VARIABLES else ""
        if not path:
            return self.text(name)
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            remedy = "name a readable text file that holds the value"
            raise SettingsError(f"{name}_FILE", f"can't read {path} ({error})", remedy) from error

    def url(self, name: str, schemes: tuple[str, ...]) -> str | None:
        value = self.secret(name)
        if not value:
            return None
        try:
            parts = urlsplit(value)
            # Host and port are read when they are asked for.
            scheme, _host, _port = parts.scheme, parts.hostname, parts.port
        except ValueError:
            remedy = "check host and port, and percent-encode what is special in a user or password, such as / as %2F"
            raise SettingsError(name, "not a URL", remedy) from None
        if scheme.partition("+")[0] not in schemes:
            # The value may contain a password, so the message doesn't repeat it.
            problem = f"a URL that starts with {scheme!r}" if scheme else "not a URL"
            raise SettingsError(name, problem, f"start it with one of {', '.join(s + '://' for s in schemes)}")
        return value

    def number(self, name: str, kind: Callable[[str], T], default: T, low: float, high: float) -> T:
        text = self.text(name)
        if not text:
            return default
        remedy = f"give a number from {low:g} to {high:g}, or leave it blank for {default}"
        try:
            value = kind(text)
        except ValueError:
            raise SettingsError(name, f"{text[:40]!r} is not a number of that kind", remedy) from None
        if not low <= float(value) <= high:  # type: ignore[arg-type]  # T is int or float here
            raise SettingsError(name, f"{text[:40]} is out of range", remedy)
        return value

    def networks(self, name: str) -> tuple[IPv4Network | IPv6Network, ...]:
        found = []
        for part in self.text(name).replace(",", " ").split():
            try:
                found.append(ip_network(part))
            except ValueError as error:
                remedy = "give addresses or networks, such as 127.0.0.1, 10.0.0.0/8, apart by commas"
                raise SettingsError(name, f"{part[:60]!r} is no network ({error})", remedy) from None
        return tuple(found)

    def origins(self, name: str) -> tuple[str, ...]:
        found = [part.lower() for part in self.text(name).replace(",", " ").split()]
        if found == ["*"]:
            return ("*",)
        for origin in found:
            if not _ORIGIN.fullmatch(origin):
                remedy = (
                    "give origins as browsers send them, such as https://maps.example or http://localhost:5173, or *"
                )
                raise SettingsError(name, f"{origin[:60]!r} is no origin", f"{remedy} alone")
        return tuple(dict.fromkeys(_as_sent(origin) for origin in found))

    def model(self, name: str, needed_by: str) -> str:
        """The variable, which may be blank only where `needed_by` is blank."""
        value = self.text(name)
        if self.text(needed_by) and not value:
            raise SettingsError(name, f"blank, but {needed_by} is set", "name the model to ask for")
        return value

    def needed_for_mail(self, name: str) -> str:
        """The variable, which may be blank only where no mail server is set."""
        value = self.text(name)
        if self.secret("ENTENTE_SMTP_URL") and not value:
            raise SettingsError(name, "blank, but ENTENTE_SMTP_URL is set", "e-mails need it; set it too")
        return value

    def sender(self, name: str) -> str:
        """A sender of e-mails: an address, with or without a name."""
        value = self.needed_for_mail(name)
        local, _, domain = parseaddr(value)[1].rpartition("@")
        if value and not (local and domain and value.isprintable()):
            raise SettingsError(name, "not an e-mail address", "give one, such as Entente <alerts@example.org>")
        return value

    def certificates(self, name: str) -> Path | None:
        """A file of certificates in PEM."""
        text = self.text(name)
        if not text:
            return None
        path = Path(text).expanduser().absolute()
        try:
            ssl.create_default_context(cafile=path)
        except OSError as error:  # SSLError is one
            remedy = "name a readable file with certificates in PEM, or leave it blank"
            raise SettingsError(name, f"no certificates in {path} ({error.strerror or error})", remedy) from error
        return path

    def directory(self, name: str, holding: str) -> Path | None:
        text = self.text(name)
        if not text:
            return None
        path = Path(text).expanduser().absolute()
        if not (path / holding).is_file():
            remedy = "name a directory that this version's `make reader` wrote, or leave it blank"
            raise SettingsError(name, f"no {holding} in {path}", remedy)
        return path

    def choice(self, name: str, allowed: tuple[str, ...], default: str) -> str:
        value = self.text(name).lower() or default
        if value not in allowed:
            raise SettingsError(name, f"{value[:40]!r} is not a valid choice", f"use one of {', '.join(allowed)}")
        return value


def _as_sent(origin: str) -> str:
    scheme = origin.partition("://")[0]
    return origin.removesuffix(f":{_DEFAULT_PORTS[scheme]}") if scheme in _DEFAULT_PORTS else origin
