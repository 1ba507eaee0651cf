"""Write a trained network as the four ONNX graphs that the coder runs (entente/coding/reader/model.py)."""

import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from network import Network
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn


class _Encoder(nn.Module):
    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, ids: Tensor, marks: Tensor) -> tuple[Tensor, Tensor]:
        states = self.network.encoder(ids, marks, None, 0.0)
        return states, self.network.tags(states)


class _States(_Encoder):
    def forward(self, ids: Tensor, marks: Tensor) -> Tensor:  # type: ignore[override]
        return self.network.encoder(ids, marks, None, 0.0)


class _Mentions(_Encoder):
    def forward(self, states: Tensor, average: Tensor) -> tuple[Tensor, ...]:  # type: ignore[override]
        reach = self.network.link_reach.weight.squeeze(-1) + self.network.link_none
        return *self.network.mentions(states, average), reach


class _Pairs(_Encoder):
    def forward(  # type: ignore[override]
        self, states: Tensor, average: Tensor, reach: Tensor, rows: Tensor, lines: Tensor
    ) -> tuple[Tensor, ...]:
        acts, z = self.network.pairs(states, average, reach, rows, lines)
        return acts, self.network.happened(z), self.network.statuses(z), self.network.status_of_act.weight + 0.0, z


class _Details(_Encoder):
    def forward(  # type: ignore[override]
        self, z: Tensor, acts: Tensor, states: Tensor, lines: Tensor, dates: Tensor, same: Tensor
    ) -> tuple[Tensor, ...]:
        return self.network.details(z, acts, states, lines, dates, same)[1:]


def export(network: Network, version: str, out: Path, eight_bit: bool) -> None:
    """Write encoder, mentions, pairs and details.onnx, and labels.json. `eight_bit`: the encoder's weights as int8."""
    network.eval()
    words = network.vocabulary
    h, n = network.encoder.width, 12
    states, average = torch.randn(n, h), torch.rand(3, n)
    ids = torch.randint(1000, 2000, (1, n))
    rows, lines = torch.tensor([[0, 1], [1, 0]]), torch.ones(2, n)
    marks, reach = torch.zeros(1, n, dtype=torch.long), torch.tensor([0, 1, 2])
    z, acts, same = torch.randn(2, h), torch.tensor([0, 1]), torch.ones(2, 3)
    _write_encoder(_Encoder(network), (ids, marks), out / "encoder.onnx", ["states", "tags"], eight_bit)
    free = {"states": {0: "n"}, "average": {0: "m", 1: "n"}}
    _write(_Mentions(network), (states, average), out / "mentions.onnx", ["roles", "queries", "keys", "reaches"], free)
    free |= {"reach": {0: "m"}, "rows": {0: "p"}, "lines": {0: "p", 1: "n"}}
    given = (states, average, reach, rows, lines)
    _write(_Pairs(network), given, out / "pairs.onnx", ["acts", "done", "base", "of_act", "z"], free)
    free = {"z": {0: "e"}, "acts": {0: "e"}, "states": {0: "n"}, "lines": {0: "e", 1: "n"}}
    free |= {"dates": {0: "d", 1: "n"}, "same": {0: "e", 1: "d"}}
    _write(
        _Details(network), (z, acts, states, lines, average, same), out / "details.onnx", ["begin", "end", "when"], free
    )
    table: dict[str, Any] = {
        "version": version, "acts": words.acts, "statuses": words.statuses, "roots": words.roots,
        "root_of": words.root_of,
    }  # fmt: skip
    (out / "labels.json").write_text(json.dumps(table) + "\n", encoding="utf-8")


def export_pairs(network: Network, out: Path, eight_bit: bool) -> None:
    """Write pair_encoder.onnx and pair_heads.onnx, the second reading of a pair (training/train_pairs.py)."""
    network.eval()
    ids = torch.randint(1000, 2000, (1, 12))
    _write_encoder(_States(network), (ids, torch.zeros_like(ids)), out / "pair_encoder.onnx", ["states"], eight_bit)
    given = (torch.randn(24, network.encoder.width), torch.rand(4, 24), torch.tensor([0, 1, 0, 2]))
    free = {
        "states": {0: "n"},
        "average": {0: "m", 1: "n"},
        "reach": {0: "m"},
        "rows": {0: "p"},
        "lines": {0: "p", 1: "n"},
    }
    given += (torch.tensor([[0, 1], [2, 3]]), torch.ones(2, 24))
    _write(_Pairs(network), given, out / "pair_heads.onnx", ["acts", "done", "base", "of_act", "z"], free)


def _write_encoder(
    part: nn.Module, example: tuple[Tensor, ...], path: Path, outputs: Sequence[str], eight: bool
) -> None:
    with tempfile.TemporaryDirectory() as directory:
        full = Path(directory) / "encoder.onnx"
        _write(part, example, full, outputs, {"ids": {1: "n"}, "marks": {1: "n"}})
        if eight:
            quantize_dynamic(
                full, path, weight_type=QuantType.QInt8, op_types_to_quantize=["MatMul", "Gather"], per_channel=True
            )
        else:
            path.write_bytes(full.read_bytes())


def _write(
    part: nn.Module, example: tuple[Tensor, ...], path: Path, outputs: Sequence[str], free: Mapping[str, Any]
) -> None:
    torch.onnx.export(
        part, example, str(path), input_names=list(free), output_names=list(outputs), dynamic_axes=dict(free),
        opset_version=17, dynamo=False,
    )  # fmt: skip
