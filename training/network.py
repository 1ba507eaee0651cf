"""The reader's network: a MiniLM encoder that is told who is who, and the heads that read its states.

encoder   ids, marks            → states (length, H), tags (length, 5)
mentions  states, spans         → roles (M, 4), keys of each mention for links (M, D), queries (M, D)
pairs     states, places, rows  → acts (P, 1 + A): the first is "nothing", z (P, H)
details   z, act, states, dates → status (11), trigger start and end (length), date (2 + N): publication, none, phrases
"""

import json
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

from entente.coding.reader.pairs import REACHES
from entente.coding.reader.windows import MAX_ENTITIES

TAGS = 5
ROLES = 4
HEADS = 12
_FAR = -1e4


def dropout(x: Tensor, share: float, training: bool) -> Tensor:
    """Set some `share` of the numbers to 0 and raise the others. Random bytes: PyTorch draws number by number."""
    if not training or not share:
        return x
    below = round(share * 256)
    drawn = torch.empty((x.numel() + 7) // 8, dtype=torch.int64).random_(-(2**63), None)
    kept = drawn.view(torch.uint8)[: x.numel()].view(x.shape) >= below
    return x * kept * (256 / (256 - below))


class Layer(nn.Module):
    """One layer of BERT (Devlin et al. 2019), normalised after each sum."""

    def __init__(self, width: int, inner: int) -> None:
        super().__init__()
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self.norm1 = nn.LayerNorm(width, eps=1e-12)
        self.up = nn.Linear(width, inner)
        self.down = nn.Linear(inner, width)
        self.norm2 = nn.LayerNorm(width, eps=1e-12)

    def forward(self, x: Tensor, mask: Tensor | None, drop: float) -> Tensor:
        b, n, w = x.shape
        q, k, v = self.qkv(x).view(b, n, 3, HEADS, w // HEADS).permute(2, 0, 3, 1, 4)
        a = functional.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        a = self.out(a.transpose(1, 2).reshape(b, n, w))
        x = self.norm1(x + dropout(a, drop, self.training))
        h = self.down(functional.gelu(self.up(x)))
        return self.norm2(x + dropout(h, drop, self.training))


class Encoder(nn.Module):
    """MiniLM with one more embedding: the number of the entity that a piece names."""

    def __init__(self, base: Path) -> None:
        super().__init__()
        config = json.loads((base / "config.json").read_text(encoding="utf-8"))
        width, inner, depth = config["hidden_size"], config["intermediate_size"], config["num_hidden_layers"]
        weights = {k.removeprefix("bert."): v.float() for k, v in load_file(base / "model.safetensors").items()}
        self.width = width
        self.words = nn.Embedding(config["vocab_size"], width)
        self.places = nn.Embedding(config["max_position_embeddings"], width)
        self.norm = nn.LayerNorm(width, eps=1e-12)
        self.layers = nn.ModuleList(Layer(width, inner) for _ in range(depth))
        self.marks = nn.Embedding(MAX_ENTITIES + 1, width, padding_idx=0)
        self.words.weight.data = weights["embeddings.word_embeddings.weight"]
        kind = weights["embeddings.token_type_embeddings.weight"][0]
        self.places.weight.data = weights["embeddings.position_embeddings.weight"] + kind
        _copy(self.norm, weights, "embeddings.LayerNorm")
        for i, layer in enumerate(self.layers):
            at = f"encoder.layer.{i}"
            parts = [f"{at}.attention.self.{name}" for name in ("query", "key", "value")]
            layer.qkv.weight.data = torch.cat([weights[f"{p}.weight"] for p in parts])
            layer.qkv.bias.data = torch.cat([weights[f"{p}.bias"] for p in parts])
            _copy(layer.out, weights, f"{at}.attention.output.dense")
            _copy(layer.norm1, weights, f"{at}.attention.output.LayerNorm")
            _copy(layer.up, weights, f"{at}.intermediate.dense")
            _copy(layer.down, weights, f"{at}.output.dense")
            _copy(layer.norm2, weights, f"{at}.output.LayerNorm")
        nn.init.normal_(self.marks.weight, std=self.words.weight.std().item())
        self.marks.weight.data[0] = 0
        self.words.weight.requires_grad_(False)
        self.places.weight.requires_grad_(False)

    def forward(self, ids: Tensor, marks: Tensor, mask: Tensor | None, drop: float = 0.1) -> Tensor:
        x = self.words(ids) + self.places.weight[: ids.shape[1]] + self.marks(marks)
        x = dropout(self.norm(x), drop, self.training)
        for layer in self.layers:
            x = layer(x, mask, drop)
        # MiniLM's last states are small; the heads learn faster from states of unit size.
        return functional.layer_norm(x, (self.width,))


@dataclass(frozen=True)
class Vocabulary:
    """What the heads answer: acts with their roots, statuses, and root_of[act][status] as numbers of `roots`."""

    acts: list[str]
    roots: list[str]
    statuses: list[str]
    act_roots: list[int]
    root_of: list[list[int]]


class Look(nn.Module):
    """What a pair asks of the pieces of its line (attention by four heads), mixed into what is known of the pair."""

    def __init__(self, width: int, heads: int = 4) -> None:
        super().__init__()
        self.heads = heads
        self.ask, self.key, self.value = nn.Linear(width, width), nn.Linear(width, width), nn.Linear(width, width)
        self.mix = nn.Sequential(nn.Linear(2 * width, width), nn.GELU())
        self.norm = nn.LayerNorm(width)

    def forward(self, h: Tensor, states: Tensor, lines: Tensor) -> Tensor:
        n, width = states.shape
        size = width // self.heads
        q = self.ask(h).view(-1, self.heads, size)
        k, v = self.key(states).view(n, self.heads, size), self.value(states).view(n, self.heads, size)
        scores = torch.einsum("phd,nhd->phn", q, k) / size**0.5 + (1 - lines).unsqueeze(1) * _FAR
        seen = torch.einsum("phn,nhd->phd", scores.softmax(-1), v).reshape(-1, width)
        return self.norm(h + self.mix(torch.cat([h, seen], -1)))


class Network(nn.Module):
    """The encoder and its heads."""

    def __init__(self, base: Path, vocabulary: Vocabulary, drop: float = 0.1) -> None:
        super().__init__()
        self.vocabulary = vocabulary
        self.encoder = Encoder(base)
        self.drop = drop
        w = self.encoder.width
        self.tags = nn.Linear(w, TAGS)
        self.role = nn.Sequential(nn.Linear(w, 128), nn.GELU(), nn.Linear(128, ROLES))
        self.link_query, self.link_key = nn.Linear(w, 128), nn.Linear(w, 128)
        self.link_reach = nn.Embedding(REACHES, 1)
        self.link_none = nn.Parameter(torch.zeros(1))
        self.source, self.target = nn.Linear(w, w), nn.Linear(w, w)
        self.source_reach, self.target_reach = nn.Embedding(REACHES, w), nn.Embedding(REACHES, w)
        self.left, self.right = nn.Linear(w, w), nn.Linear(w, w)
        self.looks = nn.ModuleList(Look(w) for _ in range(2))
        self.register_buffer("act_roots", torch.tensor(vocabulary.act_roots))
        self.register_buffer("root_of", torch.tensor(vocabulary.root_of))
        self.root_rows = nn.Parameter(torch.randn(len(vocabulary.roots), w) * 0.02)
        self.act_rows = nn.Parameter(torch.randn(len(vocabulary.acts), w) * 0.02)
        self.act_bias = nn.Parameter(torch.zeros(len(vocabulary.acts)))
        self.nothing = nn.Linear(w, 1)
        nn.init.constant_(self.nothing.bias, 6.0)  # most pairs do nothing to each other
        self.done = nn.Sequential(nn.Linear(w, w), nn.GELU(), nn.Linear(w, len(vocabulary.acts)))
        nn.init.constant_(self.done[2].bias, -6.0)
        statuses = len(vocabulary.statuses)
        self.status = nn.Sequential(nn.Linear(w, w), nn.GELU(), nn.Linear(w, statuses))
        self.status_of_act = nn.Embedding(len(vocabulary.acts), statuses)
        nn.init.zeros_(self.status_of_act.weight)
        self.point = nn.Linear(2 * w, 3 * 128)
        self.trigger_key, self.date_key = nn.Linear(w, 256), nn.Linear(w, 128)
        self.date_same, self.date_fixed = nn.Parameter(torch.zeros(2)), nn.Linear(2 * w, 2)

    def act_table(self) -> Tensor:
        """(A, H): what each act looks like; an act is its root and what is its own."""
        return self.root_rows[self.act_roots] + self.act_rows

    def mentions(self, states: Tensor, average: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """States (n, H), average (M, n) → roles (M, 4), queries (M, 128), keys (M, 128)."""
        m = average @ states
        return self.role(m), self.link_query(m), self.link_key(m)

    def links(self, queries: Tensor, keys: Tensor, reach: Tensor) -> Tensor:
        """Queries (U, 128), keys (K, 128), reach (U, K) → how well each key is what the query stands for (U, K)."""
        return queries @ keys.T / 128**0.5 + self.link_reach(reach).squeeze(-1) + self.link_none

    def pairs(
        self, states: Tensor, average: Tensor, reach: Tensor, rows: Tensor, lines: Tensor, table: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """States (n, H), places' average (N, n) and reach (N), rows (P, 2), lines (P, n): 1 within the pair's line.

        → acts (P, 1 + A), z (P, H)
        """
        places = average @ states
        s, t = self.source(places) + self.source_reach(reach), self.target(places) + self.target_reach(reach)
        left, right = self.left(places), self.right(places)
        a, b = rows[:, 0], rows[:, 1]
        h = torch.tanh(s[a] + t[b] + left[a] * right[b])
        z = h
        for look in self.looks:
            z = look(z, states, lines)
        z = dropout(z, self.drop, self.training)
        acts = z @ (self.act_table() if table is None else table).T + self.act_bias
        return torch.cat([self.nothing(z), acts], -1), z

    def happened(self, z: Tensor) -> Tensor:
        """(P, A): whether the line tells each act as done, each by itself: what a mover must pass."""
        return self.done(z)

    def statuses(self, z: Tensor) -> Tensor:
        """(P, S) before what each act adds of its own."""
        return self.status(z)

    def details(
        self,
        z: Tensor,
        act: Tensor,
        states: Tensor,
        lines: Tensor,
        dates: Tensor,
        same: Tensor,
        table: Tensor | None = None,
    ) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Z (E, H), act (E), states (n, H), lines (E, n), dates' average (N, n), same (E, N): 1 in the event's line.

        → status (E, S), trigger's first and last piece (E, n) each, date (E, 2 + N)
        """
        status = self.status(z) + self.status_of_act(act)
        both = torch.cat([z, (self.act_table() if table is None else table)[act]], -1)
        begin, end, when = self.point(both).split(128, -1)
        key_begin, key_end = self.trigger_key(states).split(128, -1)
        outside = (1 - lines) * _FAR
        starts = begin @ key_begin.T / 128**0.5 + outside
        ends = end @ key_end.T / 128**0.5 + outside
        phrases = when @ self.date_key(dates @ states).T / 128**0.5
        phrases = phrases + same * self.date_same[0] + (1 - same) * self.date_same[1]
        return status, starts, ends, torch.cat([self.date_fixed(both), phrases], -1)


def _copy(part: nn.Module, weights: dict[str, Tensor], name: str) -> None:
    part.weight.data = weights[f"{name}.weight"]
    part.bias.data = weights[f"{name}.bias"]
