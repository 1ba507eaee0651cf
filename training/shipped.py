"""The network as it was shipped, read back out of its ONNX graphs: where a later training begins."""

from pathlib import Path

import numpy as np
import onnx
import torch
from network import Network
from numpy.typing import NDArray
from onnx import numpy_helper


def load_shipped(network: Network, weights: Path) -> None:
    """Put the encoder, the tags and the heads for pairs of a weights directory into `network`.

    8-bit weights are read as the numbers they stand for. An act's row is split anew into its root's and its own.
    """
    state = network.state_dict()
    for name in ("encoder", "pairs"):
        tables = {i.name: numpy_helper.to_array(i) for i in onnx.load(str(weights / f"{name}.onnx")).graph.initializer}
        _named(state, tables)
        (_encoder if name == "encoder" else _acts)(state, tables, network)
    network.load_state_dict(state)


def _named(state: dict[str, torch.Tensor], tables: dict[str, NDArray[np.generic]]) -> None:
    for name, table in tables.items():
        own = name.removeprefix("network.")
        if own in state:
            state[own] = torch.tensor(table)
        elif own.endswith("_quantized") and own.removesuffix("_quantized") in state:
            state[own.removesuffix("_quantized")] = _numbers(tables, name.removesuffix("_quantized"))


def _encoder(state: dict[str, torch.Tensor], tables: dict[str, NDArray[np.generic]], network: Network) -> None:
    """The matrices, which the graph names by number, in the order in which they are used."""
    numbered = sorted(
        (n.removesuffix("_quantized") for n in tables if n.startswith("onnx::MatMul") and n.endswith("_quantized")),
        key=lambda n: int(n.rpartition("_")[2]),
    )
    parts = [
        f"encoder.layers.{i}.{p}" for i in range(len(network.encoder.layers)) for p in ("qkv", "out", "up", "down")
    ]
    for part, name in zip([*parts, "tags"], numbered, strict=True):
        state[f"{part}.weight"] = _numbers(tables, name).T.contiguous()


def _acts(state: dict[str, torch.Tensor], tables: dict[str, NDArray[np.generic]], network: Network) -> None:
    acts, roots = len(network.vocabulary.acts), network.vocabulary.act_roots
    table = next(t for n, t in tables.items() if n.startswith("onnx::MatMul") and t.shape[-1] == acts)
    rows = torch.tensor(table.T.copy())
    number = torch.tensor(roots)
    for root in set(roots):
        state["root_rows"][root] = rows[number == root].mean(0)
    state["act_rows"] = rows - state["root_rows"][number]
    statuses = len(network.vocabulary.statuses)
    state["status_of_act.weight"] = torch.tensor(
        next(t for n, t in tables.items() if t.shape == (acts, statuses) and not n.startswith("network")).copy()
    )


def _numbers(tables: dict[str, NDArray[np.generic]], name: str) -> torch.Tensor:
    scale, zero = tables[f"{name}_scale"], tables[f"{name}_zero_point"].astype(np.int32)
    return torch.tensor((tables[f"{name}_quantized"].astype(np.int32) - zero).astype(np.float32) * scale)
