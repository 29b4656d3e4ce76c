/** A card that never answers: broken, or the chip on the side away from the contacts. */
import type { SimCard } from "./sim-card.ts";

export class MuteCard implements SimCard {
  constructor(readonly name: string) {}

  powerUp(): void {}

  resetReleased(): void {}

  resetAsserted(): void {}

  characterReceived(): void {}

  powerDown(): void {}
}
