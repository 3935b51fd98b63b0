// Pictures of all screens into docs/screens: `make screens`.
import base from "./playwright.config";

export default { ...base, testDir: "tests/screens", testIgnore: [], workers: 1, timeout: 600_000 };
