// SPDX-License-Identifier: Apache-2.0
// LD_PRELOAD: counts chosen calls, spoils one of them, and writes down what reached the kernel.
//
// Environment (all optional but the choice of what to look at):
//   FAULTS_PROGRAM  acts only in the program of this name (the first 15 characters of it)
//   FAULTS_PATHS    files whose path begins with one of these (colon-separated) are chosen
//   FAULTS_EXCEPT   … unless their path ends with one of these; "-shm:.lock" when not given
//   FAULTS_SOCKETS  "1": sends on stream sockets are chosen too
//   FAULTS_LOG      file that gets one record for each chosen call (struct record)
//   FAULTS_BODIES   "0": what was written to files is left out of it (a sweep needs no bytes)
//   FAULTS_CONTROL  file of one page (struct control), made by whoever steers
//   FAULTS_AT, FAULTS_FAULT   numbers for `at` and `fault` where there is no control file
//
// Calls: write pwrite writev pwritev (op WRITE), f(data)sync (SYNC), ftruncate (TRUNCATE),
// open with O_CREAT of a new file or with O_TRUNC (CREATE, TRUNCATE), mkdir (MKDIR), rename
// (RENAME), unlink rmdir (UNLINK), write writev send sendto sendmsg on a socket (SEND).
// Not seen: stdio's own buffers, mmap, io_uring. copy_file_range and sendfile into a chosen
// file answer ENOSYS, so that whoever copies falls back to read and write.
//
// Order of the log: a change is recorded after it happened, in one step with it; a sync twice,
// as it begins (SYNC) and as it ends (SYNCED); a send BEFORE it happens, so that what a reader
// of it does always stands behind it. Processes may share one log: each record is one append.
#pragma once
#include <stdatomic.h>
#include <stdint.h>

enum op { WRITE = 1, SYNC, SYNCED, TRUNCATE, CREATE, RENAME, UNLINK, MKDIR, SEND, START };
enum fault { NONE, KILL_BEFORE, KILL_AFTER, FAIL_IO, FAIL_SPACE, SHORT, LOST, LIE };
enum flag { FAILED = 1, CUT_SHORT = 2, DROPPED = 4, LIED = 8, KILLED = 16 };

struct control {            // offsets are part of the interface, see shim.py
  uint32_t version;         // 1
  uint32_t ops;             // 0, or the chosen ops as bits (1 << op)
  _Atomic uint64_t count;   // calls so far that `ops` and `only` let through
  _Atomic uint64_t at;      // the call that is spoilt; 0 = none
  uint64_t times;           // how many from there on; 0 is taken for 1
  uint32_t fault;
  uint32_t fired_op;
  _Atomic uint64_t fired;   // number of the last call that was spoilt
  char only[256];           // text that the path, or socket's name, must hold; "" = any. A "$"
                            // at its end stands for the path's end
};

struct record {             // little-endian, then the path, then `length` bytes
  uint32_t magic;           // "FLT1"
  uint8_t op, flags;
  uint16_t path_length;
  uint32_t pid, thread;
  uint64_t call;            // its number within the process; SYNC and SYNCED share it
  uint64_t nanoseconds;     // CLOCK_MONOTONIC
  uint64_t inode;
  int64_t offset;           // WRITE: where; TRUNCATE: to what size
  uint64_t length;
};
