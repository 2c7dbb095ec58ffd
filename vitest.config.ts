import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { conditions: ["drvfleet-source"] },
  ssr: { resolve: { conditions: ["drvfleet-source", "node", "import"] } },
  test: { include: ["test/**/*.test.ts"], testTimeout: 60_000, hookTimeout: 120_000 },
});
