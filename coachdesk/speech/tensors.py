"""Tensors out of a PyTorch weights file, without PyTorch, and nothing but tensors.

The format (torch.save before 1.6): five pickles in a row, a magic number, a protocol number, facts about the machine, the
objects, the keys of the stores, and then each store's numbers: their count as 8 bytes, then the numbers themselves. A
pickle can name any function there is and have it called. Here it can name three, and each makes a row of numbers or a
dictionary; whatever else it names is refused before it is looked up.
"""

from __future__ import annotations

import io
import pickle
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from coachdesk.errors import EngineError

MAGIC = 0x1950A86A20F9469CFC6C
PROTOCOL = 1001
_MOST_NUMBERS = 1 << 28  # a gigabyte of float32: no file we read holds more

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Tensor:
    """Where a tensor lies: a store's key, the first number, its shape and steps in numbers."""

    key: str
    first: int
    shape: tuple[int, ...]
    steps: tuple[int, ...]


def _tensor(key: Any, first: Any, shape: Any, steps: Any, *_: Any) -> _Tensor:
    """Stands in the place of torch._utils._rebuild_tensor_v2."""
    return _Tensor(str(key), int(first), tuple(map(int, shape)), tuple(map(int, steps)))


class _FloatStore:
    """Stands in the place of torch.FloatStorage, which the file only names."""


_ADMITTED: dict[tuple[str, str], Callable[..., Any]] = {
    ("collections", "OrderedDict"): OrderedDict,
    ("torch._utils", "_rebuild_tensor_v2"): _tensor,
    ("torch", "FloatStorage"): _FloatStore,
}


class _OnlyTensors(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in _ADMITTED:
            raise pickle.UnpicklingError(f"{module}.{name} is no tensor")
        return _ADMITTED[module, name]

    def persistent_load(self, pid: Any) -> str:
        kind, store, key = pid[:3]
        if kind != "storage" or store is not _FloatStore:
            raise pickle.UnpicklingError("a store that holds no 32 bit floats")
        return str(key)


def read_tensors(path: Path, group: str) -> dict[str, Floats]:
    """The tensors of one group (such as "model_state") by name. Raises EngineError where the file is anything else."""
    try:
        with path.open("rb") as file:
            return _read(file, group)
    except (
        OSError,
        EOFError,
        pickle.UnpicklingError,
        ValueError,
        KeyError,
        IndexError,
        TypeError,
        AttributeError,
    ) as e:
        raise EngineError(f"{path.name} is no weights file that can be read: {e}.", "Install it again.") from e


def _read(file: BinaryIO, group: str) -> dict[str, Floats]:
    if _OnlyTensors(file).load() != MAGIC or _OnlyTensors(file).load() != PROTOCOL:
        raise ValueError("another format")
    if not _OnlyTensors(file).load()["little_endian"]:
        raise ValueError("numbers in another order")
    wanted = {name: entry for name, entry in _OnlyTensors(file).load()[group].items() if isinstance(entry, _Tensor)}
    keys = _OnlyTensors(file).load()
    needed = {entry.key for entry in wanted.values()}
    stores = {str(key): numbers for key in keys if (numbers := _numbers(file, str(key) in needed)) is not None}
    return {name: _laid_out(entry, stores[entry.key]) for name, entry in wanted.items()}


def _numbers(file: BinaryIO, needed: bool) -> Floats | None:
    """The next store; None where it was only stepped over."""
    count = int.from_bytes(file.read(8), "little")
    if count > _MOST_NUMBERS:
        raise ValueError("too many numbers")
    if not needed:
        file.seek(4 * count, io.SEEK_CUR)
        return None
    return np.frombuffer(file.read(4 * count), "<f4")


def _laid_out(entry: _Tensor, store: Floats) -> Floats:
    """The tensor as an array of its own. Only whole, plainly ordered tensors: steps are not trusted to stay inside."""
    size = prod(entry.shape)
    plain = tuple(prod(entry.shape[n + 1 :]) for n in range(len(entry.shape)))
    if entry.steps != plain or entry.first < 0 or entry.first + size > len(store):
        raise ValueError("a tensor outside of its store")
    return store[entry.first : entry.first + size].reshape(entry.shape).astype(np.float32)
