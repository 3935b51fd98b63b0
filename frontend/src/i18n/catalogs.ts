// What the build makes of a feature's .po file, and one list of many.
import type { Messages } from "@lingui/core";

export type Catalogs = Record<string, { readonly messages: Messages }>;

export function merged(catalogs: Catalogs): Messages {
  return Object.assign({}, ...Object.values(catalogs).map((catalog) => catalog.messages)) as Messages;
}
