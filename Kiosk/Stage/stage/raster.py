# SPDX-License-Identifier: Apache-2.0
"""Finds a piece of a slip's picture among other bytes."""

import numpy

ROW = 72  # bytes in a row of 576 dots
RUN = 48  # the shortest run that counts
WORD = 8
# A run must hold this much ink and variety: rules and margins are in every file.
INK, KINDS = 20, 6
SIEVE_BITS = 22


class Raster:
    """One slip's rows. A run of 48 bytes holds five whole 8-byte words of the picture, of
    which one at least has three inked bytes (20 of 48, at most 8 outside the five): these
    words are looked for at every offset, then the run around each find is compared."""

    def __init__(self, rows: bytes):
        self.rows = rows
        words = numpy.frombuffer(rows, dtype="<u8", count=len(rows) // WORD)
        self.places: dict[int, list[int]] = {}
        for place in range(len(words)):
            if self._has_ink(place * WORD, WORD, 3, 2):
                self.places.setdefault(int(words[place]), []).append(place * WORD)
        self.words = numpy.array(sorted(self.places), dtype="<u8")
        # Lets through the words looked for and few others, quickly.
        self.sieve = numpy.zeros(1 << SIEVE_BITS, dtype=bool)
        self.sieve[_hash(self.words)] = True

    def _has_ink(self, start: int, length: int, ink: int, kinds: int) -> bool:
        run = self.rows[start:start + length]
        return len(run) - run.count(0) >= ink and len(set(run)) >= kinds

    def runs(self) -> list[bytes]:
        """All runs that count, at every place of every row."""
        return [self.rows[start:start + RUN] for start in range(0, len(self.rows) - RUN + 1)
                if self._has_ink(start, RUN, INK, KINDS)]

    def is_in(self, data: bytes) -> bool:
        if len(self.words) == 0 or len(data) < RUN:
            return False
        for shift in range(WORD):
            count = (len(data) - shift) // WORD
            view = numpy.frombuffer(data, dtype="<u8", count=count, offset=shift)
            near = numpy.flatnonzero(self.sieve[_hash(view)])
            near = near[numpy.isin(view[near], self.words)]
            for one in near.tolist():
                if self._matches(data, shift + one * WORD, int(view[one])):
                    return True
        return False

    def _matches(self, data: bytes, at: int, word: int) -> bool:
        """Whether a counting run that is equal in both lies around the find."""
        for place in self.places[word]:
            before = after = 0
            while (before < RUN and at > before and place > before
                   and data[at - before - 1] == self.rows[place - before - 1]):
                before += 1
            while (after < RUN and at + after < len(data) and place + after < len(self.rows)
                   and data[at + after] == self.rows[place + after]):
                after += 1
            if any(self._has_ink(start, RUN, INK, KINDS)
                   for start in range(place - before, place + after - RUN + 1)):
                return True
        return False


def _hash(words: numpy.ndarray) -> numpy.ndarray:
    return (words * numpy.uint64(0x9E3779B97F4A7C15)) >> numpy.uint64(64 - SIEVE_BITS)
