/**
 * How long a sent frame's answer is waited for: from the measured round trip, as RFC 6298 estimates it (2.2, 2.3, 3, 5.5), and at
 * least so long that the other end can finish a frame of its own first.
 */

/** Answers that come at once vary by this much: two character times, a PC's scheduling. */
const LEAST_US = 20000;
const MOST_US = 1000000;
/** Before the first measurement: a PC with a USB adapter, under load. */
const FIRST_US = 300000;

export class LinkTimer {
  private smoothUs = 0;
  private variationUs = 0;
  private isMeasured = false;
  private waitUs = FIRST_US;

  /** A new link: the old one's measurements may be another machine's. */
  reset(): void {
    this.isMeasured = false;
    this.waitUs = FIRST_US;
  }

  /** The answer to a frame that was sent once came `roundTripUs` after its last bit. */
  measured(roundTripUs: number): void {
    const roundUs = roundTripUs > 0 ? roundTripUs : 0;
    if (!this.isMeasured) {
      this.smoothUs = roundUs;
      this.variationUs = Math.floor(roundUs / 2);
      this.isMeasured = true;
    } else {
      const error = roundUs - this.smoothUs;
      const distance = error < 0 ? -error : error;
      this.variationUs = Math.floor((3 * this.variationUs + distance) / 4);
      this.smoothUs = Math.floor((7 * this.smoothUs + roundUs) / 8);
    }
    const wantedUs = this.smoothUs + 4 * this.variationUs;
    this.waitUs = wantedUs < LEAST_US ? LEAST_US : wantedUs > MOST_US ? MOST_US : wantedUs;
  }

  /** No answer in time: the next wait is twice as long (5.5). */
  missed(): void {
    this.waitUs = 2 * this.waitUs > MOST_US ? MOST_US : 2 * this.waitUs;
  }

  /** From a frame's last bit to the moment when its answer is given up; `frameUs` is what the longest frame takes. */
  patienceUs(frameUs: number): number {
    return this.waitUs + frameUs;
  }
}
