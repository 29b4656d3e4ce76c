/**
 * The continuous health tests of a noise source (SP 800-90B, 4.4), on its raw samples of one byte, before any of them is used:
 * the repetition count test sees one that is stuck, the adaptive proportion test one that has lost much of its entropy.
 * Both are set for one bit of entropy a sample, however much more a source gives, and for a false alarm in 2^20 samples.
 */

/** How many samples have to pass before the first is used (4.3, item 4). They may be used then, or not. */
export const NOISE_START_SAMPLES = 1024;

/** 4.4.1: C = 1 + ⌈-log2(α) / H⌉ with α = 2^-20 and H = 1; so many samples in a row are not the same. */
export const REPETITION_CUTOFF = 21;
/** 4.4.2, W of a source whose samples are not bits. */
export const PROPORTION_WINDOW = 512;
/**
 * 4.4.2: C = 1 + CRITBINOM(W, 2^-H, 1 - α), the least k with P(X ≤ k) ≥ 1 - α for X of 512 throws at 1/2 being 310; so many
 * samples of a window are not as its first.
 */
export const PROPORTION_CUTOFF = 311;

/** Of no sample. */
const NONE = -1;

export class NoiseHealth {
  private isHealthy = true;
  private last = NONE;
  /** How often `last` came in a row. */
  private repetitions = 0;
  /** The window's first sample, how many samples it has so far, and how many of these are as the first. */
  private first = NONE;
  private seen = 0;
  private matches = 0;

  /** Takes the next sample, 0…255. Returns whether no test has failed since the start, this sample included. */
  take(sample: number): boolean {
    this.countRepetitions(sample);
    this.countMatches(sample);
    if (this.repetitions >= REPETITION_CUTOFF || this.matches >= PROPORTION_CUTOFF) this.isHealthy = false;
    return this.isHealthy;
  }

  /** Starts anew; what was taken before counts no more. */
  restart(): void {
    this.isHealthy = true;
    this.last = NONE;
    this.repetitions = 0;
    this.first = NONE;
    this.seen = 0;
    this.matches = 0;
  }

  private countRepetitions(sample: number): void {
    if (sample !== this.last) {
      this.last = sample;
      this.repetitions = 0;
    }
    this.repetitions++;
  }

  private countMatches(sample: number): void {
    if (this.seen === PROPORTION_WINDOW) this.seen = 0;
    if (this.seen === 0) {
      this.first = sample;
      this.matches = 0;
    }
    this.seen++;
    if (sample === this.first) this.matches++;
  }
}
