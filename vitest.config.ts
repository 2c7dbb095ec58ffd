import { defineConfig } from "vitest/config";
import { CountLine } from "./test/count-line.js";

/** Tests of the built program: these need dist, the others never look at it. */
const PROGRAM = ["test/cli/**/*.test.ts", "test/system/**/*.test.ts", "test/docs/**/*.test.ts"];

export default defineConfig({
  resolve: { conditions: ["drvfleet-source"] },
  ssr: { resolve: { conditions: ["drvfleet-source", "node", "import"] } },
  test: {
    testTimeout: 60_000,
    hookTimeout: 120_000,
    reporters: ["default", new CountLine()],
    projects: [
      { extends: true, test: { name: "rooms", include: ["test/**/*.test.ts"], exclude: PROGRAM } },
      { extends: true, test: { name: "program", include: PROGRAM, globalSetup: ["test/built.ts"] } },
    ],
  },
});
