// Looking for an alarm among many: words, on or off, category, tag.
import { useLingui } from "@lingui/react/macro";
import { useId, useState } from "react";
import type { Shown } from "../replica/types";
import { Button } from "../ui/Button";
import { CloseIcon } from "../ui/icons";
import { FilterIcon, SearchIcon } from "../ui/moreIcons";
import { Select } from "../ui/Select";
import { categoryInWords } from "./categories";
import { filterChoices, NO_FILTERS, type Filters } from "./listView";
import styles from "./ListTools.module.css";

interface Props {
  readonly alarms: readonly Shown<"alarm">[];
  readonly filters: Filters;
  readonly onChange: (filters: Filters) => void;
}

export function ListTools({ alarms, filters, onChange }: Props) {
  const { t, i18n } = useLingui();
  const id = useId();
  const [isOpen, setIsOpen] = useState(filters.show !== "all" || filters.category !== null || filters.tag !== null);
  const { categories, tags } = filterChoices(alarms);
  return (
    <div className={styles["tools"]} role="search" aria-label={t`Alarms`}>
      <div className={styles["line"]}>
        <label className={styles["search"]}>
          <span className="visually-hidden">{t`Search alarms`}</span>
          <SearchIcon className={styles["glass"]} />
          <input
            type="search"
            placeholder={t`Search`}
            value={filters.text}
            onChange={(event) => onChange({ ...filters, text: event.target.value })}
          />
        </label>
        <Button
          aria-expanded={isOpen}
          aria-controls={id}
          onClick={() => {
            // Folding the filters away ends them too: nothing is left out by what cannot be seen.
            if (isOpen) onChange({ ...NO_FILTERS, text: filters.text });
            setIsOpen(!isOpen);
          }}
        >
          {isOpen ? <CloseIcon /> : <FilterIcon />}
          {t`Filter`}
        </Button>
      </div>
      <div className={styles["filters"]} id={id} hidden={!isOpen}>
        <Select
          label={t`On or off`}
          options={[
            { value: "all", label: t`All` },
            { value: "on", label: t`On` },
            { value: "off", label: t`Off` },
          ]}
          value={filters.show}
          onChoose={(show) => onChange({ ...filters, show })}
        />
        {categories.length > 1 ? (
          <Select
            label={t`Category`}
            options={[
              { value: "", label: t`All` },
              ...categories.map((value) => ({ value, label: categoryInWords(i18n, value) })),
            ]}
            value={filters.category ?? ""}
            onChoose={(category) => onChange({ ...filters, category: category || null })}
          />
        ) : null}
        {tags.length > 0 ? (
          <Select
            label={t`Tag`}
            options={[{ value: "", label: t`All` }, ...tags.map((value) => ({ value, label: value }))]}
            value={filters.tag ?? ""}
            onChoose={(tag) => onChange({ ...filters, tag: tag || null })}
          />
        ) : null}
      </div>
    </div>
  );
}
