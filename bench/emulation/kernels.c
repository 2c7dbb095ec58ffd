/* The kinds of work of bench/emulation.bench.ts, one program: KIND ROUNDS [INTERPRETER SELF]. Each prints a digest of its
   result, the same on every processor. Built with gcc -O2 -static for each of them. No pointers to bigger things, no
   input: what differs between two runs is the processor and who plays it. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static uint64_t state = 0x9e3779b97f4a7c15u;

static uint64_t next(void) {
  state ^= state << 13;
  state ^= state >> 7;
  return state ^= state << 17;
}

/* Shifts, products, a division by what the compiler does not know. */
static uint64_t integer(long rounds) {
  uint64_t sum = 0;
  for (long i = 0; i < rounds * 1000; i++) sum = sum * 6364136223846793005u + next() % (uint64_t)(i | 3);
  return sum;
}

/* A sixteen-body system of springs: products, sums, roots and quotients of doubles; no fused operations (-ffp-contract=off). */
static uint64_t floating(long rounds) {
  double place[16], speed[16];
  for (int i = 0; i < 16; i++) { place[i] = i * 1.25; speed[i] = 0; }
  for (long r = 0; r < rounds; r++)
    for (int i = 0; i < 16; i++)
      for (int j = 0; j < 16; j++) {
        double way = place[j] - place[i], far = __builtin_sqrt(way * way + 0.5);
        speed[i] += way / (far * far * far) * 1e-4;
        place[i] += speed[i] * 1e-4;
      }
  uint64_t bits, sum = 0;
  for (int i = 0; i < 16; i++) { memcpy(&bits, &place[i], 8); sum = sum * 31 + bits; }
  return sum;
}

/* Copies of 32 MiB, as tar, install and linkers make them. */
static uint64_t memory(long rounds) {
  size_t bytes = 32u << 20;
  unsigned char *from = malloc(bytes), *to = malloc(bytes);
  for (size_t i = 0; i < bytes; i += 8) { uint64_t x = next(); memcpy(from + i, &x, 8); }
  for (long r = 0; r < rounds; r++) { memcpy(to, from, bytes); from[(size_t)next() % bytes] ^= to[r]; }
  uint64_t sum = 0;
  for (size_t i = 0; i < bytes; i += 4096) sum = sum * 31 + to[i];
  return sum;
}

static int byValue(const void *a, const void *b) {
  uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
  return x < y ? -1 : x > y;
}

/* qsort: a call through a pointer and a branch that nobody can foretell, per comparison. */
static uint64_t branchy(long rounds) {
  size_t count = (size_t)rounds * 1000;
  uint32_t *all = malloc(count * 4);
  for (size_t i = 0; i < count; i++) all[i] = (uint32_t)next();
  qsort(all, count, 4, byValue);
  uint64_t sum = 0;
  for (size_t i = 0; i < count; i++) sum = sum * 31 + all[i];
  return sum;
}

/* Processes that do nothing: what configure scripts and make do most of. */
static uint64_t forks(long rounds, char *interpreter, char *self) {
  uint64_t sum = 0;
  for (long r = 0; r < rounds; r++) {
    pid_t child = fork();
    if (child == 0) {
      if (interpreter) execl(interpreter, interpreter, self, "nothing", (char *)0);
      else execl(self, self, "nothing", (char *)0);
      _exit(127);
    }
    int status = 0;
    if (child < 0 || waitpid(child, &status, 0) != child) exit(1);
    sum = sum * 31 + WEXITSTATUS(status);
  }
  return sum;
}

/* 12.5 MB/s arrive through a pipe, in pieces of 64 KiB, and are summed: a download, whose time is the network's. */
static uint64_t fetch(long rounds) {
  int ends[2];
  static unsigned char piece[65536];
  if (pipe(ends) != 0) exit(1);
  if (fork() == 0) {
    struct timespec pause = {0, 5242880};
    close(ends[0]);
    for (long r = 0; r < rounds; r++) {
      nanosleep(&pause, NULL);
      memset(piece, (int)(r & 255), sizeof piece);
      if (write(ends[1], piece, sizeof piece) != (ssize_t)sizeof piece) _exit(1);
    }
    _exit(0);
  }
  close(ends[1]);
  uint64_t sum = 0;
  ssize_t got;
  while ((got = read(ends[0], piece, sizeof piece)) > 0)
    for (ssize_t i = 0; i < got; i++) sum += piece[i];
  int status;
  wait(&status);
  return sum;
}

int main(int count, char **words) {
  if (count < 2 || !strcmp(words[1], "nothing")) return 7;
  long rounds = count > 2 ? atol(words[2]) : 1;
  char *kind = words[1], *interpreter = count > 4 ? words[3] : NULL, *self = count > 4 ? words[4] : words[0];
  uint64_t sum;
  if (!strcmp(kind, "integer")) sum = integer(rounds);
  else if (!strcmp(kind, "float")) sum = floating(rounds);
  else if (!strcmp(kind, "memory")) sum = memory(rounds);
  else if (!strcmp(kind, "branchy")) sum = branchy(rounds);
  else if (!strcmp(kind, "fork")) sum = forks(rounds, interpreter, self);
  else if (!strcmp(kind, "fetch")) sum = fetch(rounds);
  else return 2;
  printf("%016llx\n", (unsigned long long)sum);
  return 0;
}
