// Sees what a log of Nix tells late or not at all, without touching Nix. One clock with the builders: the kernel's.
//   witness stamp PIPE   what is written to the pipe, to standard output, the arrival time before each line
//   witness slots DIR    opens and closes of the files in DIR (Nix's current-load: a slot is held while its file is open):
//                        "seconds open|close pid parent name", until it is killed
#define _GNU_SOURCE
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fanotify.h>
#include <time.h>
#include <unistd.h>

static double now(void) {
  struct timespec at;
  clock_gettime(CLOCK_REALTIME, &at);
  return at.tv_sec + at.tv_nsec / 1e9;
}

static int stamp(const char *pipe) {
  static char buffer[1 << 16];
  int fresh = 1, from = open(pipe, O_RDONLY | O_CLOEXEC);
  if (from < 0) {
    perror(pipe);
    return 1;
  }
  for (ssize_t size; (size = read(from, buffer, sizeof buffer)) > 0; fflush(stdout)) {
    double at = now();
    for (char *c = buffer; c < buffer + size; c++) {
      if (fresh) printf("%.6f ", at);
      putchar(*c);
      fresh = *c == '\n';
    }
  }
  return 0;
}

/** −1 where it is gone. */
static int parent_of(int pid) {
  char path[64], line[512];
  snprintf(path, sizeof path, "/proc/%d/stat", pid);
  int file = open(path, O_RDONLY | O_CLOEXEC), parent = -1;
  ssize_t size = file < 0 ? -1 : read(file, line, sizeof line - 1);
  if (file >= 0) close(file);
  if (size <= 0) return -1;
  line[size] = 0;
  char *end = strrchr(line, ')');
  return end && sscanf(end, ") %*c %d", &parent) == 1 ? parent : -1;
}

static int slots(const char *folder) {
  static char buffer[1 << 16] __attribute__((aligned(8)));
  int group = fanotify_init(FAN_CLASS_NOTIF | FAN_CLOEXEC | FAN_UNLIMITED_QUEUE, O_RDONLY | O_CLOEXEC);
  if (group < 0 || fanotify_mark(group, FAN_MARK_ADD, FAN_OPEN | FAN_CLOSE | FAN_EVENT_ON_CHILD, AT_FDCWD, folder)) {
    perror("fanotify");
    return 1;
  }
  printf("%.6f ready 0 0 -\n", now());
  fflush(stdout);
  for (ssize_t size; (size = read(group, buffer, sizeof buffer)) > 0; fflush(stdout)) {
    double at = now();
    for (struct fanotify_event_metadata *event = (void *)buffer; FAN_EVENT_OK(event, size); event = FAN_EVENT_NEXT(event, size)) {
      char link[64], path[PATH_MAX + 1];
      if (event->fd < 0) continue;
      snprintf(link, sizeof link, "/proc/self/fd/%d", event->fd);
      ssize_t length = readlink(link, path, PATH_MAX);
      close(event->fd);
      if (length <= 0) continue;
      path[length] = 0;
      if (!strcmp(path, folder)) continue;
      // The kernel joins what has not been read yet: an open and its close are one event then.
      for (int close = event->mask & FAN_OPEN ? 0 : 1; close <= (event->mask & FAN_CLOSE ? 1 : 0); close++)
        printf("%.6f %s %d %d %s\n", at, close ? "close" : "open", event->pid, parent_of(event->pid), strrchr(path, '/') + 1);
    }
  }
  return 1;
}

int main(int count, char **words) {
  // Before everybody else, because a witness that comes late sees nothing; it hardly runs.
  struct sched_param first = {.sched_priority = 1};
  sched_setscheduler(0, SCHED_FIFO, &first);
  if (count == 3 && !strcmp(words[1], "stamp")) return stamp(words[2]);
  if (count == 3 && !strcmp(words[1], "slots")) return slots(words[2]);
  fputs("witness stamp PIPE | witness slots DIR\n", stderr);
  return 2;
}
