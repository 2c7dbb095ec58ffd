// What tsc has made of the entry points, each with all that it imports in a few files instead of hundreds: Node opens and links
// every module by itself, which was a third of the program's start. The modules stay beside them, for the benches.
import { copyFileSync } from "node:fs";
import { defineConfig } from "rolldown";

/** Made of many files too, or large where little of them is used; the other packages stay where they are installed. */
const INCLUDED = ["zod", "yaml", "commander", "simple-statistics"];

for (const name of INCLUDED) copyFileSync(`node_modules/${name}/LICENSE`, `dist/cli/${name}.LICENSE`);

export default defineConfig({
  input: ["main", "flows", "cell-worker"].map((name) => `dist/cli/${name}.js`),
  platform: "node",
  external: (id) => !/^[./#]/.test(id) && !INCLUDED.some((name) => id === name || id.startsWith(`${name}/`)),
  // Beside the modules, whose place in dist some of them know files by.
  output: { dir: "dist/cli", entryFileNames: "[name].js", chunkFileNames: "+[name].js", comments: false },
});
