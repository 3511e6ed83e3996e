// SPDX-License-Identifier: Apache-2.0
// LD_PRELOAD, before faults.so: makes a correct program break one rule, to prove that the
// sweeps notice. MUTANT=normal: SQLite is asked for synchronous=NORMAL where FULL was asked for,
// and says FULL. MUTANT=norepair: whoever opens a log without O_CREAT, as the repair at boot
// does and SQLite does not, finds none. Never part of the product.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

typedef int prepare(void *, const char *, int, unsigned, void **, const char **);
typedef int prepare_v2(void *, const char *, int, void **, const char **);

static int is(const char *mutant) {
  const char *chosen = getenv("MUTANT");
  return chosen && !strcmp(chosen, mutant);
}

/// What is prepared instead of `sql`, or NULL.
static const char *altered(const char *sql) {
  if (!is("normal") || !sql) return NULL;
  if (!strcmp(sql, "PRAGMA synchronous = FULL")) return "PRAGMA synchronous = NORMAL";
  return strcmp(sql, "PRAGMA synchronous") ? NULL : "SELECT 2";
}

int sqlite3_prepare_v3(void *db, const char *sql, int n, unsigned flags, void **out, const char **tail) {
  prepare *real = (prepare *)dlsym(RTLD_NEXT, "sqlite3_prepare_v3");
  const char *other = altered(sql);
  int result = real(db, other ? other : sql, other ? -1 : n, flags, out, tail);
  if (other && tail) *tail = sql + strlen(sql);
  return result;
}

int sqlite3_prepare_v2(void *db, const char *sql, int n, void **out, const char **tail) {
  prepare_v2 *real = (prepare_v2 *)dlsym(RTLD_NEXT, "sqlite3_prepare_v2");
  const char *other = altered(sql);
  int result = real(db, other ? other : sql, other ? -1 : n, out, tail);
  if (other && tail) *tail = sql + strlen(sql);
  return result;
}

#define OPENS(name)                                                                        \
  int name(const char *path, int options, ...) {                                           \
    va_list more;                                                                          \
    va_start(more, options);                                                               \
    mode_t mode = options & O_CREAT ? va_arg(more, mode_t) : 0;                            \
    va_end(more);                                                                          \
    size_t size = strlen(path);                                                            \
    int is_log = size > 4 && !strcmp(path + size - 4, "-wal");                             \
    if (is_log && !(options & O_CREAT) && is("norepair")) return errno = ENOENT, -1;       \
    return ((int (*)(const char *, int, ...))dlsym(RTLD_NEXT, #name))(path, options, mode); \
  }
OPENS(open)
OPENS(open64)
