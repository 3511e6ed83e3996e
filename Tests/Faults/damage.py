# SPDX-License-Identifier: Apache-2.0
"""Files with a flipped byte: which pages a SQLite file has, or frames its log, and one spoilt copy
for each kind."""

import random
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from sweep import SEED


@dataclass(frozen=True)
class Flip:
    """One byte of one page. `offset` is in the file."""

    file: str
    table: str
    kind: str
    offset: int

    def __str__(self) -> str:
        return f"{self.file}.{self.table}.{self.kind}.{self.offset}"

    def of(self, data: bytes) -> bytes:
        spoilt = bytearray(data)
        spoilt[self.offset] ^= 0x55
        return bytes(spoilt)


def flips(path: Path, each: int) -> list[Flip]:
    """`each` flips in each kind of page (table or index; inner, leaf, overflow) of a closed
    file, and in its head: in the page's head, in its cell pointers, in its content."""
    base = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)
    size = base.execute("PRAGMA page_size").fetchone()[0]
    pages: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for name, kind, page, unused in base.execute(
            "SELECT name, pagetype, pageno, unused FROM dbstat"):
        pages.setdefault((name, kind), []).append((page, unused))
    base.close()
    chance, found = random.Random(SEED), [Flip(path.name, "file", "head", at) for at in (2, 18, 60)]
    for (name, kind), all_pages in sorted(pages.items()):
        for turn in range(each):
            page, unused = chance.choice(all_pages)
            start = (page - 1) * size
            head = 100 if page == 1 else 0
            places = (head + chance.randrange(8), size - 1 - chance.randrange(max(1, (size - unused) // 2)),
                      head + 8 + chance.randrange(4))
            if kind == "overflow":
                places = (chance.randrange(4), chance.randrange(4, size), chance.randrange(4, size))
            found.append(Flip(path.name, name.replace(".", "_"), kind, start + places[turn % 3]))
    return found


# SQLite file format, section 4: what a log's header and the head of a frame hold, a byte of each.
LOG_HEADER, FRAME_HEAD, PAGE = 32, 24, 4096
HEADER_FIELDS = {"magic": 3, "form": 6, "page-size": 10, "round": 15, "salt": 18, "sum": 26}
FRAME_FIELDS = {"page": 3, "commit": 7, "salt": 12, "sum": 18, "body": FRAME_HEAD + 2000}


def log_flips(path: Path) -> list[list[Flip]]:
    """Of a log that an unclean end left: each field of its header, then those of each frame up
    to the last of this round."""
    data = path.read_bytes()
    found = [[Flip(path.name, "header", field, at) for field, at in HEADER_FIELDS.items()]]
    start = LOG_HEADER
    while data[start + 8:start + 16] == data[16:24]:
        found.append([Flip(path.name, f"frame-{len(found)}", field, start + at)
                      for field, at in FRAME_FIELDS.items()])
        start += FRAME_HEAD + PAGE
    return found
