// The last line of a test run, for machines: "12 passed, 0 failed, 1 skipped". Names what was skipped before it, for a
// skipped test proves nothing.
import type { Reporter, TestModule } from "vitest/node";

export class CountLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const tests = modules.flatMap((module) =>
      [...module.children.allTests()].map((test) => ({ module, test, state: test.result().state })),
    );
    const count = (state: string): number => tests.filter((one) => one.state === state).length;
    for (const { module, test } of tests.filter(({ state }) => state === "skipped"))
      process.stdout.write(`skipped: ${module.relativeModuleId} > ${test.fullName}\n`);
    // A file that cannot even be loaded has no tests to count.
    const broken = errors.length + modules.filter((module) => module.state() === "failed" && module.errors().length > 0).length;
    process.stdout.write(`${count("passed")} passed, ${count("failed") + broken} failed, ${count("skipped")} skipped\n`);
  }
}
