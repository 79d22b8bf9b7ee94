"""The Whisper architecture in miniature, and three heads that exist in training only.

faster-whisper pads every window to 30 s. Padding frames are all alike, so their encoder
positions share one row of the position table (rows from ``speech_positions`` on are equal) and
fold into a single position whose attention logit is raised by the logarithm of their number.
That is exact, and training pays for a third of the positions.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F  # noqa: N812 - its usual name
from torch import Tensor, nn

ENCODER_POSITIONS = 1_500
TEXT_POSITIONS = 448
MELS = 80
HEAD_WIDTH = 64
_PADDING_FRAMES = 4


@dataclass(frozen=True, slots=True)
class Shape:
    """The size of a model."""

    vocabulary: int
    phonemes: int
    width: int = 192
    encoder_layers: int = 4
    decoder_layers: int = 3
    speech_positions: int = 500

    @property
    def heads(self) -> int:
        """Return the number of attention heads: Whisper's are 64 wide."""
        return self.width // HEAD_WIDTH


class Attention(nn.Module):
    """Multi-head attention, over the input itself or over ``memory``."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(width, width, bias=False)
        self.value = nn.Linear(width, width)
        self.out = nn.Linear(width, width)

    def _split(self, x: Tensor) -> Tensor:
        batch, length, width = x.shape
        return x.view(batch, length, self.heads, width // self.heads).transpose(1, 2)

    def forward(
        self, x: Tensor, memory: Tensor | None = None, bias: Tensor | None = None, *, causal: bool = False
    ) -> Tensor:
        """Return the attended values."""
        source = x if memory is None else memory
        query, key, value = self._split(self.query(x)), self._split(self.key(source)), self._split(self.value(source))
        weights = (
            query @ key.transpose(-1, -2) / math.sqrt(query.shape[-1])
        )  # on a CPU faster than torch's fused kernel
        if causal:
            weights = weights + torch.full(weights.shape[-2:], -math.inf).triu(1)
        mixed = (weights if bias is None else weights + bias).softmax(-1) @ value
        return self.out(mixed.transpose(1, 2).reshape(x.shape))

    def with_weights(self, x: Tensor, memory: Tensor, bias: Tensor) -> tuple[Tensor, Tensor]:
        """Return the attended values and the attention itself, of shape (batch, heads, queries, keys)."""
        query, key, value = self._split(self.query(x)), self._split(self.key(memory)), self._split(self.value(memory))
        weights = (query @ key.transpose(-1, -2) / math.sqrt(query.shape[-1]) + bias).softmax(-1)
        return self.out((weights @ value).transpose(1, 2).reshape(x.shape)), weights


class Layer(nn.Module):
    """One encoder layer, or with ``cross`` one decoder layer."""

    def __init__(self, width: int, heads: int, *, cross: bool) -> None:
        super().__init__()
        self.self_norm, self.self_attention = nn.LayerNorm(width), Attention(width, heads)
        self.cross = cross
        if cross:
            self.cross_norm, self.cross_attention = nn.LayerNorm(width), Attention(width, heads)
        self.feed_norm = nn.LayerNorm(width)
        self.feed_in, self.feed_out = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def encode(self, x: Tensor, bias: Tensor) -> Tensor:
        """Return the encoder layer's output."""
        x = x + self.self_attention(self.self_norm(x), bias=bias)
        return x + self.feed_out(F.gelu(self.feed_in(self.feed_norm(x))))

    def decode(self, x: Tensor, memory: Tensor, bias: Tensor) -> tuple[Tensor, Tensor]:
        """Return the decoder layer's output and its cross-attention."""
        x = x + self.self_attention(self.self_norm(x), causal=True)
        seen, weights = self.cross_attention.with_weights(self.cross_norm(x), memory, bias)
        x = x + seen
        return x + self.feed_out(F.gelu(self.feed_in(self.feed_norm(x)))), weights

    def silence(self) -> None:
        """Make a new layer pass its input through, so that a trained model can be deepened without harm."""
        attentions = [self.self_attention] + ([self.cross_attention] if self.cross else [])
        for linear in [*(attention.out for attention in attentions), self.feed_out]:
            nn.init.zeros_(linear.weight)
            nn.init.zeros_(linear.bias)


