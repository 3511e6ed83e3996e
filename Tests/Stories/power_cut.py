# SPDX-License-Identifier: Apache-2.0
"""The power is cut twelve times in one night; after each cut the disk holds what was synced.

kioskd runs under a log of its writes. At each cut everything ends at once, and the disk is
rebuilt as the cut would have left it: without what was not synced, or with a part of it, or
with sectors of it. What was told must be there; what was filed and not told must be flagged.
"""

import os
import signal
from pathlib import Path

import powercut
import residents
import shim
from counter import Counter, open_counter
from stage import Trouble
from stage.claims import Claims
from stage.house import House
from stage.processes import until
from writelog import Tail

WHO = (residents.RARE_NAME, residents.GRANDMOTHER, residents.ENGLISH)


def play(claims: Claims, keep: Path | None) -> None:
    with House(rests=True) as house:
        disk = LoggedDisk(house)
        disk.begin()
        open_counter(lambda counter: PowerCut(counter, disk), house, claims, keep)


class LoggedDisk:
    """The state folder of a kioskd whose writes are logged."""

    def __init__(self, house: House):
        self.house = house
        library = shim.build(house.folder.bin / "faults.so")
        watch = house.folder.make("evidence/faults")
        self.log = house.folder.write(watch / "log", b"")
        self.tail = Tail(self.log)
        self.control = shim.Control(watch / "control")
        house.folder.account.own(str(watch / "control"))
        words = shim.environment(library, "kioskd", [house.state], self.log, self.control)
        house.around = ["/usr/bin/env", *(f"{name}={word}" for name, word in words.items())]
        self.changed = 0

    def begin(self) -> None:
        """A life on the disk as it lies there."""
        self.disk = powercut.Disk(powercut.image(self.house.state), self.house.state)
        self.mark = self.tail.mark()
        self.house.start_kioskd()

    def synced_after(self, mark: int) -> bool:
        """Whether the ledger's log was synced after record `mark`."""
        return any(one.op == "synced" and one.name == "ledger-wal" for one in self.tail.since(mark))

    def cut(self, mode: str, seed: int) -> None:
        """The power is gone: all processes of the terminal end, memory is lost, and the disk is
        as it is found afterwards."""
        house = self.house
        if house.kioskd.poll() is None:
            house.kill_kioskd()
        house.spooler.fall()
        self._empty(house.run)
        for record in self.tail.since(self.mark):
            self.disk.take(record)
        live, found = self.disk.live(), self.disk.cut(mode, seed)
        self.changed += sum(live.get(path) != found.get(path) for path in live.keys() | found.keys())
        self._lay(found)

    def _empty(self, folder: Path) -> None:
        """What lay in memory (tmpfs). The start-up file is on the disk of a real terminal."""
        for path in folder.rglob("*"):
            if path.is_file() and path != self.house.profile:
                path.unlink()

    def _lay(self, files: dict[str, bytes | None]) -> None:
        state = self.house.state
        for path in sorted(state.rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()
        for path, data in sorted(files.items()):
            if data is None:
                Path(path).mkdir(mode=0o700)
                self.house.folder.account.own(path)
            else:
                self.house.folder.write(Path(path), data)


class PowerCut:
    def __init__(self, counter: Counter, disk: LoggedDisk):
        self.counter, self.house, self.claims = counter, counter.house, counter.claims
        self.panel, self.disk = counter.panel, disk
        self.unheard = self.maybe = 0
        self.came_back: list[str] = []
        self.cuts = 0

    def pass_through(self) -> None:
        self.counter.file()
        self.counter.await_arrival()
        self.panel.network("cut")
        points = (self.after_telling, self.before_telling, self.in_the_sync, self.in_a_checkpoint)
        for mode in powercut.MODES:
            for point in points:
                self.counter.file(WHO[self.cuts % len(WHO)])
                point()
                self._rise(mode, point.__name__.replace("_", " "))
        self.claims.add("kioskd serves again after each cut", len(self.came_back) == self.cuts == 12,
                        f"{len(self.came_back)} of {self.cuts}")
        self.claims.add("the cuts took away what was not synced", self.disk.changed > 0,
                        f"{self.disk.changed} files were found otherwise than the running machine saw them")
        self.morning()

    # The points. Each leaves kioskd ended, or about to be.

    def after_telling(self) -> None:
        """At once when the number stands on the screen and on paper."""
        visit = self.counter.fill(residents.GRANDMOTHER)
        visit.file()
        self.counter.read_number(visit.who)

    def before_telling(self) -> None:
        """The filing is synced; the printer has not answered, nobody was told."""
        visit = self.counter.fill(residents.RARE_NAME)
        self.panel.hold_status(True)
        mark = self._now()
        visit.file()
        until("The sync of the filing", 20, lambda: self.disk.synced_after(mark), step=0.002)
        self.house.kill_kioskd()
        self.unheard += 1

    def in_the_sync(self) -> None:
        """The filing is written, and the sync never comes to pass."""
        visit = self.counter.fill(residents.ENGLISH)
        self.disk.control.arm("kill-before", 1, ("sync",), f"{self.house.state}/ledger-wal$")
        visit.file()
        self._await_end()
        self.maybe += 1

    def in_a_checkpoint(self) -> None:
        """While a stopping kioskd moves its log into the ledger."""
        self.disk.control.arm("kill-after", 2, ("write",), f"{self.house.state}/ledger$")
        os.kill(self.house.kioskd_pid, signal.SIGTERM)
        self._await_end()

    def _await_end(self) -> None:
        try:
            self.house.kioskd.wait(20)
        except Exception:
            raise Trouble("kioskd was not ended where the power was to be cut.") from None
        if not self.disk.control.fired:
            raise Trouble("kioskd ended by itself, not where the power was to be cut.")
        self.disk.control.rest()

    def _now(self) -> int:
        return self.disk.tail.mark()

    def _rise(self, mode: str, where: str) -> None:
        """The power goes, and comes back."""
        self.cuts += 1
        self.disk.cut(mode, self.cuts)
        self.panel.take_card()
        self.panel.hold_status(False)
        self.house.spooler.boot()
        self.disk.begin()
        self.counter.idle()
        self.came_back.append(where)
        self.claims.step(f"cut {self.cuts}, {where}, {mode}: serves again")

    # Morning.

    def morning(self) -> None:
        self.panel.network("through")
        self.counter.await_arrival()
        until("The word on each filing", 60,
              lambda: all(one["told"] for one in self.counter.cases().values()), step=0.1)
        extra = tuple(set(self.counter.cases()) - set(self.counter.numbers))
        cases = self.counter.reckon(untold=extra)
        flagged = [one for one in extra if cases[one]["flagged"] and cases[one]["told"] == "unknown"]
        self.claims.add("what was filed and not told is there and is flagged unknown",
                        self.unheard <= len(extra) <= self.unheard + self.maybe
                        and len(flagged) == len(extra),
                        f"{len(extra)} cases that nobody was told of ({self.unheard} were synced, "
                        f"{self.maybe} died in their sync), {len(flagged)} flagged")
        unsure = [one for one in self.counter.numbers if cases[one]["told"] == "unknown"]
        self.claims.add("of those that were told, only the ones cut off at that moment are unsure",
                        len(unsure) <= len(powercut.MODES),
                        f"{len(unsure)} of {len(self.counter.numbers)} told are marked unknown")
