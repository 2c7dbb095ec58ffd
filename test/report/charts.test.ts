import { describe, expect, it } from "vitest";
import { CHART_NAMES, CHARTS, type ChartName, chartSpecs, toPng, toSvg } from "#report/charts.js";
import { LADDER_PARTS } from "#report/palette.js";
import type { ReportInput } from "#report/report-input.js";
import { sampleInput, sampleRun, tinyTrace } from "./sample.js";

const input = sampleInput();

/** Two policies, three attempts: small enough to read as a golden file. */
function tinyInput(): ReportInput {
  const { problem, trace } = tinyTrace();
  const ranking = input.compare.ranking.filter(({ policy }) => policy === "heft" || policy === "nix");
  const critical = [
    { task: "binutils-1.0-x86_64", row: 1, host: "kana", because: "start", phase: "wait", from: 0, to: 4 },
    { task: "binutils-1.0-x86_64", row: 1, host: "kana", because: "slot", phase: "build", from: 4, to: 17.6 },
    { task: "gcc-pass1-2.1-x86_64", row: 2, host: "ai", because: "input", phase: "build", from: 17.6, to: 20.000001 },
  ] as const;
  return {
    compare: { ...input.compare, ranking: ranking.map((row) => ({ ...row, hosts: row.hosts.slice(0, 2) })) },
    detail: { run: sampleRun(ranking[0]!, 20.000001, 2), problem, trace, critical },
    whatIf: [],
    foretold: null,
    modelError: null,
  };
}

type Values = readonly Record<string, number & string>[];
const valuesOf = (spec: unknown, layer?: number): Values => {
  const body = spec as { data: { values: Values }; layer: { data: { values: Values } }[] };
  return layer === undefined ? body.data.values : body.layer[layer]!.data.values;
};

describe("specs", () => {
  it.each(["ranking", "ladder", "hosts", "gantt"] as const)("%s is as agreed", async (name) => {
    const text = `${JSON.stringify(CHARTS[name](tinyInput()), null, 1)}\n`;
    await expect(text).toMatchFileSnapshot(`../golden/report/${name}.vl.json`);
  });

  it("are plain data with at most four decimals, the same twice", () => {
    for (const { name, spec } of chartSpecs(input)) {
      const text = JSON.stringify(spec);
      expect(JSON.parse(text)).toEqual(spec);
      expect(text.match(/\d\.\d{5,}/g), name).toBeNull();
      expect(text).toBe(JSON.stringify(CHARTS[name](sampleInput())));
    }
  });

  it("stack each policy's parts to its makespan", () => {
    const spec = CHARTS.ladder(input);
    const parts = valuesOf(spec, 0);
    for (const { policy, sum } of valuesOf(spec, 2)) {
      const mine = parts.filter((one) => one.policy === policy);
      expect(mine).toHaveLength(LADDER_PARTS.length);
      expect(mine.reduce((all, { time }) => all + time!, 0)).toBeCloseTo(sum!, 3);
    }
    expect(parts.some(({ time }) => time! < 0)).toBe(true);
  });

  it("fill each host's bar to 100 %", () => {
    const shares = valuesOf(CHARTS.hosts(input));
    const bars = new Map<string, number>();
    for (const { policy, host, share } of shares) bars.set(`${policy}/${host}`, (bars.get(`${policy}/${host}`) ?? 0) + share!);
    expect(bars.size).toBe(8);
    for (const sum of bars.values()) expect(sum).toBeCloseTo(100, 2);
  });

  it("leave out what there is no data for", () => {
    expect(chartSpecs({ ...input, detail: null }).map(({ name }) => name)).toEqual(["ranking", "ladder", "hosts"]);
    expect(chartSpecs({ ...input, detail: null, compare: { ...input.compare, ranking: [] } })).toEqual([]);
  });
});

