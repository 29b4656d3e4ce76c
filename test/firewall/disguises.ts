/** Every way in which a host could hide a command from whoever judges it, in the order in which they were thought of. */
import type { Disguise } from "./disguise.ts";
import { BLOCKS, LEVELS } from "./disguised-blocks.ts";
import { CHAINS, MID_CHAIN } from "./disguised-chains.ts";
import { CLASS_CHAINS, ENCODINGS, PPS_LED } from "./disguised-commands.ts";
import { DURING_SECURE, FRAMES } from "./disguised-hosts.ts";

export const DISGUISES: readonly Disguise[] = [
  ...CHAINS,
  ...MID_CHAIN,
  ...BLOCKS,
  ...LEVELS,
  ...ENCODINGS,
  ...PPS_LED,
  ...CLASS_CHAINS,
  ...FRAMES,
  ...DURING_SECURE,
];