class Whisper(nn.Module):
    """Encoder and decoder, with ``phonemes``, ``ctc`` and ``blank`` for training only."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        width, heads = shape.width, shape.heads
        self.conv1 = nn.Conv1d(MELS, width, 3, padding=1)
        self.conv2 = nn.Conv1d(width, width, 3, stride=2, padding=1)
        self.encoder = nn.ModuleList(Layer(width, heads, cross=False) for _ in range(shape.encoder_layers))
        self.encoder_norm = nn.LayerNorm(width)
        self.embedding = nn.Embedding(shape.vocabulary, width)
        self.decoder = nn.ModuleList(Layer(width, heads, cross=True) for _ in range(shape.decoder_layers))
        self.decoder_norm = nn.LayerNorm(width)
        self.phonemes = nn.Linear(width, shape.phonemes)
        self.ctc = nn.Linear(width, width)
        self.blank = nn.Parameter(torch.zeros(1, width))
        positions = torch.zeros(ENCODER_POSITIONS, width)
        positions[: shape.speech_positions] = sinusoids(shape.speech_positions, width) * 0.3
        self.register_buffer("encoder_positions", positions)
        self.decoder_positions = nn.Parameter(sinusoids(TEXT_POSITIONS, width) * 0.1)
        nn.init.normal_(self.embedding.weight, std=width**-0.5)

    def encode(self, mel: Tensor) -> tuple[Tensor, Tensor]:
        """Encode windows of shape (batch, 80, frames), zero after the speech.

        Returns:
            (batch, frames / 2 + 2, width), whose last position stands for all the padding, and
            the attention bias that gives it its weight.
        """
        count = mel.shape[-1] // 2
        folded = F.pad(mel, (0, _PADDING_FRAMES))
        x = F.gelu(self.conv2(F.gelu(self.conv1(folded)))).transpose(1, 2)
        x = x + torch.cat([self.encoder_positions[:count], self.encoder_positions[-1:].expand(2, -1)])
        bias = torch.zeros(count + 2)
        bias[-1] = math.log(ENCODER_POSITIONS - count - 1)
        bias = bias[None, None, None]
        for layer in self.encoder:
            x = layer.encode(x, bias)
        return self.encoder_norm(x), bias

    def encode_unfolded(self, mel: Tensor) -> Tensor:
        """Encode all 3,000 frames as faster-whisper does: the slow truth that ``encode`` must equal."""
        x = F.gelu(self.conv2(F.gelu(self.conv1(mel)))).transpose(1, 2) + self.encoder_positions
        none = torch.zeros(1, 1, 1, ENCODER_POSITIONS)
        for layer in self.encoder:
            x = layer.encode(x, none)
        return self.encoder_norm(x)

    def decode(self, tokens: Tensor, memory: Tensor, bias: Tensor) -> tuple[Tensor, list[Tensor]]:
        """Return the next-token logits and the cross-attention of every layer."""
        x = self.embedding(tokens) + self.decoder_positions[: tokens.shape[1]]
        attentions = []
        for layer in self.decoder:
            x, weights = layer.decode(x, memory, bias)
            attentions.append(weights)
        return self.decoder_norm(x) @ self.embedding.weight.t(), attentions


def sinusoids(length: int, width: int) -> Tensor:
    """Return Whisper's position table."""
    step = math.log(10_000) / (width // 2 - 1)
    inverse = torch.exp(-step * torch.arange(width // 2).float())
    angles = torch.arange(length).float()[:, None] * inverse[None]
    return torch.cat([angles.sin(), angles.cos()], dim=1)
