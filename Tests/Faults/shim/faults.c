// SPDX-License-Identifier: Apache-2.0
// What faults.h promises: each call, as the program makes it. System calls are made directly:
// nothing is looked up, nothing allocated.
#define _GNU_SOURCE
#include "choice.h"

/// Any kind of write to a file. `at` < 0: where the descriptor stands.
static ssize_t write_file(int fd, struct target *t, const struct iovec *data, int parts, off_t at) {
  struct iovec part[64];
  enter();
  uint64_t call = ++calls;
  enum fault fault = met(WRITE, t);
  if (fault == KILL_BEFORE || is_error(fault)) {
    append(WRITE, fault == KILL_BEFORE ? KILLED : FAILED, call, t, at, 0, 0, 0);
    if (fault == KILL_BEFORE) die();
    return leave(), errno = error_of(fault, 0), -1;
  }
  size_t all = sum(data, parts);
  parts = first_bytes(data, parts, fault == SHORT && all > 1 ? all / 2 : all, part, 64);
  ssize_t done = at < 0 ? syscall(SYS_writev, fd, part, parts)
                        : syscall(SYS_pwritev, fd, part, parts, at, 0);
  int error = errno;
  if (at < 0) at = lseek(fd, 0, SEEK_CUR) - (done > 0 ? done : 0);
  if (done > 0) append(WRITE, fault == SHORT ? CUT_SHORT : 0, call, t, at, part, parts, (size_t)done);
  if (fault == KILL_AFTER) die();
  return leave(), errno = error, done;
}

/// Any kind of send. Not under the lock: it may wait for the other end.
static ssize_t send_bytes(int fd, struct target *t, struct msghdr *message, int options) {
  struct iovec part[64];
  enter();
  uint64_t call = ++calls;
  enum fault fault = met(SEND, t);
  size_t all = sum(message->msg_iov, (int)message->msg_iovlen);
  size_t take = fault == SHORT && all > 1 ? all / 2 : all;
  struct msghdr first = *message;
  first.msg_iov = part;
  int parts = first_bytes(message->msg_iov, (int)message->msg_iovlen, take, part, 64);
  first.msg_iovlen = (size_t)parts;
  int never = fault == KILL_BEFORE || is_error(fault);
  int flags = fault == KILL_BEFORE ? KILLED : never ? FAILED : fault == SHORT ? CUT_SHORT : 0;
  if (never) parts = 0;
  append(SEND, flags, call, t, 0, part, parts, sum(part, parts));
  if (fault == KILL_BEFORE) die();
  leave();
  if (never) return errno = error_of(fault, 1), -1;
  ssize_t done = syscall(SYS_sendmsg, fd, &first, options);
  if (fault == KILL_AFTER) die();
  return done;
}

static ssize_t any_write(int fd, struct target *t, const struct iovec *data, int parts, off_t at) {
  if (!t->is_socket) return write_file(fd, t, data, parts, at);
  struct msghdr message = {.msg_iov = (struct iovec *)data, .msg_iovlen = (size_t)parts};
  return send_bytes(fd, t, &message, 0);
}

