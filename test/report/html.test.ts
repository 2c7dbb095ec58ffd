import { beforeAll, describe, expect, it } from "vitest";
import { type ChartName, chartSpecs, toSvg } from "#report/charts.js";
import { reportHtml } from "#report/html.js";
import { escapeHtml, html } from "#report/html-text.js";
import type { ReportInput } from "#report/report-input.js";
import { sampleInput } from "./sample.js";

const VOID = new Set(["meta", "wbr", "br", "hr", "img", "input", "link"]);

interface Tag {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
}

/** Strict: every tag well formed, every attribute quoted, everything closed in order, no stray "<" or "&". */
function parseStrictly(page: string): Tag[] {
  const body = page.replace(/^<!doctype html>\n/, "");
  expect(body.length).toBeLessThan(page.length);
  const tags: Tag[] = [];
  const open: string[] = [];
  const token = /<(\/?)([a-zA-Z][\w-]*)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>|<style>([^<]*)<\/style>|([^<]+)/gy;
  let at = 0;
  for (let match = token.exec(body); match !== null; match = token.exec(body)) {
    at = token.lastIndex;
    const [, slash, name, attributes, selfClosed, style, text] = match;
    if (text !== undefined) expect(text.replace(/&(?:amp|lt|gt|quot|#39|#160);/g, "")).not.toContain("&");
    if (style !== undefined || name === undefined) continue;
    if (slash === "/") expect(open.pop()).toBe(name);
    else {
      const pairs = [...attributes!.matchAll(/([\w:-]+)="([^"]*)"/g)].map(([, key, value]) => [key!, value!] as const);
      expect(new Set(pairs.map(([key]) => key)).size, match[0]).toBe(pairs.length);
      tags.push({ name, attributes: new Map(pairs) });
      if (name === "style") token.lastIndex = body.indexOf("</style>", token.lastIndex);
      if (selfClosed !== "/" && !VOID.has(name)) open.push(name);
    }
  }
  expect(body.slice(at)).toBe("");
  expect(open).toEqual([]);
  return tags;
}

async function picturesOf(input: ReportInput): Promise<Partial<Record<ChartName, string>>> {
  const pictures: Partial<Record<ChartName, string>> = {};
  for (const { name, spec } of chartSpecs(input)) pictures[name] = await toSvg(spec);
  return pictures;
}

describe("report.html", () => {
  const input = sampleInput();
  let pictures: Partial<Record<ChartName, string>>;
  let page: string;
  beforeAll(async () => {
    pictures = await picturesOf(input);
    page = reportHtml(input, pictures);
  });

  it("is well formed and self-contained: no script, no source, one link outside", () => {
    const tags = parseStrictly(page);
    expect(tags.filter(({ name }) => ["script", "link", "iframe", "img", "object", "use", "image"].includes(name))).toEqual([]);
    for (const { attributes } of tags) {
      for (const [key, value] of attributes) {
        expect(key).not.toMatch(/^on|^src$|^xlink/);
        if (key === "href") expect(value).toMatch(/^#|^https:\/\/ui\.perfetto\.dev$/);
      }
    }
    expect(tags.filter(({ name }) => name === "svg")).toHaveLength(6);
  });

  it("answers in the order of the questions, each reachable from the contents", () => {
    const tags = parseStrictly(page);
    const sections = tags.filter(({ name }) => name === "section").map(({ attributes }) => attributes.get("id"));
    expect(sections).toEqual(["winner", "ladder", "hosts", "gantt", "queue", "derivations", "help", "basis"]);
    const links = tags
      .filter(({ name, attributes }) => name === "a" && attributes.get("href")!.startsWith("#"))
      .map(({ attributes }) => attributes.get("href"));
    expect(links).toEqual(sections.map((id) => `#${id}`));
    const ids = tags.flatMap(({ attributes }) => attributes.get("id") ?? []);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("names the run and what is guessed", () => {
    for (const words of [
      "3f2a9c0d51e4",
      "20 worlds (seeds 1–20)",
      "drvfleet 0.1.0",
      "9b1c44d0a7e2",
      "22 % of the critical path",
      "assumed, not measured",
      "4.3 % off on average",
    ]) {
      expect(page).toContain(words);
    }
    expect(reportHtml({ ...input, modelError: null }, {})).toContain("has not been validated");
  });

  it("puts what helps most first", () => {
    const order = ["riscv64-linux native on kana", "one more kana", "coordinator link 2.5 Gbit/s", "one more slot on every builder"].map(
      (label) => page.lastIndexOf(`>${label}<`),
    );
    expect(order.every((at) => at > 0)).toBe(true);
    expect([...order].sort((a, b) => a - b)).toEqual(order);
  });

  it("is the same bytes twice", () => {
    expect(reportHtml(sampleInput(), pictures)).toBe(page);
  });

  it("of a run that took place says what was foretold beside what it took", () => {
    const { trace, problem } = input.detail!;
    const range = (median: number) => ({ median, low: median / 2, high: median * 2 });
    const foretold = {
      worlds: 20,
      makespan: range(trace.makespan / 2e6),
      makespans: [],
      builds: problem.graph.names.map(() => ({ seconds: range(60), started: range(1), hosts: problem.hosts.names.map(() => 10) })),
      hosts: problem.hosts.names.map(() => ({ builds: range(4), busy: range(100) })),
      courses: [],
    };
    const lived = reportHtml({ ...input, foretold }, pictures);
    parseStrictly(lived);
    expect(lived).toContain('<section id="foretold">');
    expect(lived).toMatch(/<h1>\w+ took [^<]+<\/h1>/);
    expect(lived).toContain("How long it took, and the least that it could");
    expect(lived).not.toMatch(/Who wins|other worlds may differ|has not been validated/);
    expect(lived).toMatch(/It took <b>[^<]+<\/b>; foretold were <b>[^<]+<\/b> in 20 worlds: 100 % more/);
    for (const host of problem.hosts.names) expect(lived).toMatch(new RegExp(`${host} \\(50 %\\)`));
    expect(page).not.toContain("foretold");
  });

  it("leaves out what it was not given", () => {
    const bare = reportHtml({ compare: input.compare, detail: null, whatIf: [], foretold: null, modelError: null }, {});
    const sections = parseStrictly(bare).filter(({ name }) => name === "section");
    expect(sections.map(({ attributes }) => attributes.get("id"))).toEqual(["winner", "ladder", "hosts", "basis"]);
  });

  it("stays well formed whatever anything is called", async () => {
    const evil = `"'><script>alert(1)</script><!-- &amp; \u0000\u202e`;
    const { compare, detail } = input;
    const { problem } = detail!;
    const hostile: ReportInput = {
      compare: {
        ...compare,
        scenario: { ...compare.scenario, name: evil, graph: evil, systems: [evil] },
        fleets: [evil],
        baseline: evil,
        estimates: evil,
        ranking: compare.ranking.map((row) => ({
          ...row,
          policy: row.policy + evil,
          fleet: evil,
          conduct: evil,
          hosts: row.hosts.map((use) => ({ ...use, host: use.host + evil, waitedFor: [{ task: evil, seconds: 1 }] })),
        })),
        verdict: { ...compare.verdict, winner: `heft${evil}`, fleet: evil, runnerUp: evil, sentences: [evil] },
        assumptions: [evil],
        warnings: [evil],
      },
      detail: {
        ...detail!,
        run: { ...detail!.run, policy: evil },
        critical: detail!.critical.map((step) => ({ ...step, task: evil, host: evil })),
        problem: {
          ...problem,
          graph: { ...problem.graph, names: problem.graph.names.map((name) => name + evil) },
          hosts: { ...problem.hosts, names: problem.hosts.names.map((name) => name + evil) },
        },
      },
      whatIf: [{ label: evil, makespan: 1, ratio: 0.5 }],
      foretold: null,
      modelError: { makespan: 0.1, source: evil },
    };
    const tags = parseStrictly(reportHtml(hostile, await picturesOf(hostile)));
    expect(tags.some(({ name }) => name === "script")).toBe(false);
    expect(tags.filter(({ name }) => name === "section")).toHaveLength(8);
  });
});

describe("escaping", () => {
  it("escapes every value that is not markup itself", () => {
    expect(html`<p title="${`"&'`}">${["<b>", html`<i>x</i>`, null, 3]}</p>`.text).toBe(
      '<p title="&quot;&amp;&#39;">&lt;b&gt;<i>x</i>3</p>',
    );
    expect(escapeHtml("a\u0000b")).toBe("a\ufffdb");
  });
});
