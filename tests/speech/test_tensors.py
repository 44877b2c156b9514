"""A weights file gives tensors, and whatever else it holds is refused before it can act."""

from __future__ import annotations

import collections
import io
import os
import pickle
import struct
import sys
import types

import numpy as np
import pytest

from coachdesk.errors import EngineError
from coachdesk.speech.tensors import MAGIC, PROTOCOL, read_tensors

NUMBERS = np.arange(12, dtype=np.float32)


class Stored:
    """Pickled as a tensor of PyTorch is: a call of its builder with a store that lies outside of the pickle."""

    def __init__(self, shape, steps, first=0, key="7"):
        self.made_of = (Store(key), first, shape, steps, False, collections.OrderedDict())


class Store:
    def __init__(self, key):
        self.key = key


@pytest.fixture
def torch_file(tmp_path, monkeypatch):
    """Writes a file as torch.save did, its globals named as PyTorch's."""
    torch, utils = types.ModuleType("torch"), types.ModuleType("torch._utils")
    storage = type("FloatStorage", (), {"__module__": "torch"})
    torch.FloatStorage = storage

    def _rebuild_tensor_v2():
        raise AssertionError("only named")

    _rebuild_tensor_v2.__module__ = "torch._utils"
    _rebuild_tensor_v2.__qualname__ = "_rebuild_tensor_v2"
    utils._rebuild_tensor_v2 = _rebuild_tensor_v2
    monkeypatch.setitem(sys.modules, "torch", torch)
    monkeypatch.setitem(sys.modules, "torch._utils", utils)

    class Pickler(pickle.Pickler):
        def persistent_id(self, obj):
            return ("storage", storage, obj.key, "cpu", len(NUMBERS), None) if isinstance(obj, Store) else None

        def reducer_override(self, obj):
            return (_rebuild_tensor_v2, obj.made_of) if isinstance(obj, Stored) else NotImplemented

    def write(objects, magic=MAGIC, count=12):
        out = io.BytesIO()
        for part in (magic, PROTOCOL, {"little_endian": True}):
            pickle.dump(part, out, protocol=2)
        Pickler(out, protocol=2).dump(objects)
        pickle.dump(["7"], out, protocol=2)
        out.write(struct.pack("<q", count) + NUMBERS.tobytes())
        path = tmp_path / "weights.pt"
        path.write_bytes(out.getvalue())
        return path

    return write


def test_tensors_come_out_by_name_and_in_shape(torch_file):
    named = collections.OrderedDict(rows=Stored((3, 2), (2, 1), first=6), row=Stored((4,), (1,)), step=3)
    found = read_tensors(torch_file({"model_state": named, "other": Stored((1,), (1,))}), "model_state")
    assert sorted(found) == ["row", "rows"]
    assert found["rows"].tolist() == [[6, 7], [8, 9], [10, 11]] and found["row"].tolist() == [0, 1, 2, 3]


class Runs:
    """What an attacker would pickle."""

    def __reduce__(self):
        return (os.system, ("echo caught > /tmp/never",))


@pytest.mark.parametrize("bad", [Runs(), os.path.join, collections.Counter, types.SimpleNamespace()])
def test_anything_but_tensors_is_refused_by_name(torch_file, bad):
    path = torch_file({"model_state": collections.OrderedDict(a=Stored((1,), (1,))), "more": bad})
    with pytest.raises(EngineError, match="is no tensor"):
        read_tensors(path, "model_state")


@pytest.mark.parametrize(
    "entry", [Stored((13,), (1,)), Stored((2, 2), (100, 1)), Stored((2,), (1,), first=-1), Stored((2,), (-1,))]
)
def test_a_tensor_may_not_reach_out_of_its_store(torch_file, entry):
    with pytest.raises(EngineError, match="outside"):
        read_tensors(torch_file({"model_state": collections.OrderedDict(a=entry)}), "model_state")


def test_broken_files_are_told_in_one_way(torch_file, tmp_path):
    good = {"model_state": collections.OrderedDict(a=Stored((12,), (1,)))}
    whole = torch_file(good).read_bytes()
    for n, content in enumerate([b"", b"PK\x03\x04 zipped", whole[:40], whole[:-4]]):
        path = tmp_path / f"{n}.pt"
        path.write_bytes(content)
        with pytest.raises(EngineError):
            read_tensors(path, "model_state")
    for wrong in (torch_file(good, magic=1), torch_file(good, count=1 << 40)):
        with pytest.raises(EngineError):
            read_tensors(wrong, "model_state")
    with pytest.raises(EngineError):
        read_tensors(tmp_path / "none.pt", "model_state")
