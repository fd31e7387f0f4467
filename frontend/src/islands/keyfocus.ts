// SPDX-License-Identifier: Apache-2.0
import type { Island } from "../islands";

const NEXT = ["#desk-call .btn-answer", ".zx-wrap-form .btn-primary", ".zx-desk-states .btn"];
const SETTLED = 80;

const shown = (one: Element | null): one is HTMLElement =>
  one instanceof HTMLElement && one.getClientRects().length > 0 && !one.hasAttribute("disabled");

/** The next thing to press, of those that can be seen now. */
export function nextButton(page: ParentNode): HTMLElement | null {
  for (const words of NEXT) {
    const found = [...page.querySelectorAll(words)].find(shown);
    if (found) return found as HTMLElement;
  }
  return null;
}

/** The desk by keyboard: the button just pressed goes with the state that it ended, and the focus would go with it to
 * the top of the page. It is given to what is pressed next; a call that rings has it unless somebody is writing. */
const keyfocus: Island = () => {
  let byKeys = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = (): void => {
    const place = document.activeElement;
    const rings = shown(document.querySelector("#desk-call .btn-answer"));
    const lost = !place || place === document.body || !shown(place);
    const idle = place?.closest(".zx-desk-states") !== null;
    if (byKeys && (lost || (rings && idle))) nextButton(document)?.focus();
  };
  const soon = (): void => {
    clearTimeout(timer);
    timer = setTimeout(look, SETTLED);
  };
  const keys = (): void => {
    byKeys = true;
  };
  const pointer = (): void => {
    byKeys = false;
  };
  const watch = new MutationObserver(soon);
  for (const id of ["desk-state-part", "desk-call-part"]) {
    const part = document.getElementById(id);
    if (part)
      watch.observe(part, {
        attributes: true,
        attributeFilter: ["data-state"],
        childList: true,
        subtree: true,
      });
  }
  document.addEventListener("keydown", keys);
  document.addEventListener("pointerdown", pointer);
  return () => {
    watch.disconnect();
    clearTimeout(timer);
    document.removeEventListener("keydown", keys);
    document.removeEventListener("pointerdown", pointer);
  };
};

export default keyfocus;
