// What ssh said before it gave up → the step at which it gave up, why, and what to change. Its messages are the only
// source: they are the same from OpenSSH 8 to 10, and what they do not say is not guessed. Pure.
import type { ProbeStep } from "#model/probed-host.js";

export interface SshFailure {
  readonly step: ProbeStep;
  readonly what: string;
  readonly words: string;
  readonly hint: string;
}

interface Saying {
  readonly pattern: RegExp;
  readonly step: ProbeStep;
  readonly what: string;
  readonly hint: string;
}

/** The first that any line matches counts: causes stand before what they lead to. */
const SAYINGS: readonly Saying[] = [
  {
    pattern:
      /Bad configuration option|terminating, \d+ bad|Bad owner or permissions on|unsupported option|keyword .* (extra|missing) arg|line \d+: (no|missing) argument|Can't open user config file/i,
    step: "config",
    what: "ssh refuses its own configuration",
    hint: "correct the named line of ssh_config",
  },
  {
    pattern: /hostname contains invalid characters|remote username contains invalid characters|Bad port/i,
    step: "config",
    what: "ssh takes the host or user for no name",
    hint: "correct the name in the fleet",
  },
  {
    pattern: /REMOTE HOST IDENTIFICATION HAS CHANGED/,
    step: "host-key",
    what: "the host shows another key than the one that is known",
    hint: "if it was installed anew: ssh-keygen -R HOST, then take up its new key; if not, somebody else answers",
  },
  {
    pattern: /REVOKED HOST KEY/,
    step: "host-key",
    what: "the host shows a revoked key",
    hint: "do not connect; find out who answers",
  },
  {
    pattern: /Host key verification failed|No .* host key is known for/,
    step: "host-key",
    what: "the host's key is not known here",
    hint: "log in once by hand as this user and compare the fingerprint, or put the key into known_hosts or the machines file",
  },
  {
    pattern: /no matching (host key type|key exchange method|cipher|mac|MAC) found/i,
    step: "host-key",
    what: "this ssh and that sshd have no common algorithm",
    hint: "update the older of the two, or allow the algorithm for that host in ssh_config",
  },
  {
    pattern: /Could not resolve hostname/i,
    step: "resolve",
    what: "the name leads to no address",
    hint: "correct the name, or give it an address: HostName in ssh_config, /etc/hosts or DNS",
  },
  {
    pattern: /open failed: connect failed: (Name or service not known|Temporary failure in name resolution)/i,
    step: "resolve",
    what: "the name leads to no address on the jump host",
    hint: "names behind ProxyJump are looked up there: correct HostName in ssh_config",
  },
  {
    pattern: /Connection refused/,
    step: "connect",
    what: "the machine answers, but nothing listens there",
    hint: "start sshd there, or correct Port in ssh_config",
  },
  {
    pattern: /Connection timed out|Operation timed out|banner exchange/i,
    step: "connect",
    what: "nobody answers",
    hint: "is it on, and may packets pass (address, firewall, VPN)?",
  },
  {
    pattern: /No route to host|Network is unreachable|Host is down/,
    step: "connect",
    what: "no way leads to its address",
    hint: "check the address and the network between",
  },
  {
    pattern:
      /Permission denied|Too many authentication failures|No more authentication methods|agent refused operation|UNPROTECTED PRIVATE KEY FILE|signing failed/,
    step: "login",
    what: "the host lets this user in with none of the keys offered",
    hint: "put the public key into authorized_keys there, name the key by IdentityFile in ssh_config; one with a passphrase needs an agent",
  },
  {
    pattern:
      /kex_exchange_identification|Not allowed at this time|Connection (closed|reset) by|ssh_dispatch_run_fatal|client_loop|Connection to .* closed|stdio forwarding failed|open failed/,
    step: "connect",
    what: "the connection was closed before a login",
    hint: "sshd may be at its limit (MaxStartups), penalising this address, or behind a jump host that cannot reach it",
  },
];

/** Undefined when the words say nothing that is known: then the caller says what he saw. */
export function sshFailure(stderr: string): SshFailure | undefined {
  const lines = stderr.split("\n").map((line) => line.trim());
  for (const { pattern, step, what, hint } of SAYINGS) {
    const line = lines.find((candidate) => pattern.test(candidate));
    if (line !== undefined) return { step, what, words: line.replace(/^@\s*|\s*@$/g, ""), hint };
  }
  return undefined;
}

/** The last thing that was said, for what is not known. */
export function lastWords(stderr: string): string {
  return (
    stderr
      .split("\n")
      .map((line) => line.trim())
      .filter((line) => line !== "" && !/^@*$/.test(line))
      .at(-1) ?? ""
  );
}
