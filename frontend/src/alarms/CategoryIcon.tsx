// The picture of a category; beside it the word is always written or read out, so it is decoration.
import { isCategory, type Category } from "./categories";

const PATHS: Readonly<Record<Category, string>> = {
  work: "M3.5 8h17v11h-17zM9 8V5.5h6V8M3.5 13h17",
  school: "M2.5 9.5 12 5l9.5 4.5L12 14zM6.5 11.5V16c3 2.5 8 2.5 11 0v-4.5M21.5 9.5V15",
  exercise: "M6.5 7.5v9M3.5 9.5v5M17.5 7.5v9M20.5 9.5v5M6.5 12h11",
  medication: "M12 20S4 15 4 9.5A4.3 4.3 0 0 1 12 7.2a4.3 4.3 0 0 1 8 2.3C20 15 12 20 12 20zM12 10v5M9.5 12.5h5",
  family: "M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM2.5 19.5c0-7 11-7 11 0M16.5 12a2.3 2.3 0 1 0 0-4.6M16.5 15c3 0 5 1.5 5 4.5",
  travel:
    "M10 14 3.5 11.5 5 10l6 .5L15.5 6c1.5-1.5 4-1.5 3.5 1l-4 4.5 1.5 6.5-1.5 1.5-3.5-6-3 2.5v3L7 20.5 6 17l-3-1 1.5-1.5z",
  nap: "M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5z",
  other: "M12 6.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13zM12 9.5V13l2.3 1.5M4 7l3-2.5M20 7l-3-2.5",
};

export function CategoryIcon({ category }: { readonly category: string }) {
  return (
    <svg viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" focusable="false">
      <path
        d={PATHS[isCategory(category) ? category : "other"]}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.6"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
