// SPDX-License-Identifier: Apache-2.0
import type { Island } from "../islands";

/** The board of tickets: a card dragged into a column goes through that column's verb, by the very form of the page. */
const board: Island = (element) => {
  const form = document.getElementById("board-move") as HTMLFormElement | null;
  let held: HTMLElement | null = null;
  const column = (event: Event): HTMLElement | null =>
    (event.target as HTMLElement).closest<HTMLElement>("[data-move]");
  const over = (event: DragEvent): void => {
    const here = column(event);
    for (const one of element.querySelectorAll<HTMLElement>("[data-over]"))
      if (one !== here) delete one.dataset.over;
    if (!held || !here || here.contains(held)) return;
    event.preventDefault();
    here.dataset.over = "";
  };
  const start = (event: DragEvent): void => {
    held = (event.target as HTMLElement).closest<HTMLElement>(".tk-card");
    event.dataTransfer?.setData("text/plain", held?.dataset.number ?? "");
  };
  const drop = (event: DragEvent): void => {
    const here = column(event);
    const verb = here?.dataset.move;
    if (!held || !here || !form || !verb || here.contains(held)) return;
    event.preventDefault();
    const path = element.dataset.path ?? "/tickets/";
    const words = verb === "return" || verb === "finish";
    if (words) location.assign(`${path}${held.dataset.number}/`);
    else {
      form.action = `${path}${held.dataset.number}/do/${verb}`;
      form.submit();
    }
  };
  const end = (): void => {
    held = null;
    for (const one of element.querySelectorAll<HTMLElement>("[data-over]")) delete one.dataset.over;
  };
  for (const card of element.querySelectorAll<HTMLElement>(".tk-card")) card.draggable = true;
  element.addEventListener("dragstart", start);
  element.addEventListener("dragover", over);
  element.addEventListener("drop", drop);
  element.addEventListener("dragend", end);
  return () => {
    element.removeEventListener("dragstart", start);
    element.removeEventListener("dragover", over);
    element.removeEventListener("drop", drop);
    element.removeEventListener("dragend", end);
  };
};

export default board;
