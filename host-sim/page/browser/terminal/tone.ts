/** The piezo: a square wave for as long as one is on its wire. A browser plays nothing before somebody has touched the page. */
const LOUDNESS = 0.04;

export class Tone {
  isMuted = false;
  private context: AudioContext | undefined;
  private oscillator: OscillatorNode | undefined;

  /** Somebody has touched the page. */
  wake(): void {
    this.context ??= new AudioContext();
    if (this.context.state === "suspended") void this.context.resume();
  }

  /** 0 is silence. */
  set(hz: number): void {
    this.oscillator?.stop();
    this.oscillator = undefined;
    const { context } = this;
    if (hz === 0 || this.isMuted || context === undefined) return;
    const gain = context.createGain();
    gain.gain.value = LOUDNESS;
    gain.connect(context.destination);
    this.oscillator = context.createOscillator();
    this.oscillator.type = "square";
    this.oscillator.frequency.value = hz;
    this.oscillator.connect(gain);
    this.oscillator.start();
  }

  mute(isMuted: boolean): void {
    this.isMuted = isMuted;
    if (isMuted) this.set(0);
  }
}
