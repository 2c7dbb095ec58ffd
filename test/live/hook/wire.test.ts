// What real Nix wrote to a hook (recorded by `tee` in front of Nix's own), read whole and byte by byte.
import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type HookMessage, HookReader, type Question, repeated, wireNumber, wireString, wireStrings } from "#live/hook/wire.js";

const FOLDER = new URL("../../fixtures/hook/", import.meta.url);
const recorded = (name: string): Uint8Array => readFileSync(new URL(name, FOLDER));
const names = readdirSync(FOLDER);

/** Each question but the last is answered with `# postpone`, the last with `# accept`. */
function heard(bytes: Uint8Array, piece: number): HookMessage[] {
  const questions = count(bytes, "try\0\0\0\0\0");
  const reader = new HookReader();
  const messages: HookMessage[] = [];
  for (let at = 0; at < bytes.length; at += piece) {
    reader.push(bytes.subarray(at, at + piece));
    for (let message = reader.next(); message !== undefined; message = reader.next()) {
      messages.push(message);
      if (message.kind === "question" && messages.filter(({ kind }) => kind === "question").length === questions) reader.accepted();
    }
  }
  return messages;
}

const count = (bytes: Uint8Array, word: string): number => Buffer.from(bytes).toString("latin1").split(word).length - 1;
const questionsIn = (messages: readonly HookMessage[]): Question[] =>
  messages.flatMap((one) => (one.kind === "question" ? [one.question] : []));

describe("what Nix says to a hook", () => {
  it.each(names)("%s: settings, questions, inputs, and nothing after them", (name) => {
    const bytes = recorded(name);
    const messages = heard(bytes, bytes.length);
    expect(messages.map(({ kind }) => kind)).toEqual(["settings", ...questionsIn(messages).map(() => "question"), "inputs"]);
    const [settings] = messages;
    expect(settings!.kind === "settings" && settings.settings.get("builders")).toBe("@/etc/nix/machines");
    expect(settings!.kind === "settings" && settings.settings.get("max-jobs")).toBe("0");
    const last = messages.at(-1)!;
    expect(last.kind === "inputs" && last.to).toBe(bytes.length);
    expect(last.kind === "inputs" && last.wanted).toEqual(["out"]);
  });

  it("postponed twice: the same question three times, in one process", () => {
    const messages = heard(recorded("nix-2.8-postponed.bin"), 100);
    const questions = questionsIn(messages);
    expect(questions.map(({ drv }) => drv.slice(44))).toEqual(["birch.drv", "birch.drv", "birch.drv"]);
    expect(questions.map(({ amWilling, system }) => [amWilling, system])).toEqual(questions.map(() => [false, "x86_64-linux"]));
  });

  it("required features come with the question, the closure of all inputs after it", () => {
    const messages = heard(recorded("nix-2.8-features.bin"), 4096);
    expect(questionsIn(messages)[0]!.features).toEqual(["kvm"]);
    const last = messages.at(-1)!;
    expect(last.kind === "inputs" ? last.inputs.map((path) => path.slice(44)).sort() : []).toEqual(["alder", "birch", "step.sh"]);
  });

  it.each([1, 7, 4096])("the same in pieces of %i bytes", (piece) => {
    for (const name of names) expect(heard(recorded(name), piece)).toEqual(heard(recorded(name), 1e9));
  });

  it("what is no hook protocol is said to be broken, once", () => {
    for (const bytes of [wireNumber(7), wireString("GET / HTTP/1.1"), joined(wireNumber(0), wireString("stop")), wireNumber(2 ** 60)]) {
      const messages = heard(bytes, 1e9);
      expect(messages.at(-1)!.kind).toBe("broken");
    }
  });

  it("numbers and strings come back as they were", () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.string({ unit: "grapheme" })),
        fc.array(fc.string()),
        fc.boolean(),
        (settings, texts, willing) => {
          const stream = joined(
            ...Object.entries(settings).flatMap(([key, value]) => [wireNumber(1), wireString(key), wireString(value)]),
            wireNumber(0),
            ...[
              wireString("try"),
              wireNumber(willing ? 1 : 0),
              wireString("x86_64-linux"),
              wireString("/nix/store/x.drv"),
              wireStrings(texts),
            ],
            ...[wireStrings(texts), wireStrings(["out"])],
          );
          const messages = heard(stream, 13);
          expect(messages.map(({ kind }) => kind)).toEqual(["settings", "question", "inputs"]);
          expect(messages[0]).toMatchObject({ settings: new Map(Object.entries(settings)) });
          expect(questionsIn(messages)[0]).toMatchObject({ amWilling: willing, features: texts });
        },
      ),
      { numRuns: 50, seed: 1 },
    );
  });
});

describe("the question repeated to Nix's own hook", () => {
  it("has the new setting last, offers no local slot, and keeps every other byte", () => {
    const bytes = recorded("nix-2.8-postponed.bin");
    const messages = heard(bytes, 1e9);
    const settings = messages[0] as Extract<HookMessage, { kind: "settings" }>;
    const question = questionsIn(messages)[2]!;
    const again = heard(repeated(bytes, settings.to, question, { builders: "ssh://root@kana x86_64-linux - 2 1 - - -" }), 1e9);
    expect(again.map(({ kind }) => kind)).toEqual(["settings", "question", "inputs"]);
    const told = (again[0] as typeof settings).settings;
    expect(told.get("builders")).toBe("ssh://root@kana x86_64-linux - 2 1 - - -");
    expect(new Map([...told, ["builders", "@/etc/nix/machines"]])).toEqual(settings.settings);
    expect(questionsIn(again)[0]).toMatchObject({ amWilling: false, drv: question.drv, features: question.features });
    expect(again.at(-1)).toMatchObject({ inputs: (messages.at(-1) as Extract<HookMessage, { kind: "inputs" }>).inputs, wanted: ["out"] });
  });
});

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(parts);
}
