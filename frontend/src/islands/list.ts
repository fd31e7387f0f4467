// SPDX-License-Identifier: Apache-2.0
import type { Island } from "../islands";

const typing = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);

/** A table walked by keyboard (j, k, Enter, e) whose columns can be put away; the choice is kept on this machine. */
const list: Island = (element) => {
  const table = element.querySelector("table");
  if (!table) return undefined;
  const rows = (): HTMLTableRowElement[] =>
    [...table.tBodies]
      .flatMap((body) => [...body.rows])
      .filter((row) => row.querySelector("a[href], [data-open]"));
  const step = (by: number): void => {
    const all = rows();
    const now = all.findIndex((row) => row.contains(document.activeElement));
    const next = all[Math.min(all.length - 1, Math.max(0, now + by))];
    if (!next) return;
    next.tabIndex = -1;
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  };
  const current = (): HTMLTableRowElement | undefined => rows().find((row) => row === document.activeElement);
  const keys = (event: KeyboardEvent): void => {
    if (
      typing(event.target) ||
      event.ctrlKey ||
      event.metaKey ||
      event.altKey ||
      document.querySelector("dialog[open]")
    )
      return;
    if (event.key === "j") step(1);
    else if (event.key === "k") step(-1);
    else if (event.key === "Enter" && current())
      current()?.querySelector<HTMLElement>("[data-open], a[href]")?.click();
    else if (event.key === "e" && current()) current()?.querySelector<HTMLElement>("[data-edit]")?.click();
    else return;
    event.preventDefault();
  };
  document.addEventListener("keydown", keys);
  columns(element, table);
  return () => document.removeEventListener("keydown", keys);
};

function columns(element: HTMLElement, table: HTMLTableElement): void {
  const menu = element.querySelector<HTMLElement>("[data-columns]");
  const heads = [...(table.tHead?.rows[0]?.cells ?? [])];
  if (!menu || !heads.length) return;
  const key = `zuoxi-columns-${element.id || location.pathname}`;
  let away: string[] = [];
  try {
    away = JSON.parse(localStorage.getItem(key) ?? "[]") as string[];
  } catch {
    // storage shut off: the choice lasts for this page only
  }
  const show = (): void => {
    heads.forEach((head, index) => {
      const hidden = away.includes(head.dataset.column ?? "-");
      for (const row of table.rows) if (row.cells.length === heads.length) row.cells[index].hidden = hidden;
    });
  };
  for (const head of heads.filter((one) => one.dataset.column)) {
    const label = document.createElement("label");
    const box = document.createElement("input");
    box.type = "checkbox";
    box.checked = !away.includes(head.dataset.column ?? "");
    box.addEventListener("change", () => {
      away = away.filter((name) => name !== head.dataset.column);
      if (!box.checked) away.push(head.dataset.column ?? "");
      try {
        localStorage.setItem(key, JSON.stringify(away));
      } catch {
        // as above
      }
      show();
    });
    label.append(box, head.textContent?.trim() ?? "");
    menu.append(label);
  }
  element.querySelector<HTMLElement>("[data-columns-menu]")?.removeAttribute("hidden");
  show();
}

export default list;
