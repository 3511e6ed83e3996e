# SPDX-License-Identifier: Apache-2.0
"""The search for what a visit left behind must find each writing, and nothing else."""

import base64
import json
import os
import random
import time
import urllib.parse

import pytest

from residents import ALL, GRANDMOTHER
from stage.leaks import Searched, condensed, patterns, search
from stage.memory import finds_in_memory
from stage.raster import RUN, Raster

WORD = "𠮷㼆·艾力"


def found_in(data: bytes, words=(WORD,), tmp="x") -> bool:
    return any(pattern in data for pattern in patterns(words))


@pytest.mark.parametrize("data", [
    WORD.encode(), WORD.encode("utf-16-le"), WORD.encode("utf-16-be"), WORD.encode("gb18030"),
    json.dumps({"name": WORD}).encode(),
    json.dumps({"name": WORD}).replace("\\ud842", "\\uD842").replace("\\udfb7", "\\uDFB7")
    .replace("\\u3f06", "\\u3F06").replace("\\u00b7", "\\u00B7")
    .replace("\\u827e", "\\u827E").replace("\\u529b", "\\u529B").encode(),
    urllib.parse.quote(WORD).encode(), urllib.parse.quote(WORD).lower().encode(),
    *(base64.b64encode(b"." * shift + f"name={WORD}&".encode()) for shift in range(3)),
    *(base64.b64encode(b"." * shift + WORD.encode("utf-16-le") + b"x") for shift in range(3)),
])
def test_each_writing_of_a_word_is_found(data):
    assert found_in(b"before " + data + b" after")


@pytest.mark.parametrize("data", [
    "艾力·𠮷㼆".encode(), b"", base64.b64encode("买买提".encode()), os.urandom(100_000),
])
def test_other_words_are_not(data):
    assert not found_in(data)


def test_every_word_of_every_resident_is_looked_for():
    for who in ALL:
        for word in who.words:
            assert found_in(f"<{word}>".encode(), who.words), word


def test_names_of_files_count_and_places_left_out_do_not(tmp_path):
    (tmp_path / "evidence").mkdir()
    (tmp_path / "evidence" / "a").write_text(WORD)
    (tmp_path / f"{WORD}.txt").write_text("nothing")
    where = Searched(tmp_path, os.getuid(), time.time(), [tmp_path / "evidence"])
    hits = search((p for p in where.files() if p.startswith(str(tmp_path))), patterns([WORD]))
    assert [os.path.basename(hit.path) for hit in hits] == [f"{WORD}.txt"]


def test_memory_of_a_process_is_searched():
    kept = (GRANDMOTHER.address + "!").encode()
    assert finds_in_memory(os.getpid(), [kept]) >= 1
    # The pattern itself stands in memory; one that is made twice apart would be found twice.
    assert finds_in_memory(os.getpid(), [os.urandom(24)]) < 10


@pytest.fixture(scope="module")
def slip() -> Raster:
    """A picture like a slip's: white, with runs of ink of all kinds."""
    chance = random.Random(7)
    rows = bytearray()
    for _ in range(400):
        row = bytearray(72)
        if chance.random() < 0.7:
            for place in range(chance.randrange(30), 72):
                row[place] = chance.choice([0, 0, 255, 129, 24, chance.randrange(256)])
        rows += row
    return Raster(bytes(rows))


def test_every_run_of_a_slip_is_found_at_any_offset(slip):
    runs = slip.runs()
    assert len(runs) > 1000
    chance = random.Random(8)
    for place in range(0, len(runs), max(1, len(runs) // 300)):
        junk = chance.randbytes(chance.randrange(40))
        assert slip.is_in(junk + runs[place] + chance.randbytes(9)), place


def test_less_than_a_run_is_not_a_find(slip):
    chance = random.Random(9)
    for run in slip.runs()[::97]:
        assert not slip.is_in(chance.randbytes(20) + run[:RUN - 10] + chance.randbytes(20))


def test_bytes_of_other_things_are_no_slip(slip):
    assert not slip.is_in(os.urandom(2_000_000))
    assert not slip.is_in(b"\xff" * 10_000) and not slip.is_in(bytes(10_000))


def test_pages_of_zeros_are_passed_over_and_nothing_else():
    word = "𠮷㼆".encode()
    empty, page = bytes(4096), b"x" * 4090 + word[:6]
    data = empty * 9 + page + word[6:] + bytes(4094) + empty * 5 + b"tail"
    short = condensed(data)
    assert len(short) < 6 * 4096 and word in short and short.endswith(b"tail")
    assert condensed(page * 3) == page * 3 and condensed(b"short") == b"short" and condensed(b"") == b""
    assert b"xtail" not in condensed(b"x" * 4096 + empty * 3 + b"tail")
