// How long copies have been on each host's link so far. Knows no bytes.

export class LinkUse {
  private readonly copies: Int32Array;
  private readonly since: Float64Array;
  private readonly sum: Float64Array;

  constructor(hosts: number) {
    this.copies = new Int32Array(hosts);
    this.since = new Float64Array(hosts);
    this.sum = new Float64Array(hosts);
  }

  begins(host: number, now: number): void {
    if (this.copies[host]!++ === 0) this.since[host] = now;
  }

  ends(host: number, now: number): void {
    if (--this.copies[host]! === 0) this.sum[host]! += now - this.since[host]!;
  }

  busyMicros(host: number, now: number): number {
    return this.sum[host]! + (this.copies[host]! > 0 ? now - this.since[host]! : 0);
  }
}
