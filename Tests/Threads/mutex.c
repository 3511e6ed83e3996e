// SPDX-License-Identifier: Apache-2.0

// Tells ThreadSanitizer what Swift's library does not (6.3 on Linux): `Mutex` is taken and
// given by atomics that the sanitizer sees, but when two threads meet at it, by the kernel
// (FUTEX_LOCK_PI), which it does not. Without this it reports each value that was guarded
// then. The functions stand before the library's own of the same name and call them. Only
// what really happened is told: a Mutex orders what it orders, and no more.

#define _GNU_SOURCE

#include <dlfcn.h>
#include <stdbool.h>
#include <stdint.h>

#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context)) void *

// Synchronization._MutexHandle: _lockSlow(UInt32), _tryLockSlow() -> Bool, _unlockSlow().
#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define TRY_LOCK "$s15Synchronization12_MutexHandleV12_tryLockSlowSbyF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

void __tsan_acquire(void *address);
void __tsan_release(void *address);

SWIFT void lock(uint32_t thread, SELF handle) __asm__(LOCK);
SWIFT bool try_lock(SELF handle) __asm__(TRY_LOCK);
SWIFT void unlock(SELF handle) __asm__(UNLOCK);

SWIFT void lock(uint32_t thread, SELF handle) {
  SWIFT void (*real)(uint32_t, SELF) = dlsym(RTLD_NEXT, LOCK);
  real(thread, handle);
  __tsan_acquire(handle);
}

SWIFT bool try_lock(SELF handle) {
  SWIFT bool (*real)(SELF) = dlsym(RTLD_NEXT, TRY_LOCK);
  bool taken = real(handle);
  if (taken) __tsan_acquire(handle);
  return taken;
}

SWIFT void unlock(SELF handle) {
  SWIFT void (*real)(SELF) = dlsym(RTLD_NEXT, UNLOCK);
  __tsan_release(handle);
  real(handle);
}
