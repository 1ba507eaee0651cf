"""Settings: names, defaults, secrets from files, and errors; .env.example lists them all."""

import re
from pathlib import Path

import pytest

from entente.bootstrap.settings import VARIABLES, Settings, SettingsError

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / ".env.example"
COMPOSE = "".join((ROOT / name).read_text(encoding="utf-8") for name in ("docker-compose.yml", "deploy/tls.yml"))

#: What the image sets itself (Dockerfile), because it is the container's own.
OF_THE_IMAGE = {"ENTENTE_DATA_DIR", "ENTENTE_HOST", "ENTENTE_PORT"}


def documented() -> dict[str, str]:
    return dict(re.findall(r"^([A-Z_]+)=(.*)$", EXAMPLE.read_text(encoding="utf-8"), re.MULTILINE))


def defaults_of_compose() -> dict[str, str]:
    """Each variable that the compose files take from .env, with its default there."""
    return dict(re.findall(r"\$\{([A-Z_]+):-([^}]*)\}", COMPOSE))


def test_every_setting_is_documented_and_everything_documented_is_a_setting():
    only_compose = set(defaults_of_compose()) - set(VARIABLES)
    assert set(documented()) == set(VARIABLES) | only_compose


def test_every_setting_reaches_the_containers():
    passed = set(re.findall(r"^    ([A-Z_]+): \$\{\1:-", COMPOSE, re.MULTILINE))
    assert passed == set(VARIABLES) - OF_THE_IMAGE


def test_the_example_copied_as_it_is_changes_nothing_in_the_containers():
    # Without a terminal, auto is json. What has no default in compose has that of the program: see below.
    defaults = defaults_of_compose() | {"ENTENTE_LOG_FORMAT": "auto"}
    changed = {name for name, value in defaults.items() if value and documented()[name] not in ("", value)}
    assert changed == set()


def test_every_variable_that_the_module_reads_is_listed():
    source = (EXAMPLE.parent / "entente/bootstrap/settings.py").read_text(encoding="utf-8")
    read = set(re.findall(r'env\.\w+\("([A-Z_]+)"', source))
    assert {name for name in VARIABLES if not name.endswith("_FILE")} == read


def test_the_documented_defaults_are_the_defaults():
    assert Settings.from_env(documented()) == Settings.from_env({})


def test_the_ledger_is_a_file_in_the_data_directory_unless_named(tmp_path):
    assert Settings.from_env({"ENTENTE_DATA_DIR": str(tmp_path)}).database_url == f"sqlite:///{tmp_path}/entente.db"
    named = "postgresql://db/entente"
    assert Settings.from_env({"ENTENTE_DATABASE_URL": named}).database_url == named


def test_our_own_redis_variable_goes_before_the_common_one():
    both = {"ENTENTE_REDIS_URL": "redis://ours/0", "REDIS_URL": "redis://theirs/0"}
    assert Settings.from_env(both).redis_url == "redis://ours/0"
    assert Settings.from_env({"REDIS_URL": "redis://theirs/0"}).redis_url == "redis://theirs/0"


def test_a_secret_is_read_from_the_file_that_its_variable_names(tmp_path):
    secret = tmp_path / "url"
    secret.write_text("postgresql://user:word@db/entente\n")
    settings = Settings.from_env({"ENTENTE_DATABASE_URL_FILE": str(secret)})
    assert settings.database_url == "postgresql://user:word@db/entente"


