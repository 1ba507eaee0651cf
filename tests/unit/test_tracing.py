"""When traces are sent, and what is said where the extra is missing."""

import sys

import pytest
from structlog.testing import capture_logs

from entente.bootstrap.tracing import begin_tracing, traces_wanted

ENDPOINT = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"}


@pytest.mark.parametrize(
    ("environment", "wanted"),
    [
        ({}, False),
        (ENDPOINT, True),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://127.0.0.1:4318/v1/traces"}, True),
        ({"OTEL_TRACES_EXPORTER": "console"}, True),
        (ENDPOINT | {"OTEL_TRACES_EXPORTER": "none"}, False),
        (ENDPOINT | {"OTEL_SDK_DISABLED": "true"}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": ""}, False),
    ],
)
def test_only_the_standard_variables_switch_traces_on(environment: dict[str, str], wanted: bool) -> None:
    assert traces_wanted(environment) is wanted


def test_a_missing_extra_is_one_warning_that_names_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318")
    monkeypatch.setitem(sys.modules, "opentelemetry.distro", None)

    with capture_logs() as lines:
        begin_tracing("api")

    (line,) = lines
    assert (line["event"], line["log_level"]) == ("traces not sent", "warning")
    assert "pip install '.[otel]'" in line["error"]
