// The words of all other screens, in one file.
import { merged, type Catalogs } from "./catalogs";

const found: Catalogs = import.meta.glob("../{editor,bedside,history,devices,settings}/locales/en.po", { eager: true });
export const messages = merged(found);