@pytest.mark.parametrize(
    ("variable", "value", "remedy"),
    [
        ("ENTENTE_PORT", "eighty", "from 0 to 65535"),
        ("ENTENTE_PORT", "65536", "from 0 to 65535"),
        ("ENTENTE_SWEEP_SECONDS", "nan", "from 0.1 to 3600"),
        ("ENTENTE_WORKER_PROCESSES", "0", "from 1 to 256"),
        ("ENTENTE_LOG_LEVEL", "loud", "debug, info, warning, error"),
        ("ENTENTE_LOG_FORMAT", "xml", "auto, text, json"),
        ("ENTENTE_DATABASE_URL", "mysql://db/x", "sqlite://, postgresql://"),
        ("ENTENTE_REDIS_URL", "localhost:6379", "redis://, rediss://, unix://"),
        ("ENTENTE_REDIS_URL_FILE", "/no/such/file", "readable text file"),
        ("ENTENTE_CORS_ORIGINS", "maps.example", "https://maps.example"),
        ("ENTENTE_CORS_ORIGINS", "https://maps.example/map", "https://maps.example"),
        ("ENTENTE_CORS_ORIGINS", "null", "https://maps.example"),
        ("ENTENTE_CORS_ORIGINS", "https://maps.example, *", "* alone"),
        ("ENTENTE_READER_WEIGHTS", "/no/such/model", "leave it blank"),
        ("ENTENTE_READER_WEIGHTS", "/tmp", "leave it blank"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named_with_its_remedy(variable, value, remedy):
    with pytest.raises(SettingsError) as caught:
        Settings.from_env({variable: value})
    assert str(caught.value).startswith(f"{variable}: ")
    assert remedy in str(caught.value)


@pytest.mark.parametrize(
    ("value", "origins"),
    [
        ("", ()),
        ("*", ("*",)),
        ("https://Maps.example:443, http://localhost:5173", ("https://maps.example", "http://localhost:5173")),
        ("http://[::1]:80 http://[::1]", ("http://[::1]",)),
    ],
)
def test_origins_are_kept_as_browsers_send_them(value, origins):
    assert Settings.from_env({"ENTENTE_CORS_ORIGINS": value}).cors_origins == origins


MAIL = {
    "ENTENTE_SMTP_URL": "smtps://user:topsecret@mail.example",
    "ENTENTE_MAIL_FROM": "Entente <alerts@entente.example>",
    "ENTENTE_PUBLIC_URL": "https://entente.example/",
}


@pytest.mark.parametrize("variable", ["ENTENTE_MAIL_FROM", "ENTENTE_PUBLIC_URL"])
def test_email_needs_a_sender_and_a_public_address(variable):
    with pytest.raises(SettingsError, match=f"{variable}: blank, but ENTENTE_SMTP_URL is set"):
        Settings.from_env(MAIL | {variable: ""})


@pytest.mark.parametrize("sender", ["Entente", "a@", "a@b.example\nBcc: c@d.example"])
def test_a_sender_that_is_no_address_is_refused(sender):
    with pytest.raises(SettingsError, match="ENTENTE_MAIL_FROM: not an e-mail address"):
        Settings.from_env(MAIL | {"ENTENTE_MAIL_FROM": sender})


def test_the_password_of_the_mail_server_is_not_shown():
    settings = Settings.from_env(MAIL)
    assert settings.public_url == "https://entente.example"
    assert "topsecret" not in repr(settings)


def test_weights_of_an_older_version_are_refused_by_what_they_lack(tmp_path):
    for name in ("decisions.toml", "encoder.onnx", "pairs.onnx", "labels.json", "training.json"):
        (tmp_path / name).touch()
    with pytest.raises(SettingsError, match=r"ENTENTE_READER_WEIGHTS: no pairs\.json .*make reader"):
        Settings.from_env({"ENTENTE_READER_WEIGHTS": str(tmp_path)})


def test_a_password_never_shows_in_an_error():
    with pytest.raises(SettingsError) as caught:
        Settings.from_env({"ENTENTE_DATABASE_URL": "mysql://user:topsecret@db/x"})
    assert "topsecret" not in str(caught.value)


def test_a_data_directory_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    settings = Settings.from_env({"ENTENTE_DATA_DIR": str(tmp_path / "file" / "data")})
    with pytest.raises(SettingsError, match="ENTENTE_DATA_DIR: can't make"):
        settings.make_data_dir()


def test_a_file_that_is_named_goes_before_the_variable(tmp_path):
    (tmp_path / "url").write_text("redis://from-a-file/0")
    both = {"ENTENTE_REDIS_URL": "redis://default/0", "ENTENTE_REDIS_URL_FILE": str(tmp_path / "url")}
    assert Settings.from_env(both).redis_url == "redis://from-a-file/0"


def test_a_process_that_needs_redis_says_so():
    with pytest.raises(SettingsError, match=r"ENTENTE_REDIS_URL.*entente up"):
        Settings.from_env({}).require_redis()


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:8080"),
        ("0.0.0.0", "http://127.0.0.1:8080"),
        ("::", "http://[::1]:8080"),
        ("news.example", "http://news.example:8080"),
    ],
)
def test_an_api_on_every_address_is_asked_by_loopback(host: str, url: str) -> None:
    assert Settings.from_env({"ENTENTE_HOST": host}).local_url(8080) == url


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("ENTENTE_SMTP_URL", "smtp://user:hunter2/x@mail.example:587"),
        ("ENTENTE_REDIS_URL", "redis://:hunter2/x@host:6379/0"),
        ("ENTENTE_DATABASE_URL", "postgresql://user:hunter2@host:xx/entente"),
        ("ENTENTE_PUBLIC_URL", "http://[x"),
        ("ENTENTE_CODER_URL", "http://[y"),
    ],
)
def test_a_url_that_cannot_be_read_is_told_without_its_value(variable: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"{variable}: not a URL") as refused:
        Settings.from_env(MAIL | {variable: value})
    assert "hunter2" not in str(refused.value)
