// How long our hook stands in Nix's serial path: from its start until it has answered, on what a real Nix once wrote to a hook.
// Beside it, in turn, Nix's own hook, which has no machines here, so that it answers at once and connects to nobody: what is
// left of it is a start. Runs inside a host of the testbed, beside our agent. Usage: npm run -s bench:hook [-- --times 40]
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { loadavg } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { HookReader } from "#live/hook/wire.js";
import { testbed } from "../test/system/testbed/testbed.js";
import { median } from "./measure.js";
import { uriOf } from "./record/machine-files.js";
import { agentOn, HOOK } from "./versus/contenders.js";

/** Where hosts of the testbed see this repository. */
const CHECKOUT = "/opt/drvfleet";
const SAID = "test/fixtures/hook/nix-2.8-features.bin";
const NATIVE = { "x86_64-linux": "native" };
const FLEET = {
  schema: "drvfleet.fleet/1",
  name: "one",
  coordinator: { name: "ai", cores: 2, maxJobs: 0, systems: NATIVE },
  builders: [{ name: "aquamarine", uri: uriOf("aquamarine"), cores: 2, maxJobs: 2, systems: NATIVE, features: ["kvm"] }],
};

const WAYS = ["ours", "own"] as const;
type Way = (typeof WAYS)[number];
type Words = readonly [string, ...string[]];

const { values, positionals } = parseArgs({ allowPositionals: true, options: { times: { type: "string", default: "40" } } });
await (positionals[0] === "inside" ? inside(Number(values.times)) : outside(values.times));

async function outside(times: string): Promise<void> {
  const bed = await testbed({ id: `answer${process.pid}`, hosts: 1, master: true });
  try {
    const agent = await agentOn(bed, FLEET, "");
    const program = join(CHECKOUT, relative(process.cwd(), fileURLToPath(import.meta.url)));
    const { out, err, code } = await bed.in("ai", ["/usr/local/bin/node", program, "inside", "--times", times]);
    process.stdout.write(out);
    process.stderr.write(err);
    process.exitCode = code;
    agent.signal("SIGTERM");
    await agent.ended;
  } finally {
    await bed.down();
  }
}

async function inside(times: number): Promise<void> {
  const words: Record<Way, Words> = { ours: [HOOK, "3"], own: ownHook() };
  const question = questionOf(readFileSync(join(CHECKOUT, SAID)));
  const took: Record<Way, number[]> = { ours: [], own: [] };
  const answers: Record<Way, Set<string>> = { ours: new Set(), own: new Set() };
  for (let time = 0; time < times; time++)
    for (const way of WAYS) {
      const { answer, ms } = await asked(words[way], question);
      took[way].push(ms);
      answers[way].add(answer);
    }
  console.log(`input: settings and question of ${SAID}, ${question.length} bytes, ${times} times; load ${loadavg()[0]!.toFixed(1)}`);
  for (const way of WAYS) {
    const sorted = took[way].sort((a, b) => a - b);
    const late = sorted[Math.floor(0.9 * sorted.length)]!;
    console.log(
      `${way.padEnd(4)}  ${median(sorted).toFixed(1)} ms (median), ${late.toFixed(1)} ms (90 %); answers ${[...answers[way]].join(", ")}`,
    );
  }
  console.log(`ratio ours / own: ${(median(took.ours) / median(took.own)).toFixed(2)}`);
}

/** Nix's own, as our script would start it. */
function ownHook(): Words {
  const own = /^own\(\) \{ exec (.+) "\$V"; \}$/m.exec(readFileSync(HOOK, "utf8"));
  if (own === null) throw new Error(`${HOOK} does not say what Nix's own hook is`);
  return ["sh", "-c", `exec ${own[1]} 3`];
}

/** All that Nix says until it waits for the first answer. */
function questionOf(bytes: Uint8Array): Uint8Array {
  const reader = new HookReader();
  reader.push(bytes);
  for (let message = reader.next(); message !== undefined; message = reader.next())
    if (message.kind === "question") return bytes.subarray(0, message.question.to);
  throw new Error("no question in it");
}

/** Milliseconds from the start of the program, which has then begun to run, until its answer. */
async function asked([program, ...args]: Words, question: Uint8Array): Promise<{ answer: string; ms: number }> {
  const hook = spawn(program, args, { stdio: ["pipe", "ignore", "pipe"] });
  const from = performance.now();
  hook.stdin.on("error", () => {});
  hook.stdin.write(question);
  let text = "";
  let found: { answer: string; ms: number } | null = null;
  for await (const part of hook.stderr) {
    text += String(part);
    const answer = /^# ([\w-]+)$/m.exec(text)?.[1];
    if (answer === undefined) continue;
    found = { answer, ms: performance.now() - from };
    break;
  }
  // As Nix does with one that it does not need any more.
  hook.kill("SIGKILL");
  if (hook.exitCode === null) await once(hook, "exit");
  if (found === null) throw new Error(`${program} gave no answer: ${text}`);
  return found;
}
