// What has to be sent to one builder for one build: a flow per sender, in columns that grow and are reused.
import type { Flows } from "./network.js";

export class Shipment implements Flows {
  count = 0;
  from = new Int32Array(4);
  bytes = new Float64Array(4);

  clear(): void {
    this.count = 0;
  }

  /** What one host sends is one flow. */
  add(from: number, bytes: number): void {
    for (let f = 0; f < this.count; f++) {
      if (this.from[f] === from) {
        this.bytes[f]! += bytes;
        return;
      }
    }
    if (this.count === this.from.length) this.grow();
    this.from[this.count] = from;
    this.bytes[this.count++] = bytes;
  }

  total(): number {
    let bytes = 0;
    for (let f = 0; f < this.count; f++) bytes += this.bytes[f]!;
    return bytes;
  }

  private grow(): void {
    const from = new Int32Array(this.count * 2);
    const bytes = new Float64Array(this.count * 2);
    from.set(this.from);
    bytes.set(this.bytes);
    this.from = from;
    this.bytes = bytes;
  }
}