ssize_t write(int fd, const void *bytes, size_t count) {
  struct target t;
  struct iovec one = {(void *)bytes, count};
  return chosen_file(fd, &t) ? any_write(fd, &t, &one, 1, -1) : syscall(SYS_write, fd, bytes, count);
}
ssize_t writev(int fd, const struct iovec *data, int parts) {
  struct target t;
  return chosen_file(fd, &t) ? any_write(fd, &t, data, parts, -1) : syscall(SYS_writev, fd, data, parts);
}
ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t at) {
  struct target t;
  struct iovec one = {(void *)bytes, count};
  return chosen_file(fd, &t) ? any_write(fd, &t, &one, 1, at) : syscall(SYS_pwrite64, fd, bytes, count, at);
}
ssize_t pwrite(int fd, const void *bytes, size_t count, off_t at) { return pwrite64(fd, bytes, count, at); }
ssize_t pwritev64(int fd, const struct iovec *data, int parts, off64_t at) {
  struct target t;
  if (chosen_file(fd, &t)) return any_write(fd, &t, data, parts, at);
  return syscall(SYS_pwritev, fd, data, parts, at, 0);
}
ssize_t pwritev(int fd, const struct iovec *data, int parts, off_t at) {
  return pwritev64(fd, data, parts, at);
}
ssize_t sendmsg(int fd, const struct msghdr *message, int options) {
  struct target t;
  struct msghdr copy = *message;
  if (chosen_file(fd, &t)) return send_bytes(fd, &t, &copy, options);
  return syscall(SYS_sendmsg, fd, message, options);
}
ssize_t sendto(int fd, const void *bytes, size_t count, int options, const struct sockaddr *to,
               socklen_t size) {
  struct iovec one = {(void *)bytes, count};
  struct msghdr message = {.msg_name = (void *)to, .msg_namelen = size, .msg_iov = &one, .msg_iovlen = 1};
  struct target t;
  if (chosen_file(fd, &t)) return send_bytes(fd, &t, &message, options);
  return syscall(SYS_sendto, fd, bytes, count, options, to, size);
}
ssize_t send(int fd, const void *bytes, size_t count, int options) {
  return sendto(fd, bytes, count, options, 0, 0);
}

ssize_t copy_file_range(int in, off64_t *in_at, int out, off64_t *out_at, size_t count, unsigned options) {
  struct target t;
  if (chosen_file(out, &t)) return errno = ENOSYS, -1;
  return syscall(SYS_copy_file_range, in, in_at, out, out_at, count, options);
}
ssize_t sendfile64(int out, int in, off64_t *at, size_t count) {
  struct target t;
  if (chosen_file(out, &t)) return errno = ENOSYS, -1;
  return syscall(SYS_sendfile, out, in, at, count);
}
ssize_t sendfile(int out, int in, off_t *at, size_t count) { return sendfile64(out, in, at, count); }

static int sync_file(int fd, long number) {
  struct target t;
  if (!chosen_file(fd, &t) || t.is_socket) return (int)syscall(number, fd);
  enter();
  uint64_t call = ++calls;
  enum fault fault = met(SYNC, &t);
  int flags = fault == KILL_BEFORE ? KILLED : fault == LOST ? DROPPED | FAILED : fault == LIE ? LIED
              : is_error(fault) ? FAILED : 0;
  append(SYNC, flags, call, &t, 0, 0, 0, 0);
  if (fault == KILL_BEFORE) die();
  leave();
  if (fault == LIE) return 0;
  if (is_error(fault)) return errno = error_of(fault, 0), -1;
  int done = (int)syscall(number, fd), error = errno;
  enter();
  append(SYNCED, done ? FAILED : 0, call, &t, 0, 0, 0, 0);
  if (fault == KILL_AFTER) die();
  return leave(), errno = error, done;
}
int fsync(int fd) { return sync_file(fd, SYS_fsync); }
int fdatasync(int fd) { return sync_file(fd, SYS_fdatasync); }

/// Runs `change`, recorded as `op` when it succeeded. `to`: the new name of a rename.
#define CHANGE(op, t, at, to, change)                                                      \
  do {                                                                                     \
    enter();                                                                               \
    uint64_t call = ++calls;                                                               \
    enum fault fault = met(op, t);                                                         \
    if (fault == KILL_BEFORE || is_error(fault)) {                                         \
      append(op, fault == KILL_BEFORE ? KILLED : FAILED, call, t, at, 0, 0, 0);            \
      if (fault == KILL_BEFORE) die();                                                     \
      return leave(), errno = error_of(fault, 0), -1;                                      \
    }                                                                                      \
    int done = (int)(change), error = errno;                                               \
    struct iovec name = {(void *)(to), strlen(to)};                                        \
    if (done >= 0) append(op, 0, call, t, at, &name, 1, name.iov_len);                     \
    if (fault == KILL_AFTER) die();                                                        \
    return leave(), errno = error, done;                                                   \
  } while (0)

