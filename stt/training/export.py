"""A checkpoint as the directory that CTranslate2 and faster-whisper load like any other Whisper."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from ctranslate2.converters import utils
from ctranslate2.specs import common_spec, whisper_spec

from stt.training.checkpoint import read
from stt.training.network import Attention, Layer, Whisper
from stt.training.tokens import LANGUAGES, Vocabulary

WINDOW_S = 10
_NEVER = -1e4
_SUPPRESSED = (
    "<|startoftranscript|>",
    "<|translate|>",
    "<|transcribe|>",
    "<|startoflm|>",
    "<|startofprev|>",
    "<|nospeech|>",
)


def export(checkpoint: Path, directory: Path, *, quantization: str | None = "int8") -> Path:
    """Write model.bin, config.json, vocabulary.json, tokenizer.json and preprocessor_config.json.

    ``preprocessor_config.json`` says that windows are 10 s long; never ask the model for longer ones.
    """
    state = read(checkpoint)
    network = Whisper(state.shape)
    network.load_state_dict(state.weights)
    network.eval()
    vocabulary = Vocabulary.from_json(state.vocabulary)
    spec = _spec(network, vocabulary)
    spec.register_vocabulary(vocabulary.tokens())
    _configure(spec.config, vocabulary, network)
    spec.validate()
    spec.optimize(quantization=quantization)
    directory.mkdir(parents=True, exist_ok=True)
    spec.save(str(directory))
    (directory / "tokenizer.json").write_text(vocabulary.to_json(), encoding="utf-8")
    (directory / "preprocessor_config.json").write_text(json.dumps(_preprocessor(), indent=1) + "\n")
    return directory


def _spec(network: Whisper, vocabulary: Vocabulary) -> Any:  # noqa: ANN401 - CTranslate2's WhisperSpec
    shape = network.shape
    spec = whisper_spec.WhisperSpec(shape.encoder_layers, shape.heads, shape.decoder_layers, shape.heads)
    for target, source in ((spec.encoder.conv1, network.conv1), (spec.encoder.conv2, network.conv2)):
        target.weight, target.bias = _array(source.weight), _array(source.bias)
    spec.encoder.position_encodings.encodings = _array(network.encoder_positions)
    _norm(spec.encoder.layer_norm, network.encoder_norm)
    for target, layer in zip(spec.encoder.layer, network.encoder, strict=True):
        _layer(target, layer)
    embedding = _array(network.embedding.weight)
    spec.decoder.embeddings.weight = embedding
    spec.decoder.projection.weight = embedding
    spec.decoder.projection.bias = _projection_bias(vocabulary)
    spec.decoder.position_encodings.encodings = _array(network.decoder_positions)
    _norm(spec.decoder.layer_norm, network.decoder_norm)
    for target, layer in zip(spec.decoder.layer, network.decoder, strict=True):
        _layer(target, layer)
    return spec


def _layer(target: Any, layer: Layer) -> None:  # noqa: ANN401
    _self_attention(target.self_attention, layer.self_attention)
    _norm(target.self_attention.layer_norm, layer.self_norm)
    if layer.cross:
        _cross_attention(target.attention, layer.cross_attention)
        _norm(target.attention.layer_norm, layer.cross_norm)
    _linear(target.ffn.linear_0, layer.feed_in)
    _linear(target.ffn.linear_1, layer.feed_out)
    _norm(target.ffn.layer_norm, layer.feed_norm)


def _self_attention(target: Any, attention: Attention) -> None:  # noqa: ANN401
    utils.fuse_linear(target.linear[0], _linears(attention.query, attention.key, attention.value))
    _linear(target.linear[-1], attention.out)


def _cross_attention(target: Any, attention: Attention) -> None:  # noqa: ANN401
    utils.fuse_linear(target.linear[0], _linears(attention.query))
    utils.fuse_linear(target.linear[1], _linears(attention.key, attention.value))
    _linear(target.linear[-1], attention.out)


def _linears(*layers: Any) -> list[Any]:  # noqa: ANN401
    specs = []
    for layer in layers:
        spec = common_spec.LinearSpec()
        _linear(spec, layer)
        specs.append(spec)
    return specs


def _linear(target: Any, layer: Any) -> None:  # noqa: ANN401
    target.weight = _array(layer.weight)
    if layer.bias is not None:
        target.bias = _array(layer.bias)


def _norm(target: Any, norm: Any) -> None:  # noqa: ANN401
    target.gamma, target.beta = _array(norm.weight), _array(norm.bias)


def _array(tensor: Any) -> np.ndarray:  # noqa: ANN401
    return np.asarray(tensor.detach().numpy())


def _projection_bias(vocabulary: Vocabulary) -> np.ndarray:
    """Keep the empty string, which is there only to mark the model multilingual, from ever being said."""
    bias = np.zeros(vocabulary.size, np.float32)
    bias[vocabulary.text_tokens] = _NEVER
    return bias


def _configure(config: Any, vocabulary: Vocabulary, network: Whisper) -> None:  # noqa: ANN401
    config.suppress_ids = [vocabulary.id(token) for token in _SUPPRESSED]
    config.suppress_ids_begin = [vocabulary.tokens().index("\u0120"), vocabulary.id("<|endoftext|>")]
    config.lang_ids = sorted(vocabulary.id(f"<|{language}|>") for language in LANGUAGES)
    config.alignment_heads = [[network.shape.decoder_layers - 1, head] for head in range(network.shape.heads)]


def _preprocessor() -> dict[str, Any]:
    return {
        "chunk_length": WINDOW_S,
        "feature_extractor_type": "WhisperFeatureExtractor",
        "feature_size": 80,
        "hop_length": 160,
        "n_fft": 400,
        "n_samples": WINDOW_S * 16_000,
        "nb_max_frames": WINDOW_S * 100,
        "padding_side": "right",
        "padding_value": 0.0,
        "processor_class": "WhisperProcessor",
        "return_attention_mask": False,
        "sampling_rate": 16_000,
    }
