// SPDX-License-Identifier: Apache-2.0
// Which calls are chosen, what is done to them, and the log. Included by faults.c alone.
#pragma once
#include "faults.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

struct target {
  int is_socket;
  uint64_t inode;
  char path[PATH_MAX];
};

static struct control alone, *control = &alone;
static int log_file = -1, active, sockets, bodies = 1;
static const char *paths = "", *except = "-shm:.lock";
static _Atomic uint64_t calls;
static pthread_mutex_t order = PTHREAD_MUTEX_INITIALIZER;
// Set while we are at work: a signal handler that writes then goes straight through.
static __thread int inside __attribute__((tls_model("initial-exec")));

static void append(uint8_t op, int flags, uint64_t call, const struct target *t, int64_t offset,
                   const struct iovec *data, int parts, size_t length) {
  if (log_file < 0) return;
  if (op == WRITE && !bodies) length = 0;
  struct timespec now;
  syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &now);
  struct record head = {
      .magic = 0x31544c46, .op = op, .flags = (uint8_t)flags,
      .path_length = (uint16_t)strlen(t->path), .pid = (uint32_t)getpid(),
      .thread = (uint32_t)syscall(SYS_gettid), .call = call,
      .nanoseconds = (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec,
      .inode = t->inode, .offset = offset, .length = length};
  struct iovec out[68] = {{&head, sizeof head}, {(void *)t->path, head.path_length}};
  int used = 2;
  for (int i = 0; i < parts && length > 0 && used < 68; i++) {
    size_t take = data[i].iov_len < length ? data[i].iov_len : length;
    out[used++] = (struct iovec){data[i].iov_base, take};
    length -= take;
  }
  syscall(SYS_writev, log_file, out, used);
}

__attribute__((constructor)) static void begin(void) {
  const char *program = getenv("FAULTS_PROGRAM"), *text;
  if (program && strncmp(program, program_invocation_short_name, 15)) return;
  if ((text = getenv("FAULTS_PATHS"))) paths = text;
  if ((text = getenv("FAULTS_EXCEPT"))) except = text;
  sockets = (text = getenv("FAULTS_SOCKETS")) && *text == '1';
  bodies = !(text = getenv("FAULTS_BODIES")) || *text == '1';
  if ((text = getenv("FAULTS_LOG")))
    log_file = (int)syscall(SYS_openat, AT_FDCWD, text,
                            O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if ((text = getenv("FAULTS_CONTROL"))) {
    int file = (int)syscall(SYS_openat, AT_FDCWD, text, O_RDWR | O_CLOEXEC, 0);
    void *page = file < 0 ? MAP_FAILED
                          : mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (page != MAP_FAILED) control = page;
    if (file >= 0) syscall(SYS_close, file);
  } else {
    if ((text = getenv("FAULTS_AT"))) alone.at = strtoull(text, 0, 10);
    if ((text = getenv("FAULTS_FAULT"))) alone.fault = (uint32_t)atoi(text);
  }
  active = 1;
  struct target nobody = {0};
  append(START, 0, 0, &nobody, 0, 0, 0, 0);
}

/// Whether `path` begins (or ends) with one of the colon-separated `words`.
static int has(const char *path, const char *words, int at_end) {
  size_t all = strlen(path);
  for (const char *word = words; *word;) {
    size_t n = strcspn(word, ":");
    if (n && n <= all && !strncmp(at_end ? path + all - n : path, word, n)) return 1;
    word += n + (word[n] == ':');
  }
  return 0;
}

static int is_chosen(const char *path) { return has(path, paths, 0) && !has(path, except, 1); }

/// `tcp:OWN>PEER`, `unix:PATH` (ours where the peer has none).
static void name_socket(int fd, char *name, size_t size) {
  union { struct sockaddr any; struct sockaddr_in in; struct sockaddr_un un; } own = {0}, peer = own;
  socklen_t own_size = sizeof own, peer_size = sizeof peer;
  getsockname(fd, &own.any, &own_size);
  getpeername(fd, &peer.any, &peer_size);
  if (own.any.sa_family == AF_UNIX)
    snprintf(name, size, "unix:%.107s",
             peer_size > 2 && *peer.un.sun_path ? peer.un.sun_path : own.un.sun_path);
  else
    snprintf(name, size, "tcp:%u>%u", ntohs(own.in.sin_port), ntohs(peer.in.sin_port));
}

static int chosen_file(int fd, struct target *t) {
  struct stat status;
  if (!active || inside || fstat(fd, &status)) return 0;
  t->inode = status.st_ino;
  t->is_socket = S_ISSOCK(status.st_mode);
  if (t->is_socket) {
    if (sockets) name_socket(fd, t->path, sizeof t->path);
    return sockets;
  }
  if (!S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode)) return 0;
  char link[40];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t n = readlink(link, t->path, sizeof t->path - 1);
  t->path[n > 0 ? n : 0] = 0;
  return n > 0 && is_chosen(t->path);
}

