/**
 * Columns of bitmaps, each run of them once: a glyph that stands in many texts has the same columns there, higher or lower. A bitmap
 * is a list of slices of what was kept before it, and of what it adds.
 */

export interface Column {
  /** Lines of paper above, 0…127; says nothing of a column without ink. */
  readonly top: number;
  /** Of ink, 0…127. */
  readonly lines: number;
  /** As the pool keeps it, a character a byte. */
  readonly ink: string;
}

/** `count` columns from `first` of those that are kept, `lower` lines lower than there (−127…127). */
export interface Slice {
  readonly first: number;
  readonly count: number;
  readonly lower: number;
}

/** A shorter run is not worth a slice: it takes as much as a column. */
const SHORTEST = 3;

function keyOf({ lines, ink }: Column): string {
  return `${lines} ${ink}`;
}

export class ColumnSlices {
  readonly kept: Column[] = [];
  /** Where each ink was kept. */
  private readonly places = new Map<string, number[]>();

  /** What `columns` are made of; those that are new are kept. */
  add(columns: readonly Column[]): Slice[] {
    const slices: Slice[] = [];
    let newOnes = 0;
    for (let at = 0; at < columns.length;) {
      const found = this.longest(columns.slice(at));
      if (found.count >= SHORTEST || found.count === columns.length) {
        newOnes = 0;
        slices.push(found);
        at += found.count;
        continue;
      }
      if (newOnes++ > 0) slices.pop();
      this.keep(columns[at]!);
      slices.push({ first: this.kept.length - newOnes, count: newOnes, lower: 0 });
      at++;
    }
    return slices;
  }

  private keep(column: Column): void {
    const key = keyOf(column);
    this.places.set(key, [...(this.places.get(key) ?? []), this.kept.length]);
    this.kept.push(column);
  }

  /** The longest run that is kept of the first of `columns`. */
  private longest(columns: readonly Column[]): Slice {
    const runs = (this.places.get(keyOf(columns[0]!)) ?? []).map((first) => this.run(first, columns));
    return runs.reduce((best, one) => (one.count > best.count ? one : best), {
      first: 0,
      count: 0,
      lower: 0,
    });
  }

  private run(first: number, columns: readonly Column[]): Slice {
    let lower: number | undefined;
    let count = 0;
    for (const column of columns) {
      const kept = this.kept[first + count];
      if (kept === undefined || keyOf(kept) !== keyOf(column)) break;
      if (column.lines > 0) {
        lower ??= column.top - kept.top;
        if (lower !== column.top - kept.top) break;
      }
      count++;
    }
    return { first, count, lower: lower ?? 0 };
  }
}
