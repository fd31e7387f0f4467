// SPDX-License-Identifier: Apache-2.0
import type { Island } from "../islands";

/** A filter form that goes off when a choice is made, and a moment after typing stops. */
const autosubmit: Island = (element) => {
  const form = element as HTMLFormElement;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const soon = (event: Event): void => {
    const target = event.target as HTMLInputElement;
    const typed = event.type === "input";
    if (typed && !/^(text|search)$/.test(target.type)) return;
    if (!typed && /^(text|search)$/.test(target.type)) return;
    clearTimeout(timer);
    timer = setTimeout(() => form.requestSubmit(), typed ? 500 : 0);
  };
  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
  for (const button of form.querySelectorAll<HTMLElement>("[data-no-script]")) button.hidden = true;
  return () => clearTimeout(timer);
};

export default autosubmit;
