"""The real engine: faster-whisper, batched, on our own clips.

The library's batched decoder applies none of its thresholds, so the gate against invented text is ours (`utterances`).
Its word times are corrected by what came before in the batch, which would make answers depend on neighbours; so the
alignment is taken raw and put in order by the voice activity instead. No previous text is ever fed in, hot words only
together with sound that holds speech, and a clip that loops is decoded once more without repetition.
"""

from __future__ import annotations

import itertools
import math
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from coachdesk.audio.load import RATE_HZ
from coachdesk.errors import EngineError, ModelMissing
from coachdesk.model import Notice
from coachdesk.speech.engine import Clip, EngineChoice, Heard, HeardWord

LOOPING_COMPRESSION = 2.4  # Whisper's own threshold: text that compresses better repeats itself
HOT_WORDS_AT_MOST = 20
DETECT_CLIPS = 3  # per channel, so that hold music at the start does not decide the language
_PREPEND = "\"'“¿([{-"
_APPEND = "\"'.。,，!！?？:：”)]}、"


class WhisperEngine:
    """A loaded Whisper model. `notices` tells what could not be used (for example a graphics card)."""

    def __init__(self, choice: EngineChoice) -> None:
        folder = Path(choice.model)
        if not (folder / "model.bin").is_file() or not (folder / "tokenizer.json").is_file():
            raise ModelMissing(
                f"The Whisper model {folder.name or 'asked for'} is not on this machine.",
                "See `coachdesk models list`; `coachdesk models fetch NAME` gets one, `models add DIR` takes a folder.",
            )
        from faster_whisper import BatchedInferencePipeline

        self.notices: list[Notice] = []
        self._made_for, self._made, self._suppressed = "", None, None
        self._batch = choice.batch
        self._model = self._load(str(folder), choice.threads or physical_cores())
        self._pipeline = BatchedInferencePipeline(self._model)
        self._multilingual = bool(self._model.model.is_multilingual)
        self._hot_words = ", ".join(choice.hot_words[:HOT_WORDS_AT_MOST]) or None
        self.language = choice.language if self._multilingual else "en"
        if choice.language not in ("", "en") and not self._multilingual:
            raise EngineError("This Whisper model knows English only.", "Use a multilingual model for this call.")

    def _load(self, folder: str, threads: int) -> Any:
        from faster_whisper import WhisperModel

        if _cards():
            try:
                model = WhisperModel(folder, device="cuda", compute_type="float16", local_files_only=True)
                model.encode(np.zeros((model.feature_extractor.mel_filters.shape[0], 3000), np.float32))
                return model
            except (RuntimeError, ValueError, OSError) as failed:
                self.notices.append(Notice("cuda_failed", {"why": str(failed).splitlines()[0][:120]}))
        try:
            return WhisperModel(folder, device="cpu", compute_type="int8", cpu_threads=threads, local_files_only=True)
        except Exception as broken:  # the tokenizer's library raises nothing more precise
            raise EngineError(
                "The speech model cannot be loaded; its files are damaged or do not belong together.",
                "Run `coachdesk models verify NAME`, or add the folder again.",
            ) from broken

    def detect_language(self, clips: list[Clip]) -> tuple[str, float]:
        """The language most likely over all clips together, with its mean probability 0..1."""
        if not self._multilingual:
            return "en", 1.0
        sums: dict[str, float] = {}
        for clip in clips:
            encoded = self._model.encode(self._features([clip]))
            for token, probability in self._model.model.detect_language(encoded)[0]:
                sums[token[2:-2]] = sums.get(token[2:-2], 0.0) + probability
        best = max(sums, key=lambda code: sums[code])
        return best, sums[best] / len(clips)

    def transcribe(self, clips: Iterable[Clip]) -> Iterator[Heard]:
        stream = iter(clips)
        while batch := list(itertools.islice(stream, self._batch)):
            for clip, heard in zip(batch, self._decode(batch, beam=1, careful=False), strict=True):
                if heard.suspect:  # it loops: once more, alone, forbidding repetition
                    yield self._decode([clip], beam=5, careful=True)[0]
                else:
                    yield heard

    def _features(self, clips: list[Clip]) -> Any:
        from faster_whisper.audio import pad_or_trim

        return np.stack([pad_or_trim(self._model.feature_extractor(clip.samples)[..., :-1]) for clip in clips])

    def _decode(self, clips: list[Clip], *, beam: int, careful: bool) -> list[Heard]:
        tokenizer = self._tokenizer()
        encoded, outputs = self._pipeline.generate_segment_batched(
            self._features(clips), tokenizer, self._options(beam, careful)
        )
        tokens = [[token for token in out["tokens"] if token < tokenizer.eot] for out in outputs]
        frames = [math.ceil(len(clip.samples) / RATE_HZ * self._model.frames_per_second) for clip in clips]
        aligned = self._model.find_alignment(tokenizer, tokens, encoded, frames) if any(tokens) else [[] for _ in clips]
        return [
            _heard(clip, words, out, tokenizer.decode(spoken))
            for clip, words, out, spoken in zip(clips, aligned, outputs, tokens, strict=True)
        ]

    def _tokenizer(self) -> Any:
        """The tokenizer of the call's language; made once, since making it costs as much as a short clip."""
        from faster_whisper.tokenizer import Tokenizer
        from faster_whisper.transcribe import get_suppressed_tokens

        language = self.language or "en"
        if self._made_for != language:
            self._made_for = language
            self._made = Tokenizer(self._model.hf_tokenizer, self._multilingual, task="transcribe", language=language)
            self._suppressed = get_suppressed_tokens(self._made, [-1])
        return self._made

    def _options(self, beam: int, careful: bool) -> Any:
        from faster_whisper.transcribe import TranscriptionOptions

        return TranscriptionOptions(
            beam_size=beam,
            best_of=1,
            patience=1,
            length_penalty=1,
            repetition_penalty=1.2 if careful else 1.0,
            no_repeat_ngram_size=3 if careful else 0,
            log_prob_threshold=None,
            no_speech_threshold=None,
            compression_ratio_threshold=None,
            condition_on_previous_text=False,
            prompt_reset_on_temperature=0.5,
            temperatures=[0.0],
            initial_prompt=None,
            prefix=None,
            suppress_blank=True,
            suppress_tokens=self._suppressed,
            without_timestamps=True,
            max_initial_timestamp=0.0,
            word_timestamps=True,
            prepend_punctuations=_PREPEND,
            append_punctuations=_APPEND,
            multilingual=False,
            max_new_tokens=None,
            clip_timestamps="0",
            hallucination_silence_threshold=None,
            hotwords=self._hot_words,
        )


