// SPDX-License-Identifier: Apache-2.0
// libfaketime takes every absolute deadline of a timer descriptor for a time of day and moves it.
// Swift's timers are on the boot clock, which is left true: their deadlines must be too. Preloaded
// before libfaketime, this gives the kernel what the program said.
#define _GNU_SOURCE
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <unistd.h>

int timerfd_settime(int timer, int flags, const struct itimerspec *next, struct itimerspec *former) {
  return (int)syscall(SYS_timerfd_settime, timer, flags, next, former);
}

int timerfd_gettime(int timer, struct itimerspec *now) {
  return (int)syscall(SYS_timerfd_gettime, timer, now);
}
