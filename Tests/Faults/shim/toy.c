// SPDX-License-Identifier: Apache-2.0
// Makes each kind of chosen call once, in the folder given, and says what came of each: a line
// `CALL RESULT ERRNO`. The shim's own test runs it.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static void said(const char *call, long result) {
  int error = result < 0 ? errno : 0;
  char line[64];
  int n = snprintf(line, sizeof line, "%s %ld %d\n", call, result, error);
  if (write(1, line, (size_t)n) < 0) _exit(9);
}

int main(int count, char **words) {
  if (count != 2 || chdir(words[1])) return 2;
  struct iovec two[2] = {{"gh", 2}, {"ij", 2}};
  int pair[2], file = open("new", O_RDWR | O_CREAT, 0600);
  said("open", file < 0 ? -1 : 0);
  said("write", write(file, "abcd", 4));
  said("pwrite", pwrite(file, "ef", 2, 4));
  said("writev", writev(file, two, 2));
  said("pwritev", pwritev(file, two, 2, 8));
  said("fsync", fsync(file));
  said("fdatasync", fdatasync(file));
  said("ftruncate", ftruncate(file, 6));
  said("rename", rename("new", "newer"));
  said("truncating", open("old", O_WRONLY | O_CREAT | O_TRUNC, 0600) < 0 ? -1 : 0);
  said("unlink", unlink("old"));
  said("mkdir", mkdir("folder", 0700));
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair)) return 3;
  struct msghdr message = {.msg_iov = two, .msg_iovlen = 2};
  said("send", send(pair[0], "told", 4, 0));
  said("sendmsg", sendmsg(pair[0], &message, 0));
  said("socketwrite", write(pair[0], "more", 4));
  char heard[16];
  ssize_t n = recv(pair[1], heard, sizeof heard, MSG_DONTWAIT);
  said("heard", n < 0 ? 0 : n);
  return 0;
}
