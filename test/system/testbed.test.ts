// The testbed itself: real Nix builds on its hosts, each fault is what its name says, and nothing stays behind.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { lacksTestbed } from "./needs.js";
import { type Testbed, testbed } from "./testbed/testbed.js";

/** A derivation that takes its time and says where it was built; the salt keeps equal ones apart. */
const EXPRESSION = `{ name, seconds ? "0", system ? builtins.currentSystem, salt ? "" }: derivation {
  inherit name seconds system salt; builder = "/bin/sh"; args = [ "-c" "/bin/sleep $seconds; /bin/uname -n > $out" ]; }`;

describe.skipIf(lacksTestbed())("the testbed", () => {
  let bed: Testbed;
  beforeAll(async () => {
    bed = await testbed({ id: "test", hosts: 2 });
    bed.write("ai", "/root/host.nix", EXPRESSION);
  });
  afterAll(() => bed?.down());

  it("builds on another host, which the machines file names", async () => {
    await bed.machines([{ host: "ruby" }]);
    const built = await bed.in("ai", ["nix-build", "--no-out-link", "-j0", "host.nix", "--argstr", "name", "one"]);
    expect(built.code, built.err).toBe(0);
    expect(bed.read("ai", built.out.trim())).toBe("ruby\n");
  });
});
