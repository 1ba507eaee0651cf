"""The network as it was shipped, read back out of its ONNX graphs: where a later training begins."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import torch
from network import Network
from numpy.typing import NDArray
from onnx import numpy_helper

#: The graphs of the first reading, and those of the second.
FIRST, SECOND = ("encoder", "pairs", "mentions", "details"), ("pair_encoder", "pair_heads")


def load_shipped(network: Network, weights: Path, graphs: Sequence[str] = FIRST) -> None:
    """Put what some graphs of a weights directory hold into `network`.

    8-bit weights are read as the numbers they stand for. An act's row is split anew into its root's and its own.
    """
    state = network.state_dict()
    for name in graphs:
        graph = onnx.load(str(weights / f"{name}.onnx")).graph
        tables = {i.name: numpy_helper.to_array(i) for i in graph.initializer}
        _named(state, tables)
        match name:
            case "encoder" | "pair_encoder":
                _encoder(state, tables, network, tags=name == "encoder")
            case "pairs" | "pair_heads":
                _acts(state, tables, network)
            case "mentions":
                _links(state, tables)
            case "details":
                _dates(state, tables, graph)
    network.load_state_dict(state)


def _named(state: dict[str, torch.Tensor], tables: dict[str, NDArray[np.generic]]) -> None:
    for name, table in tables.items():
        own = name.removeprefix("network.")
        if own in state:
            state[own] = torch.tensor(table)
        elif own.endswith("_quantized") and own.removesuffix("_quantized") in state:
            state[own.removesuffix("_quantized")] = _numbers(tables, name.removesuffix("_quantized"))


def _encoder(
    state: dict[str, torch.Tensor], tables: dict[str, NDArray[np.generic]], network: Network, tags: bool
) -> None:
    """The matrices, which the graph names by number, in the order in which they are used."""
    numbered = sorted(
        (n.removesuffix("_quantized") for n in tables if n.startswith("onnx::MatMul") and n.endswith("_quantized")),
        key=lambda n: int(n.rpartition("_")[2]),
    )
    parts = [
        f"encoder.layers.{i}.{p}" for i in range(len(network.encoder.layers)) for p in ("qkv", "out", "up", "down")
    ]
    for part, name in zip([*parts, "tags"] if tags else parts, numbered, strict=True):
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


def _links(state: dict[str, torch.Tensor], tables: dict[str, NDArray[np.generic]]) -> None:
    """What reach adds to a link, which the graph holds as one sum."""
    (reaches,) = (table for table in tables.values() if table.shape == (len(state["link_reach.weight"]),))
    state["link_reach.weight"] = torch.tensor(reaches.copy())[:, None]
    state["link_none"] = torch.zeros(1)


def _dates(state: dict[str, torch.Tensor], tables: dict[str, NDArray[np.generic]], graph: onnx.GraphProto) -> None:
    """What it adds that a date stands in the event's line, and that it doesn't: factors of `same` and of 1 − `same`."""
    found = [0.0, 0.0]
    for node in graph.node:
        number = [name for name in node.input if node.op_type == "Mul" and name in tables and not tables[name].shape]
        if number:
            found["same" not in node.input] = float(tables[number[0]])
    state["date_same"] = torch.tensor(found)


def _numbers(tables: dict[str, NDArray[np.generic]], name: str) -> torch.Tensor:
    scale, zero = tables[f"{name}_scale"], tables[f"{name}_zero_point"].astype(np.int32)
    return torch.tensor((tables[f"{name}_quantized"].astype(np.int32) - zero).astype(np.float32) * scale)
