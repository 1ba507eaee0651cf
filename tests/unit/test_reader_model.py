"""The network's graphs as ONNX Runtime runs them."""

from collections.abc import Sequence

import onnxruntime
import pytest

from entente.coding.reader.model import Model


def test_no_graph_takes_the_multiplication_that_overflows_without_vnni(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[onnxruntime.SessionOptions] = []
    opens = onnxruntime.InferenceSession

    def opening(path: str, options: onnxruntime.SessionOptions, providers: Sequence[str]) -> object:
        opened.append(options)
        return opens(path, options, providers=providers)

    monkeypatch.setattr(onnxruntime, "InferenceSession", opening)
    Model()

    assert {options.get_session_config_entry("session.x64quantprecision") for options in opened} == {"1"}