describe("pictures", () => {
  const pictures = Promise.all(chartSpecs(input).map(async ({ name, spec }) => ({ name, spec, svg: await toSvg(spec) })));

  it("fit 800 pixels, refer to nothing, and hold no undefined number", async () => {
    const drawn = await pictures;
    expect(drawn.map(({ name }) => name)).toEqual([...CHART_NAMES]);
    for (const { name, svg } of drawn) {
      const [, width, height] = /width="([\d.]+)" height="([\d.]+)"/.exec(svg)!.map(Number) as [number, number, number];
      expect(width, name).toBeLessThanOrEqual(810);
      expect(width, name).toBeGreaterThan(600);
      expect(height, name).toBeGreaterThan(150);
      expect(svg, name).not.toMatch(/NaN|undefined|Infinity|<script|href=| id=|url\(|\son\w+=/);
      expect(svg.match(/[ ="(,]-?\d+\.\d{5,}/g), name).toBeNull();
    }
  });

  it("are the same twice", async () => {
    for (const { spec, svg } of await pictures) expect(await toSvg(spec)).toBe(svg);
  });

  it("show the titles and the policies in full", async () => {
    const text = (await pictures).find(({ name }) => name === "ranking")!.svg.replace(/<[^>]*>/g, "|");
    for (const words of [
      "heft is ahead with 6 h 56 min",
      "list[priority=critical-path,",
      "placement=earliest-finish]",
      "nix[version=2.8]",
      "makespan, h",
    ]) {
      expect(text.replaceAll("\u00a0", " ")).toContain(words);
    }
  });

  it("mark the critical path: an outline per build, and lines between lanes", () => {
    const { detail } = input;
    const outlines = valuesOf(CHARTS.gantt(input), 4);
    expect(outlines).toHaveLength(detail!.critical.length);
    expect(valuesOf(CHARTS.gantt(input), 3).length).toBeGreaterThan(0);
  });

  it("become PNG of twice the size, text drawn with the bundled font", async () => {
    const { svg } = (await pictures).find(({ name }) => name === "ladder")!;
    const png = toPng(svg);
    expect([...png.subarray(0, 8)]).toEqual([137, 80, 78, 71, 13, 10, 26, 10]);
    const width = Number(/width="([\d.]+)"/.exec(svg)![1]);
    expect(new DataView(png.buffer, png.byteOffset).getUint32(16)).toBe(Math.ceil(width * 2));
    const bare = toPng(svg.replace(/<text[\s\S]*?<\/text>/g, ""));
    expect(png.length - bare.length).toBeGreaterThan(5000);
  });

  it("survive hostile and very long names", async () => {
    const evil = `"'><script>alert(1)</script>\n\u0000]]>&amp;`;
    const long = "x".repeat(300);
    const { compare, detail } = input;
    const problem = {
      ...detail!.problem,
      graph: { ...detail!.problem.graph, names: detail!.problem.graph.names.map((name) => evil + name + long) },
      hosts: { ...detail!.problem.hosts, names: detail!.problem.hosts.names.map((name) => evil + long + name) },
      demand: { ...detail!.problem.demand, systems: detail!.problem.demand.systems.map((name) => evil + name) },
    };
    const rename = (name: string): string => evil + long + name;
    const hostile: ReportInput = {
      ...input,
      compare: {
        ...compare,
        fleets: [evil],
        baseline: rename("nix"),
        ranking: compare.ranking.map((row) => ({
          ...row,
          fleet: evil,
          policy: rename(row.policy),
          hosts: row.hosts.map((use) => ({ ...use, host: rename(use.host) })),
        })),
        verdict: { ...compare.verdict, winner: rename("heft"), fleet: evil },
      },
      detail: { ...detail!, problem, run: { ...detail!.run, policy: rename("heft") } },
    };
    const names: ChartName[] = [];
    for (const { name, spec } of chartSpecs(hostile)) {
      const svg = await toSvg(spec);
      expect(svg).not.toContain("<script");
      expect(svg).not.toContain("\u0000");
      expect(toPng(svg).length).toBeGreaterThan(1000);
      expect(Number(/width="([\d.]+)"/.exec(svg)![1]), name).toBeLessThanOrEqual(860);
      names.push(name);
    }
    expect(names).toEqual([...CHART_NAMES]);
  });
});
