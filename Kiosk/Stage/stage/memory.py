# SPDX-License-Identifier: Apache-2.0
"""Looks into the memory of a running process."""

from pathlib import Path
from typing import Iterable, Iterator

import numpy

PAGE = 4096
PRESENT = numpy.uint64(3 << 62)  # pagemap: bit 63 in memory, bit 62 swapped out


def finds_in_memory(pid: int, wanted: Iterable[bytes]) -> int | None:
    """How often any of `wanted` stands in what the process may have written; None: not allowed
    to look. Pages never touched are passed over: a browser reserves gigabytes."""
    wanted = list(wanted)
    try:
        with (open(f"/proc/{pid}/mem", "rb", buffering=0) as memory,
              open(f"/proc/{pid}/pagemap", "rb", buffering=0) as pagemap):
            return sum(_count(memory, start, end, wanted)
                       for first, last in _writable(pid)
                       for start, end in _touched(pagemap, first, last))
    except OSError:
        return None


def _writable(pid: int) -> Iterator[tuple[int, int]]:
    for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
        span, rights, *_ = line.split()
        if rights.startswith("rw"):
            start, end = (int(one, 16) for one in span.split("-"))
            yield start, end


def _touched(pagemap, first: int, last: int) -> Iterator[tuple[int, int]]:
    """Runs of pages that exist."""
    pagemap.seek(first // PAGE * 8)
    entries = numpy.frombuffer(pagemap.read((last - first) // PAGE * 8), dtype="<u8")
    there = numpy.concatenate(([0], (entries & PRESENT) != 0, [0])).astype(numpy.int8)
    edges = numpy.flatnonzero(numpy.diff(there))
    for begin, end in zip(edges[::2].tolist(), edges[1::2].tolist()):
        yield first + begin * PAGE, first + end * PAGE


def _count(memory, start: int, end: int, wanted: list[bytes]) -> int:
    try:
        memory.seek(start)
        data = memory.read(end - start)
    except (OSError, ValueError, OverflowError):
        return 0  # unmapped meanwhile, or a device's
    return sum(data.count(pattern) for pattern in wanted)
