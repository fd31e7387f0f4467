// SPDX-License-Identifier: Apache-2.0
import type { Island } from "../islands";

/** A form whose lines are asked only after certain answers (data-when="field=answer,answer;…"), and ready-made words
 * that fill a text (data-reply="id"). Without script every line stands there and what is not asked is left out. */
const asked: Island = (element) => {
  const form = element as HTMLFormElement;
  const answers = (name: string): string[] => new FormData(form).getAll(name).map(String);
  const look = (): void => {
    for (const line of form.querySelectorAll<HTMLElement>("[data-when]")) {
      const conditions = (line.dataset.when ?? "").split(";").filter(Boolean);
      line.hidden = !conditions.every((one) => {
        const [name, wanted] = one.split("=");
        const given = answers(name);
        return (wanted ?? "").split(",").some((word) => given.includes(word));
      });
    }
  };
  const fill = (event: Event): void => {
    const select = (event.target as HTMLElement).closest<HTMLSelectElement>("[data-reply]");
    const text = select && document.getElementById(select.dataset.reply ?? "");
    if (select?.value && text instanceof HTMLTextAreaElement) text.value = select.value;
    look();
  };
  form.addEventListener("change", fill);
  look();
  return () => form.removeEventListener("change", fill);
};

export default asked;
