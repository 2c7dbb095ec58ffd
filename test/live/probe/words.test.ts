// What OpenSSH 9.2, 10.0 and 10.6 say when they give up, recorded, and the step that it tells.
import { describe, expect, it } from "vitest";
import { parseSettings, settingsWords } from "#live/probe/ssh.js";
import { lastWords, sshFailure } from "#live/probe/words.js";

describe("what ssh says", () => {
  it.each([
    ["resolve", "ssh: Could not resolve hostname nosuch.example: Temporary failure in name resolution\n"],
    ["resolve", "ssh: Could not resolve hostname kana: Name or service not known\r\n"],
    [
      "resolve",
      "channel 0: open failed: connect failed: Name or service not known\nstdio forwarding failed\nConnection closed by UNKNOWN port 65535\n",
    ],
    ["connect", "ssh: connect to host aquamarine port 22: Connection refused\n"],
    ["connect", "ssh: connect to host ruby port 22: Connection timed out\n"],
    ["connect", "Connection timed out during banner exchange\nConnection to 10.0.0.1 port 22 timed out\n"],
    ["connect", "ssh: connect to host 10.1.1.1 port 22: No route to host\n"],
    ["connect", "kex_exchange_identification: read: Connection reset by peer\nConnection reset by 10.77.0.13 port 22\n"],
    ["connect", "Not allowed at this time\nConnection closed by 10.77.0.13 port 22\n"],
    ["host-key", "Host key verification failed.\n"],
    ["host-key", "No ED25519 host key is known for kana and you have requested strict checking.\nHost key verification failed.\n"],
    ["host-key", "Unable to negotiate with 10.0.0.7 port 22: no matching host key type found. Their offer: ssh-rsa\n"],
    ["login", "root@opal: Permission denied (publickey,keyboard-interactive).\n"],
    ["login", "Received disconnect from 10.0.0.7 port 22:2: Too many authentication failures\nDisconnected from 10.0.0.7 port 22\n"],
    [
      "config",
      "/root/.ssh/config: line 3: Bad configuration option: hostnam\n/root/.ssh/config: terminating, 1 bad configuration options\n",
    ],
    ["config", "Bad owner or permissions on /root/.ssh/config\n"],
    ["config", "hostname contains invalid characters\n"],
  ])("tells the step %s", (step, words) => {
    const failure = sshFailure(words);
    expect(failure?.step).toBe(step);
    expect(words).toContain(failure?.words);
    expect(failure?.hint).not.toBe("");
  });

  it("tells a changed key from an unknown one, whatever else is said", () => {
    const changed = [
      "@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@",
      "@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @",
      "@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@",
      "IT IS POSSIBLE THAT SOMEONE IS DOING SOMETHING NASTY!",
      "Offending ED25519 key in /root/.ssh/known_hosts:3",
      "Host key verification failed.",
    ].join("\n");
    expect(sshFailure(changed)).toMatchObject({ step: "host-key", words: "WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!" });
    expect(sshFailure(changed)?.what).not.toBe(sshFailure("Host key verification failed.")?.what);
  });

  it("guesses nothing from words it does not know", () => {
    expect(sshFailure("This account is currently not available.\n")).toBeUndefined();
    expect(lastWords("Welcome\nThis account is currently not available.\n\n@@@\n")).toBe("This account is currently not available.");
  });
});

describe("ssh -G", () => {
  it("is asked with the destination behind --, so that no name is an option", () => {
    const ssh = { host: "-oProxyCommand=touch x", user: "-l", port: 2222, keyFile: null, knownHosts: null };
    const words = settingsWords({ name: "evil", ssh, store: null, program: "nix-store" });
    expect(words.slice(words.indexOf("--"))).toEqual(["--", "-oProxyCommand=touch x"]);
  });

  it("tells what the user has set, and that he has not", () => {
    const text = "host kana\nuser root\nhostname 10.77.0.13\nport 2222\nserveraliveinterval 300\nserveralivecountmax 3\nconnecttimeout 5\n";
    expect(parseSettings(text)).toEqual({
      hostname: "10.77.0.13",
      port: 2222,
      user: "root",
      connectTimeout: 5,
      aliveInterval: 300,
      aliveCountMax: 3,
    });
    expect(parseSettings("hostname kana\nconnecttimeout none\n")).toMatchObject({ connectTimeout: null, aliveInterval: 0, port: 22 });
  });
});
