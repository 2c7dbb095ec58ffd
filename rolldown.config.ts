// What tsc has made of the entry points, each with all that it imports in a few files instead of hundreds: Node opens and links
// every module by itself, which was a third of the program's start. The modules stay beside them, for the benches.
import { copyFileSync } from "node:fs";
import { defineConfig } from "rolldown";

/** Made of many files too; the other packages stay where they are installed. */
const INCLUDED = "zod";

copyFileSync(`node_modules/${INCLUDED}/LICENSE`, `dist/cli/${INCLUDED}.LICENSE`);

export default defineConfig({
  input: ["main", "flows", "cell-worker"].map((name) => `dist/cli/${name}.js`),
  platform: "node",
  external: (id) => !/^[./#]/.test(id) && id !== INCLUDED && !id.startsWith(`${INCLUDED}/`),
  // Beside the modules, whose place in dist some of them know files by.
  output: { dir: "dist/cli", entryFileNames: "[name].js", chunkFileNames: "+[name].js", comments: false },
});
