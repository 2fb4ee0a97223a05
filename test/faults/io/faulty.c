/*
 * Stands before the C library in a process under test (LD_PRELOAD) and does one thing wrong: at the n-th call of an
 * operation on a path, or from that call on. So a test can have any disk fail at any place, and needs no such disk.
 *
 *   FAULTY=OPERATIONS:PATTERN:N:ACTION[:ARGUMENT]
 *     OPERATIONS  of open,read,write,sync,truncate,rename,unlink, joined by commas
 *     PATTERN     what the path must contain
 *     N           1 is the first call; with a + behind it, and every later one
 *     ACTION      error (ARGUMENT is the number), short (half of the bytes), slow (ARGUMENT in milliseconds), kill, none
 *   FAULTY_LOG=FILE  gets a line for each matching call, so that a run without a fault tells how many there are
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum action { NONE, ERROR, SHORT };

static char operations[128], pattern[256], action[16];
static long nth = 0, argument = 0;
static int onwards = 0, ready = 0, log_fd = -1;
static atomic_long calls = 0;

__attribute__((constructor)) static void start(void) {
  const char *spec = getenv("FAULTY");
  char number[32] = "";
  if (spec == NULL) return;
  if (sscanf(spec, "%127[^:]:%255[^:]:%31[^:]:%15[^:]:%ld", operations, pattern, number, action, &argument) < 4) {
    fprintf(stderr, "FAULTY cannot be understood: %s\n", spec);
    _exit(99);
  }
  nth = atol(number);
  onwards = strchr(number, '+') != NULL;
  const char *log = getenv("FAULTY_LOG");
  if (log != NULL) log_fd = syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  ready = 1;
}

/* What is to be done at this call; whoever is to be killed or to wait does not come back, or later. */
static enum action at(const char *operation, const char *path) {
  if (!ready || path == NULL || strstr(operations, operation) == NULL || strstr(path, pattern) == NULL) return NONE;
  long call = atomic_fetch_add(&calls, 1) + 1;
  if (log_fd >= 0) dprintf(log_fd, "%s %s\n", operation, path);
  if (call != nth && !(onwards && call > nth)) return NONE;
  if (strcmp(action, "kill") == 0) kill(getpid(), SIGKILL);
  if (strcmp(action, "slow") == 0) {
    struct timespec wait = {argument / 1000, (argument % 1000) * 1000000};
    nanosleep(&wait, NULL);
  }
  if (strcmp(action, "short") == 0) return SHORT;
  if (strcmp(action, "error") != 0) return NONE;
  errno = (int)argument;
  return ERROR;
}

static enum action at_fd(const char *operation, int fd) {
  char link[64], path[4096];
  if (!ready || fd == log_fd || strstr(operations, operation) == NULL) return NONE;
  int before = errno;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  errno = before;
  if (length < 0) return NONE;
  path[length] = 0;
  return at(operation, path);
}

static size_t less(enum action what, size_t count) { return what == SHORT && count > 1 ? count / 2 : count; }

#define NEXT(type, name, ...) \
  static type (*next)(__VA_ARGS__); \
  if (next == NULL) next = (type(*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

#define MODE(flags, mode) \
  mode_t mode = 0; \
  if ((flags) & (O_CREAT | O_TMPFILE)) { \
    va_list list; \
    va_start(list, flags); \
    mode = va_arg(list, mode_t); \
    va_end(list); \
  }

#define OPEN(name) \
  int name(const char *path, int flags, ...) { \
    NEXT(int, #name, const char *, int, ...); \
    MODE(flags, mode) \
    return at("open", path) == ERROR ? -1 : next(path, flags, mode); \
  }
OPEN(open)
OPEN(open64)

#define OPENAT(name) \
  int name(int folder, const char *path, int flags, ...) { \
    NEXT(int, #name, int, const char *, int, ...); \
    MODE(flags, mode) \
    return at("open", path) == ERROR ? -1 : next(folder, path, flags, mode); \
  }
OPENAT(openat)
OPENAT(openat64)

ssize_t write(int fd, const void *bytes, size_t count) {
  NEXT(ssize_t, "write", int, const void *, size_t);
  enum action what = at_fd("write", fd);
  return what == ERROR ? -1 : next(fd, bytes, less(what, count));
}

ssize_t read(int fd, void *bytes, size_t count) {
  NEXT(ssize_t, "read", int, void *, size_t);
  enum action what = at_fd("read", fd);
  return what == ERROR ? -1 : next(fd, bytes, less(what, count));
}

#define PWRITE(name) \
  ssize_t name(int fd, const void *bytes, size_t count, off_t place) { \
    NEXT(ssize_t, #name, int, const void *, size_t, off_t); \
    enum action what = at_fd("write", fd); \
    return what == ERROR ? -1 : next(fd, bytes, less(what, count), place); \
  }
PWRITE(pwrite)
PWRITE(pwrite64)

#define PREAD(name) \
  ssize_t name(int fd, void *bytes, size_t count, off_t place) { \
    NEXT(ssize_t, #name, int, void *, size_t, off_t); \
    enum action what = at_fd("read", fd); \
    return what == ERROR ? -1 : next(fd, bytes, less(what, count), place); \
  }
PREAD(pread)
PREAD(pread64)

/* A short vector: its first part alone. */
#define VECTOR(name, operation) \
  ssize_t name(int fd, const struct iovec *parts, int count) { \
    NEXT(ssize_t, #name, int, const struct iovec *, int); \
    enum action what = at_fd(operation, fd); \
    return what == ERROR ? -1 : next(fd, parts, what == SHORT ? 1 : count); \
  }
VECTOR(writev, "write")
VECTOR(readv, "read")

#define PVECTOR(name, operation) \
  ssize_t name(int fd, const struct iovec *parts, int count, off_t place) { \
    NEXT(ssize_t, #name, int, const struct iovec *, int, off_t); \
    enum action what = at_fd(operation, fd); \
    return what == ERROR ? -1 : next(fd, parts, what == SHORT ? 1 : count, place); \
  }
PVECTOR(pwritev, "write")
PVECTOR(pwritev64, "write")
PVECTOR(preadv, "read")
PVECTOR(preadv64, "read")

#define SYNC(name) \
  int name(int fd) { \
    NEXT(int, #name, int); \
    return at_fd("sync", fd) == ERROR ? -1 : next(fd); \
  }
SYNC(fsync)
SYNC(fdatasync)

#define TRUNCATE(name) \
  int name(int fd, off_t length) { \
    NEXT(int, #name, int, off_t); \
    return at_fd("truncate", fd) == ERROR ? -1 : next(fd, length); \
  }
TRUNCATE(ftruncate)
TRUNCATE(ftruncate64)

int rename(const char *from, const char *to) {
  NEXT(int, "rename", const char *, const char *);
  return at("rename", to) == ERROR ? -1 : next(from, to);
}

int unlink(const char *path) {
  NEXT(int, "unlink", const char *);
  return at("unlink", path) == ERROR ? -1 : next(path);
}
