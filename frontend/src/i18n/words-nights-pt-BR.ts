// The words of the screens about sleep, in one file.
import { merged, type Catalogs } from "./catalogs";

const found: Catalogs = import.meta.glob("../{sleep,importing}/locales/pt-BR.po", { eager: true });
export const messages = merged(found);
