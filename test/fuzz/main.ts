/**
 * `make fuzz MINUTES=n SEED=s`: all storms in turn with one seed after the other, for so many minutes. The same seed sends
 * the same bytes. Ends at the first finding with status 1.
 */
import type { CampaignResult } from "./campaign.ts";
import { stormCard, stormLine, stormSealed } from "./storms.ts";

const BYTES_PER_SEED = 200_000;
const SEED_LIMIT = 2 ** 31;

function numberFrom(name: string, otherwise: number): number {
  const text = process.env[name] ?? "";
  const value = text === "" ? otherwise : Number(text);
  if (Number.isFinite(value) && value >= 0) return value;
  console.error(`${name} must be a number, not ${JSON.stringify(text)}`);
  process.exit(2);
}

/** Prints the finding and ends. */
function stopAt(result: CampaignResult): void {
  if (result.finding === undefined) return;
  console.log(result.finding);
  process.exit(1);
}

const minutes = numberFrom("MINUTES", 1);
const firstSeed = numberFrom("SEED", Math.floor(Math.random() * SEED_LIMIT));
console.log(`seed ${firstSeed}`);
const untilMs = performance.now() + minutes * 60_000;
let lineBytes = 0;
let cardBytes = 0;
let sealedBytes = 0;
for (let seed = firstSeed; performance.now() < untilMs; seed++) {
  const line = stormLine({ seed, bytes: BYTES_PER_SEED, untilMs });
  stopAt(line);
  const card = stormCard({ seed, bytes: BYTES_PER_SEED, untilMs });
  stopAt(card);
  const sealed = stormSealed({ seed, bytes: BYTES_PER_SEED, untilMs });
  stopAt(sealed);
  lineBytes += line.bytes;
  cardBytes += card.bytes;
  sealedBytes += sealed.bytes;
  console.log(
    `seed ${seed}: so far ${lineBytes} line, ${cardBytes} card and ${sealedBytes} sealed bytes, 0 findings`,
  );
}
