# SPDX-License-Identifier: Apache-2.0
"""The other clock: the time of day is ours, how time passes is the machine's."""

import subprocess
import time
from datetime import datetime, timezone
from types import SimpleNamespace

import pytest

from stage.clock import FakeClock

ASK = "import time; print(time.time(), time.clock_gettime(time.CLOCK_BOOTTIME), time.monotonic())"

# An absolute deadline a tenth of a second from now; ends with the number of bytes read then.
TIMER = """
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>
int main(void) {
  struct itimerspec when = {0};
  clock_gettime(CLOCK_BOOTTIME, &when.it_value);
  when.it_value.tv_nsec += 100000000;
  if (when.it_value.tv_nsec >= 1000000000) when.it_value.tv_nsec -= 1000000000, when.it_value.tv_sec++;
  int timer = timerfd_create(CLOCK_BOOTTIME, 0);
  timerfd_settime(timer, TFD_TIMER_ABSTIME, &when, 0);
  unsigned long count;
  return (int)read(timer, &count, sizeof count);
}
"""


@pytest.fixture
def clock(tmp_path):
    def write(path, text, mode=0o600):
        path.write_text(text)
        return path
    yield FakeClock(SimpleNamespace(root=tmp_path, bin=tmp_path, write=write))
    FakeClock.tidy()


def read(clock: FakeClock) -> list[float]:
    done = subprocess.run([*clock.around, "/usr/bin/python3", "-c", ASK], capture_output=True, text=True,
                          check=True)
    return [float(one) for one in done.stdout.split()]


def test_the_day_is_ours_and_the_boot_clock_is_not(clock):
    clock.set(datetime(1970, 1, 1, 0, 1, tzinfo=timezone.utc))
    before = time.clock_gettime(time.CLOCK_BOOTTIME)
    day, boot, monotonic = read(clock)
    assert 60 <= day < 120 and before <= boot < before + 60
    assert abs(monotonic - time.monotonic()) < 60


def test_a_timer_of_the_boot_clock_ends_in_time(clock):
    clock.set(datetime(1970, 1, 1, 0, 1, tzinfo=timezone.utc))
    source, program = clock.file.with_name("timer.c"), clock.file.with_name("timer")
    source.write_text(TIMER)
    subprocess.run(["gcc", "-o", str(program), str(source)], check=True)
    assert subprocess.run([*clock.around, str(program)], timeout=20, check=False).returncode == 8


def test_it_moves_by_its_file(clock):
    clock.shift(-86_400)
    first = read(clock)[0]
    clock.shift(86_400)
    assert read(clock)[0] - first > 170_000
