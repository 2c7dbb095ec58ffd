// C for the compiler bench: functions of loops, branches, switches and structures, unlike each other, without headers, so
// that every cc1 can read it. The same text for the same count, about 700 bytes a function.

export function compiledSource(functions: number): string {
  const parts = ["struct record { long key; int kind; double weight; struct record *next; };"];
  for (let f = 0; f < functions; f++) {
    const [a, b, c] = [(f * 37) % 61, (f * 53) % 97, (f * 29) % 31].map((value) => value + 2);
    parts.push(`
static long mix${f}(long x, int kind) {
  switch (kind % ${3 + (f % 5)}) {
    case 0: return x * ${a} + ${b};
    case 1: return (x >> ${1 + (f % 7)}) ^ ${b};
    case 2: return x < ${c} ? x + ${a} : x - ${c};
    default: return x / ${c} + kind % ${a};
  }
}
long work${f}(struct record *list, long *table, int count) {
  long sum = ${f};
  double weight = ${b}.5;
  for (struct record *at = list; at; at = at->next) {
    if (at->kind == ${a}) weight += at->weight * ${c};
    else if (at->key > table[at->kind & ${f % 2 === 0 ? 63 : 31}]) sum += mix${f}(at->key, at->kind);
    else table[at->kind & 15] -= ${f === 0 ? "1" : `work${f - 1}(at->next, table, count - 1)`};
  }
  for (int i = 0; i < count; i++)
    for (int j = i; j < count; j += ${1 + (f % 3)}) table[i] += table[j] * ${b} ^ mix${f}(sum + j, i & ${a});
  return sum + (long)weight;
}`);
  }
  return `${parts.join("\n")}\n`;
}
