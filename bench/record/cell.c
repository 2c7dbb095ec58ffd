// The builder of recorded graphs: one static program for any system, so that an emulated build really is emulated. Reads its
// derivation's environment, sleeps or burns, writes its output, and logs start and end with the kernel's clock into a file
// that every host of the testbed sees. Knows nothing of Nix but $out.
//   node, log          what to call itself, and where
//   seconds            sleeps that long
//   work               burns that many core-seconds of a core of speed 1: ROUNDS per second, on any machine
//   busy               burns that many seconds of processor time
//   bytes, deps        size of the output; paths that must exist, and that it refers to if `refer` is 1
//   fail               exits with this status instead of writing the output
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

/** Speed 1: a core of the machine that the first recordings were made on, otherwise idle. */
#define ROUNDS 550000000.0

static const char *text(const char *key) {
  const char *value = getenv(key);
  return value ? value : "";
}

static double clocked(clockid_t clock) {
  struct timespec at;
  clock_gettime(clock, &at);
  return at.tv_sec + at.tv_nsec / 1e9;
}

/** "S node host seconds-since-1970 machine processor-seconds", one write: lines of several hosts never mix. */
static void note(char what) {
  struct utsname host;
  char line[512];
  uname(&host);
  int size = snprintf(line, sizeof line, "%c %s %s %.6f %s %.6f\n", what, text("node"), host.nodename, clocked(CLOCK_REALTIME), host.machine,
                      clocked(CLOCK_PROCESS_CPUTIME_ID));
  int file = open(text("log"), O_WRONLY | O_APPEND | O_CREAT, 0666);
  if (file < 0 || write(file, line, size) != size) exit(7);
  close(file);
}

static uint64_t state = 88172645463325252ull;

static uint64_t next(void) {
  state ^= state << 13;
  state ^= state >> 7;
  return state ^= state << 17;
}

/** Shifts, additions and a branch that cannot be foreseen. */
static uint64_t burn(uint64_t rounds) {
  uint64_t sum = 0;
  while (rounds-- > 0) {
    uint64_t x = next();
    if (x & 1) sum += x;
    else sum ^= x >> 3;
  }
  return sum;
}

static int write_output(long bytes, const char *deps) {
  static uint64_t block[8192];
  int file = open(text("out"), O_WRONLY | O_CREAT | O_TRUNC, 0644);
  for (const char *c = text("node"); *c; c++) state = state * 31 + (unsigned char)*c;
  while (file >= 0 && bytes > 0) {
    long size = bytes < (long)sizeof block ? bytes : (long)sizeof block;
    for (long i = 0; i * 8 < size; i++) block[i] = next();
    if (write(file, block, size) != size) return 8;
    bytes -= size;
  }
  if (file < 0 || dprintf(file, "%s\n", atoi(text("refer")) ? deps : "") < 0) return 8;
  return close(file) ? 8 : 0;
}

int main(void) {
  note('S');
  char *deps = strdup(text("deps"));
  for (char *dep = strtok(deps, " "); dep; dep = strtok(0, " "))
    if (access(dep, R_OK)) {
      printf("missing input %s\n", dep);
      return 9;
    }
  double seconds = atof(text("seconds")), busy = atof(text("busy"));
  struct timespec rest = {(time_t)seconds, (long)((seconds - (time_t)seconds) * 1e9)};
  if (seconds > 0) nanosleep(&rest, 0);
  if (burn((uint64_t)(atof(text("work")) * ROUNDS)) == 42) puts("!");
  while (busy > 0 && clocked(CLOCK_PROCESS_CPUTIME_ID) < busy)
    if (burn(100000) == 42) puts("!");
  int failed = atoi(text("fail"));
  if (!failed) failed = write_output(atol(text("bytes")), text("deps"));
  note(failed ? 'F' : 'E');
  return failed;
}
