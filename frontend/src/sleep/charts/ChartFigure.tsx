// A chart and the same as a table: one is seen, the table is always there for screen readers.
import { Trans } from "@lingui/react/macro";
import { useState, type ReactNode } from "react";
import { Button } from "../../ui/Button";
import styles from "./Charts.module.css";

export interface Table {
  /** What the table holds, read out before it. */
  readonly caption: string;
  readonly headers: readonly string[];
  /** The first cell of a row names it. */
  readonly rows: readonly { readonly key: string; readonly cells: readonly ReactNode[] }[];
}

interface Props {
  readonly title: ReactNode;
  readonly table: Table;
  /** Drawn for the eye alone; hidden from screen readers, which get the table. */
  readonly children: ReactNode;
  /** Below the chart, for everybody: what it says in a sentence, a control. */
  readonly below?: ReactNode;
}

export function ChartFigure({ title, table, children, below }: Props) {
  const [isTable, setTable] = useState(false);
  return (
    <figure className={styles["figure"]}>
      <figcaption className={styles["top"]}>
        <span className={styles["title"]}>{title}</span>
        <Button look="quiet" onClick={() => setTable(!isTable)}>
          {isTable ? <Trans>Show as chart</Trans> : <Trans>Show as table</Trans>}
        </Button>
      </figcaption>
      {isTable ? null : <div aria-hidden="true">{children}</div>}
      {isTable ? null : below}
      <div className={isTable ? styles["table"] : "visually-hidden"}>
        <ChartTable table={table} />
      </div>
    </figure>
  );
}

function ChartTable({ table: { caption, headers, rows } }: { readonly table: Table }) {
  return (
    <table>
      <caption className="visually-hidden">{caption}</caption>
      <thead>
        <tr>
          {headers.map((header) => (
            <th key={header} scope="col">
              {header}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ key, cells: [name, ...cells] }) => (
          <tr key={key}>
            <th scope="row">{name}</th>
            {cells.map((cell, index) => (
              <td key={index}>{cell}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
