// The indexed heap against a sorted array.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { IndexedHeap } from "#base/heap.js";

const CAPACITY = 12;

describe("an indexed heap", () => {
  it("is a sorted array that is quick, equal keys by id", () => {
    const step = fc.oneof(
      fc.record({ act: fc.constant("set" as const), id: fc.nat(CAPACITY - 1), key: fc.integer({ min: 0, max: 6 }) }),
      fc.record({ act: fc.constant("delete" as const), id: fc.nat(CAPACITY - 1), key: fc.constant(0) }),
      fc.record({ act: fc.constantFrom("pop" as const, "clear" as const), id: fc.constant(0), key: fc.constant(0) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const heap = new IndexedHeap(CAPACITY);
        let twin: { id: number; key: number }[] = [];
        for (const [i, { act, id, key }] of steps.entries()) {
          if (act === "set") {
            heap.set(id, key);
            twin = [...twin.filter((entry) => entry.id !== id), { id, key }].sort((a, b) => a.key - b.key || a.id - b.id);
          } else if (act === "delete") {
            heap.delete(id);
            twin = twin.filter((entry) => entry.id !== id);
          } else if (act === "pop") {
            if (twin.length > 0) expect(heap.pop()).toBe(twin.shift()!.id);
          } else if (i % 7 === 0) {
            heap.clear();
            twin = [];
          }
          expect(heap.size).toBe(twin.length);
          expect(heap.top()).toBe(twin[0]?.id ?? -1);
          expect(heap.topKey()).toBe(twin[0]?.key ?? Number.POSITIVE_INFINITY);
          for (let other = 0; other < CAPACITY; other++) expect(heap.has(other)).toBe(twin.some((entry) => entry.id === other));
          for (const entry of twin) expect(heap.keyOf(entry.id)).toBe(entry.key);
        }
        while (twin.length > 0) expect(heap.pop()).toBe(twin.shift()!.id);
      }),
      { seed: 5, numRuns: 400 },
    );
  });

  it("cannot be popped empty", () => {
    expect(() => new IndexedHeap(1).pop()).toThrow("empty heap");
  });
});
