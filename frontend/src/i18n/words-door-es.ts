// The words of signing in and up.
import { merged, type Catalogs } from "./catalogs";

const found: Catalogs = import.meta.glob("../session/locales/es.po", { eager: true });
export const messages = merged(found);
