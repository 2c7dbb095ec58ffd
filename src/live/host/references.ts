// The order in which paths can be sent: a store takes a path only when it has all that the path refers to.
import type { PathInfo } from "./serve.js";

/** The paths and all that they refer to, each after what it refers to. */
export function inOrder(paths: readonly string[], references: (path: string) => readonly string[]): readonly string[] {
  const order = new Set<string>();
  const seen = new Set<string>();
  const stack = [...paths].reverse();
  while (stack.length > 0) {
    const path = stack[stack.length - 1]!;
    const fresh = seen.has(path) ? [] : references(path).filter((other) => !seen.has(other) && other !== path);
    seen.add(path);
    if (fresh.length > 0) stack.push(...fresh);
    else {
      stack.pop();
      order.add(path);
    }
  }
  return [...order];
}

/** These alone, whatever else they refer to. */
export function infosInOrder(infos: readonly PathInfo[]): readonly PathInfo[] {
  const byPath = new Map(infos.map((info) => [info.path, info]));
  const among = (path: string): readonly string[] => byPath.get(path)!.references.filter((other) => byPath.has(other));
  return inOrder([...byPath.keys()], among).map((path) => byPath.get(path)!);
}
