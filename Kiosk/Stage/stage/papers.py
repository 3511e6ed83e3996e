# SPDX-License-Identifier: Apache-2.0
"""Reads papers from what the printer was sent, with a decoder of its own: the simulator's
pictures are compared with it, never trusted alone."""

import re
import struct
import subprocess
import tempfile
import zlib
from dataclasses import dataclass
from pathlib import Path

from stage import Trouble

URL = re.compile(r"https://([^/]+)/p/([0-9A-Z]{24})#([0-9A-Z]{8})")


@dataclass(frozen=True)
class Paper:
    """One piece of paper: its rows of 72 bytes, and the links its codes hold."""

    place: int
    rows: bytes
    codes: tuple[str, ...]

    @property
    def link(self) -> re.Match | None:
        return next((match for match in map(URL.fullmatch, self.codes) if match), None)

    @property
    def number(self) -> str | None:
        return self.link.group(2) if self.link else None

    @property
    def claim(self) -> str | None:
        return self.link.group(3) if self.link else None


def decode(stream: bytes) -> tuple[list[bytes], bytes]:
    """The rows of each paper in a printer's bytes, and those after the last cut, which hang
    in the slot. Knows what a slip may hold: raster, feeds, cut, status requests; anything
    else is a Trouble."""
    papers, rows, at = [], bytearray(), 0
    while at < len(stream):
        size = 0
        if stream.startswith(b"\x1dv0", at):
            wide, high = struct.unpack_from("<HH", stream, at + 4)
            size = 8 + wide * high
            rows += _widened(stream[at + 8:at + size], wide)
        elif stream.startswith(b"\x1dV", at):
            size = 4 if stream[at + 2:at + 3] in (b"A", b"B") else 3
            papers.append(bytes(rows))
            rows.clear()
        elif match := _SKIPPED.match(stream, at):
            size = match.end() - at
        if size == 0:
            raise Trouble(f"The printer was sent bytes that no slip holds: "
                          f"{stream[at:at + 8].hex(' ')} at {at}.")
        at += size
    return papers, bytes(rows)


# DLE EOT n, DLE ENQ n, GS r n, ESC @, ESC d n, ESC J n, ESC 3 n, line feed.
_SKIPPED = re.compile(rb"\x10\x04.|\x10\x05.|\x1dr.|\x1b@|\x1bd.|\x1bJ.|\x1b3.|\n", re.S)


def _widened(rows: bytes, wide: int) -> bytes:
    """Rows of another width, brought to 72 bytes."""
    if wide == 72:
        return rows
    lines = (rows[start:start + wide] for start in range(0, len(rows), wide))
    return b"".join(line[:72].ljust(72, b"\0") for line in lines)


def write_png(path: Path, rows: bytes) -> None:
    """A grey PNG, a dot a pixel, with a white margin that a code's reader needs."""
    white = b"\xff" * (576 + 64)
    lines = [white] * 32
    for start in range(0, len(rows), 72):
        bits = bin(int.from_bytes(b"\1" + rows[start:start + 72], "big"))[3:]
        lines.append(b"\xff" * 32 + bytes(0 if bit == "1" else 255 for bit in bits)
                     + b"\xff" * 32)
    lines += [white] * 32

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", len(white), len(lines), 8, 0, 0, 0, 0)
    data = zlib.compress(b"".join(b"\0" + line for line in lines), 6)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data)
                     + chunk(b"IEND", b""))


def codes_in(picture: Path) -> tuple[str, ...]:
    """What zbar reads in a picture."""
    done = subprocess.run(
        ["/usr/bin/zbarimg", "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", str(picture)],
        capture_output=True, text=True, check=False)
    if done.returncode not in (0, 4):
        raise Trouble(f"zbarimg cannot read {picture}: {done.stderr.strip()}")
    return tuple(done.stdout.split())


def papers(stream: bytes, pictures: Path | None = None) -> list[Paper]:
    """All papers in a printer's bytes, read; with `pictures` each is kept as PNG. Ink after
    the last cut counts as a paper: she can tear it off."""
    cut, hanging = decode(stream)
    if hanging.strip(b"\0"):
        cut.append(hanging)
    with tempfile.TemporaryDirectory() as scratch:
        folder = pictures or Path(scratch)
        return [_read(place, rows, folder) for place, rows in enumerate(cut, 1)]


def _read(place: int, rows: bytes, folder: Path) -> Paper:
    path = folder / f"paper-{place:02}.png"
    write_png(path, rows)
    return Paper(place, rows, codes_in(path))


def differing_dots(left: bytes, right: bytes) -> int:
    """How many dots of two drawings differ."""
    size = max(len(left), len(right))
    one, other = left.ljust(size, b"\0"), right.ljust(size, b"\0")
    return (int.from_bytes(one, "big") ^ int.from_bytes(other, "big")).bit_count()