int ftruncate64(int fd, off64_t size) {
  struct target t;
  if (!chosen_file(fd, &t)) return (int)syscall(SYS_ftruncate, fd, size);
  CHANGE(TRUNCATE, &t, size, "", syscall(SYS_ftruncate, fd, size));
}
int ftruncate(int fd, off_t size) { return ftruncate64(fd, size); }

static int rename_file(int from_at, const char *from, int to_at, const char *to, unsigned options) {
  struct target source, target;
  if (!chosen_path(from_at, from, &source) || !chosen_path(to_at, to, &target))
    return (int)syscall(SYS_renameat2, from_at, from, to_at, to, options);
  CHANGE(RENAME, &source, 0, target.path, syscall(SYS_renameat2, from_at, from, to_at, to, options));
}
int renameat2(int from_at, const char *from, int to_at, const char *to, unsigned options) {
  return rename_file(from_at, from, to_at, to, options);
}
int renameat(int from_at, const char *from, int to_at, const char *to) {
  return rename_file(from_at, from, to_at, to, 0);
}
int rename(const char *from, const char *to) { return rename_file(AT_FDCWD, from, AT_FDCWD, to, 0); }

int unlinkat(int at, const char *path, int options) {
  struct target t;
  if (!chosen_path(at, path, &t)) return (int)syscall(SYS_unlinkat, at, path, options);
  CHANGE(UNLINK, &t, 0, "", syscall(SYS_unlinkat, at, path, options));
}
int unlink(const char *path) { return unlinkat(AT_FDCWD, path, 0); }
int rmdir(const char *path) { return unlinkat(AT_FDCWD, path, AT_REMOVEDIR); }

int mkdirat(int at, const char *path, mode_t mode) {
  struct target t;
  if (!chosen_path(at, path, &t)) return (int)syscall(SYS_mkdirat, at, path, mode);
  CHANGE(MKDIR, &t, 0, "", syscall(SYS_mkdirat, at, path, mode));
}
int mkdir(const char *path, mode_t mode) { return mkdirat(AT_FDCWD, path, mode); }

/// Opens and, when that made the file, learns its inode for the record.
static int open_made(int at, const char *path, int options, mode_t mode, struct target *t) {
  int fd = (int)syscall(SYS_openat, at, path, options, mode);
  struct stat status;
  if (fd >= 0 && !fstat(fd, &status)) t->inode = status.st_ino;
  return fd;
}
static int open_file(int at, const char *path, int options, mode_t mode) {
  struct target t;
  int changes = options & (O_CREAT | O_TRUNC) && (options & O_TMPFILE) != O_TMPFILE;
  if (!changes || !chosen_path(at, path, &t) || (t.inode && !(options & O_TRUNC)) ||
      (!t.inode && !(options & O_CREAT)))
    return (int)syscall(SYS_openat, at, path, options, mode);
  enum op op = t.inode ? TRUNCATE : CREATE;
  CHANGE(op, &t, 0, "", open_made(at, path, options, mode, &t));
}

#define OPENS(name, parameters, at)                                                        \
  int name parameters {                                                                    \
    mode_t mode = 0;                                                                       \
    va_list more;                                                                          \
    va_start(more, options);                                                               \
    if (options & (O_CREAT | O_TMPFILE)) mode = va_arg(more, mode_t);                      \
    va_end(more);                                                                          \
    return open_file(at, path, options, mode);                                             \
  }
OPENS(open, (const char *path, int options, ...), AT_FDCWD)
OPENS(open64, (const char *path, int options, ...), AT_FDCWD)
OPENS(openat, (int at, const char *path, int options, ...), at)
OPENS(openat64, (int at, const char *path, int options, ...), at)
int creat(const char *path, mode_t mode) {
  return open_file(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode);
}
