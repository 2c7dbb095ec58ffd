// Paths on their way to one host: each travels once, however many wait for it. Whoever is first sends; the others wait, and
// send only what then is not there.

export class Arrivals {
  private readonly under = new Map<string, Promise<unknown>>();

  has(path: string): boolean {
    return this.under.has(path);
  }

  /** Ends when it is there or does not come; at once when it is not on its way. */
  async over(path: string): Promise<void> {
    await this.under.get(path);
  }

  /** Paths that come together, none of which is on its way. */
  async together<T>(paths: readonly string[], sent: Promise<T>): Promise<T> {
    for (const path of paths) this.under.set(path, sent);
    try {
      return await sent;
    } finally {
      for (const path of paths) this.under.delete(path);
    }
  }

  /** Null: it is there, and nothing had to be sent. */
  async once<T>(path: string, isThere: () => boolean, send: () => Promise<T>): Promise<T | null> {
    while (this.has(path)) await this.over(path);
    return isThere() ? null : this.together([path], send());
  }
}
