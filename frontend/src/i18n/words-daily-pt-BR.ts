// The words of the daily path, in one file.
import { merged, type Catalogs } from "./catalogs";

const found: Catalogs = import.meta.glob("../{app,today,alarms,ringing,ui,replica,sound}/locales/pt-BR.po", { eager: true });
export const messages = merged(found);
