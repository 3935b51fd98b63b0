// A button, or a link that looks like one. One primary a screen.
import type { AnchorHTMLAttributes, ButtonHTMLAttributes } from "react";
import { follow } from "../app/router";
import styles from "./Button.module.css";

type Look = "primary" | "secondary" | "quiet" | "danger";

interface Looks {
  readonly look?: Look;
  readonly isBig?: boolean;
}

function classes(look: Look, isBig: boolean, own: string | undefined): string {
  return [styles["button"], styles[look], isBig && styles["big"], own].filter(Boolean).join(" ");
}

export function Button({
  look = "secondary",
  isBig = false,
  className,
  type = "button",
  ...rest
}: Looks & ButtonHTMLAttributes<HTMLButtonElement>) {
  return <button {...rest} type={type} className={classes(look, isBig, className)} />;
}

export function LinkButton({
  look = "secondary",
  isBig = false,
  className,
  ...rest
}: Looks & AnchorHTMLAttributes<HTMLAnchorElement>) {
  return <a onClick={follow} {...rest} className={classes(look, isBig, className)} />;
}
