/** Files and applications of a JICSAP V1.1 card (JIS X 6306), as data. */
import type { PinObject } from "./pin-object.ts";

/** A certificate or table is made when first read. */
export type Content = Uint8Array | (() => Uint8Array);

export type JicsapFile =
  | {
      readonly kind: "binary";
      readonly id: number;
      readonly content: Content;
      readonly guard: PinObject | undefined;
    }
  | { readonly kind: "records"; readonly id: number; readonly records: readonly Uint8Array[] }
  | { readonly kind: "pin"; readonly id: number; readonly pin: PinObject }
  | {
      readonly kind: "key";
      readonly id: number;
      readonly guard: PinObject | undefined;
      /** What comes of the bytes that the command carries: PKCS#1 v1.5, type 1, or a code. */
      readonly sign: (data: Uint8Array) => Uint8Array;
      /** 2A COMPUTE SIGNATURE or 88 INTERNAL AUTHENTICATE. */
      readonly instruction: number;
      /** Exactly so many bytes; 1 to 245 when left out. */
      readonly takesBytes?: number;
    };

export interface JicsapApplicationFiles {
  /** In hexadecimal. */
  readonly aid: string;
  readonly files: readonly JicsapFile[];
  /** How a PIN is replaced after VERIFY: `00 24 01 80`, `80 32 00 80`, or not at all. */
  readonly change: "reference-data" | "key" | "none";
}

/** What is on a card beside its applications: answers of GET DATA by tag. */
export type CardData = ReadonlyMap<number, Uint8Array>;