/// The path as the log names it: whole, with its folder's links followed, its own not.
static int chosen_path(int at, const char *path, struct target *t) {
  if (!active || inside || !path || !*path) return 0;
  char name[PATH_MAX], folder[PATH_MAX], link[40];
  if (snprintf(name, sizeof name, "%s", path) >= (int)sizeof name) return 0;
  char *slash = strrchr(name, '/');
  const char *last = slash ? slash + 1 : name;
  if (slash) *slash = 0;
  const char *parent = slash ? (*name ? name : "/") : ".";
  inside++;
  int file = (int)syscall(SYS_openat, at, parent, O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
  inside--;
  if (file < 0) return 0;
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  ssize_t n = readlink(link, folder, sizeof folder - 1);
  syscall(SYS_close, file);
  if (n <= 0) return 0;
  folder[n] = 0;
  if (snprintf(t->path, sizeof t->path, "%s/%s", folder, last) >= (int)sizeof t->path) return 0;
  struct stat status;
  t->is_socket = 0;
  t->inode = fstatat(at, path, &status, AT_SYMLINK_NOFOLLOW) ? 0 : status.st_ino;
  return is_chosen(t->path);
}

/// Counts the call; what is to be done to it.
static enum fault met(enum op op, const struct target *t) {
  if (control->ops && !(control->ops & 1u << op)) return NONE;
  char name[PATH_MAX + 1];
  if (*control->only && snprintf(name, sizeof name, "%s$", t->path) && !strstr(name, control->only))
    return NONE;
  uint64_t number = atomic_fetch_add(&control->count, 1) + 1, at = control->at;
  if (!at || number < at || number >= at + (control->times ? control->times : 1)) return NONE;
  control->fired_op = op;
  control->fired = number;
  return control->fault;
}

static void die(void) {
  syscall(SYS_kill, getpid(), SIGKILL);
  for (;;) pause();
}

static int error_of(enum fault fault, int is_socket) {
  if (is_socket) return fault == FAIL_SPACE ? ENOBUFS : ECONNRESET;
  return fault == FAIL_SPACE ? ENOSPC : EIO;
}

static int is_error(enum fault fault) {
  return fault == FAIL_IO || fault == FAIL_SPACE || fault == LOST;
}

static void enter(void) { inside++, pthread_mutex_lock(&order); }
static void leave(void) { pthread_mutex_unlock(&order), inside--; }

/// The first `limit` bytes of `from`; the number of parts.
static int first_bytes(const struct iovec *from, int parts, size_t limit, struct iovec *out,
                       int room) {
  int used = 0;
  for (; used < parts && used < room && limit > 0; used++) {
    out[used] = from[used];
    if (out[used].iov_len > limit) out[used].iov_len = limit;
    limit -= out[used].iov_len;
  }
  return used;
}

static size_t sum(const struct iovec *data, int parts) {
  size_t all = 0;
  for (int i = 0; i < parts; i++) all += data[i].iov_len;
  return all;
}
