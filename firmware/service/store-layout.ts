/** The layout of the store that this firmware writes, and how an older one becomes it. */
import { StoreError, type StoreLayout } from "./store.ts";

export const STORE_LAYOUT: StoreLayout = {
  version: 1,
  // There is no older one.
  migrate: () => StoreError.Damaged,
};
