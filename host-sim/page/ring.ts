/** The latest so many of something that is numbered from 1; older ones are forgotten. */
export interface Numbered {
  readonly n: number;
}

export class Ring<Entry extends Numbered> {
  private entries: Entry[] = [];
  private count = 0;

  constructor(private readonly most: number) {}

  /** Makes the entry with its number, and keeps it. */
  add(make: (n: number) => Entry): void {
    this.entries.push(make(++this.count));
    // Cut in big pieces: once a piece costs less than once an entry.
    if (this.entries.length >= 2 * this.most) this.entries = this.entries.slice(-this.most);
  }

  /** Those with a number greater than `n`, at most the latest `most`. */
  since(n: number): readonly Entry[] {
    const kept = this.entries.slice(-this.most);
    const at = kept.findIndex((entry) => entry.n > n);
    return at < 0 ? [] : kept.slice(at);
  }

  find(n: number): Entry | undefined {
    return this.entries.find((entry) => entry.n === n);
  }

  /** The number of the latest; 0 before the first. */
  last(): number {
    return this.count;
  }
}
