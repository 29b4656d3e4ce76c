/** Square waves from hardware timers, which go on by themselves. */
export interface Pwm {
  /** Sets `channel` to `hz`; 0 stops it with the output low. */
  set(channel: number, hz: number): void;
}