def _heard(clip: Clip, aligned: list[dict[str, Any]], out: dict[str, Any], text: str) -> Heard:
    from faster_whisper.transcribe import get_compression_ratio, merge_punctuations

    merge_punctuations(aligned, _PREPEND, _APPEND)
    words = tuple(
        HeardWord(
            float(word["start"]) * 1000,
            float(word["end"]) * 1000,
            word["word"].strip(),
            round(float(word["probability"]), 4),
        )
        for word in aligned
        if word["word"].strip()
    )
    loops = bool(text.strip()) and (get_compression_ratio(text) > LOOPING_COMPRESSION or _stutters(text))
    return Heard(clip.chunk, words, round(float(out["no_speech_prob"]), 4), round(float(out["avg_logprob"]), 4), loops)


def _stutters(text: str) -> bool:
    """True where a stretch of words stands four times in a row: short loops compress too little to be noticed."""
    return re.search(r"\b(\w+(?:\W+\w+){1,7})(?:\W+\1\b){3,}", text, re.IGNORECASE) is not None


def _cards() -> int:
    import ctranslate2

    try:
        return int(ctranslate2.get_cuda_device_count())
    except RuntimeError:
        return 0


def physical_cores() -> int:
    """Cores to compute on: hyper-threads do not help the decoder, and 0 would mean four on any machine."""
    listing = Path("/sys/devices/system/cpu")
    siblings = {path.read_text() for path in listing.glob("cpu[0-9]*/topology/thread_siblings_list")}
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 2
    return max(1, min(len(siblings) or usable, usable))
