// Which build each notice of a client was about. A notice is a counter that went up; its build had ended by then, and
// whoever needs it was asked later. Where that leaves a choice, the log's own pairing decides, then the name: the order of the
// goals that one look at the children has woken. Rule: reference 3.1, 7.1.
import { compareText } from "#base/order.js";
import type { GraphFile } from "#model/graph-file.js";

export interface EndedBuild {
  readonly name: string;
  readonly at: number;
  /** The notice that the log pairs it with; NaN where it does not. */
  readonly logged: number;
}

/** Any clock, the same for all. `notices` in order. A build that nobody noticed is absent. */
export function noticedAt(
  graph: GraphFile,
  ended: readonly EndedBuild[],
  asked: ReadonlyMap<string, number>,
  notices: readonly number[],
): ReadonlyMap<string, number> {
  const deadline = deadlines(graph, asked);
  const fits = ({ name, at }: EndedBuild, notice: number) => at <= notice && notice <= deadline(name);
  // Earliest deadline first finds an assignment wherever there is one.
  const waiting = ended.toSorted((a, b) => deadline(a.name) - deadline(b.name) || compareText(a.name, b.name));
  const noticed = new Map<EndedBuild, number>();
  for (const notice of notices) {
    const next = waiting.findIndex(({ at }) => at <= notice);
    for (const build of next < 0 ? [] : waiting.splice(next, 1)) noticed.set(build, notice);
  }
  for (const build of ended) {
    const other = ended.find((one) => one !== build && noticed.get(one) === build.logged && one.logged !== build.logged);
    const own = noticed.get(build);
    if (own === undefined || other === undefined || own === build.logged) continue;
    if (!fits(build, build.logged) || !fits(other, own)) continue;
    noticed.set(build, build.logged);
    noticed.set(other, own);
  }
  // A line that the machine was too busy to stamp in time: who was asked is the better witness.
  return new Map([...noticed].map(([{ name, at }, notice]) => [name, Math.max(at, Math.min(notice, deadline(name)))]));
}

/** The first ask of a dependent; infinite where nobody was asked for one. */
function deadlines({ nodes, edges }: GraphFile, asked: ReadonlyMap<string, number>): (name: string) => number {
  const first = new Map<string, number>();
  for (let edge = 0; edge < edges.from.length; edge++) {
    const { name } = nodes[edges.from[edge]!]!;
    const dependent = asked.get(nodes[edges.to[edge]!]!.name) ?? Number.POSITIVE_INFINITY;
    first.set(name, Math.min(first.get(name) ?? Number.POSITIVE_INFINITY, dependent));
  }
  return (name) => first.get(name) ?? Number.POSITIVE_INFINITY;
}
