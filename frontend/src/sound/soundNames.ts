// What the sounds are called.
import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { toSound, type Sound } from "./sounds";

const NAMES: Readonly<Record<Sound, MessageDescriptor>> = {
  sunrise: msg`Sunrise`,
  chimes: msg`Chimes`,
  birds: msg`Birds`,
  pulse: msg`Soft pulse`,
  beep: msg`Classic beep`,
  loud: msg`Very loud`,
};

/** For `i18n._(…)` or `t(…)`. */
export function soundName(slug: string): MessageDescriptor {
  return NAMES[toSound(slug)];
}
