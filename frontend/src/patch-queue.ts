// SPDX-License-Identifier: Apache-2.0
import htmx from "htmx.org";
import { tickAll } from "./clock";
import { applyPatch, type Patch } from "./patches";

/** Buttons and links that came with a patch work like those that came with the page. */
export function wire(element: Element | null): void {
  const wired = "[hx-get],[hx-post]";
  if (element && (element.matches(wired) || element.querySelector(wired))) htmx.process(element);
}

let waiting: Patch[] = [];

/** Patches of one picture frame are applied together; a hidden tab still applies them, only later. */
export function applySoon(patches: Patch[]): void {
  if (!waiting.length) {
    const apply = (): void => {
      const batch = waiting;
      waiting = [];
      for (const patch of batch) {
        applyPatch(patch);
        wire(document.querySelector(patch.target));
      }
      tickAll();
    };
    if (document.hidden) setTimeout(apply, 250);
    else requestAnimationFrame(apply);
  }
  waiting.push(...patches);
}
