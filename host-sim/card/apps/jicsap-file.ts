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
      /** PKCS#1 v1.5, type 1, of what the command carries: 256 bytes. */
      readonly sign: (data: Uint8Array) => Uint8Array;
      /** 2A COMPUTE SIGNATURE or 88 INTERNAL AUTHENTICATE. */
      readonly instruction: number;
    };

export interface JicsapApplicationFiles {
  /** In hexadecimal. */
  readonly aid: string;
  readonly files: readonly JicsapFile[];
  /** How a PIN is replaced after VERIFY: `00 24 01 80` or `80 32 00 80`. */
  readonly change: "reference-data" | "key";
}

/** What is on a card beside its applications: answers of GET DATA by tag. */
export type CardData = ReadonlyMap<number, Uint8Array>;
