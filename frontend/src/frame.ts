// SPDX-License-Identifier: Apache-2.0
import { say } from "./words";

const typing = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

function slashFocusesSearch(event: KeyboardEvent): void {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const search = document.querySelector<HTMLInputElement>("[data-search]");
  if (!search) return;
  event.preventDefault();
  search.focus();
  search.select();
}

function closeMenus(event: Event): void {
  for (const menu of document.querySelectorAll<HTMLDetailsElement>("details.zx-menu[open]")) {
    const inside = event.target instanceof Node && menu.contains(event.target);
    if (event instanceof KeyboardEvent ? event.key === "Escape" : !inside) menu.open = false;
  }
}

/** The consequence in words, asked once, in the page's own dialog. */
export function ask(question: string, yes?: string): Promise<boolean> {
  const dialog = document.createElement("dialog");
  dialog.className = "zx-dialog";
  const body = document.createElement("div");
  body.className = "zx-dialog-body";
  const text = document.createElement("p");
  text.textContent = question;
  const form = document.createElement("form");
  form.method = "dialog";
  const foot = document.createElement("footer");
  for (const [value, label, style] of [
    ["", say("cancel"), "btn"],
    ["yes", yes || say("confirm"), "btn btn-primary"],
  ]) {
    const button = document.createElement("button");
    button.value = value;
    button.textContent = label;
    button.className = style;
    foot.append(button);
  }
  const gap = document.createElement("p");
  body.append(gap, text);
  form.append(foot);
  dialog.append(body, form);
  dialog.setAttribute("aria-label", say("confirm"));
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((answer) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      answer(dialog.returnValue === "yes");
    });
  });
}

const agreed = new WeakSet<Element>();

async function confirmFirst(event: Event): Promise<void> {
  const submitter = event instanceof SubmitEvent ? event.submitter : null;
  const target = event.target as HTMLElement;
  const holder =
    event.type === "submit"
      ? submitter?.hasAttribute("data-confirm")
        ? submitter
        : target
      : target.closest<HTMLElement>("a[data-confirm]");
  if (!(holder instanceof HTMLElement) || !holder.dataset.confirm || agreed.has(holder)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (!(await ask(holder.dataset.confirm, holder.dataset.confirmYes))) return;
  agreed.add(holder);
  if (target instanceof HTMLFormElement) target.requestSubmit(submitter as HTMLButtonElement | null);
  else holder.click();
  agreed.delete(holder);
}

function dialogs(event: MouseEvent): void {
  const target = event.target as Element;
  const opener = target.closest<HTMLElement>("[data-dialog]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.dialog ?? "");
    if (dialog instanceof HTMLDialogElement) {
      event.preventDefault();
      dialog.showModal();
    }
  }
  if (target.closest("[data-dialog-close]")) target.closest("dialog")?.close();
  if (target instanceof HTMLDialogElement && target.open && target.matches(".zx-dialog")) {
    const box = target.getBoundingClientRect();
    const outside =
      event.clientX < box.left ||
      event.clientX > box.right ||
      event.clientY < box.top ||
      event.clientY > box.bottom;
    if (outside && event.clientX) target.close();
  }
}

function other(event: MouseEvent): void {
  const target = event.target as Element;
  if (target.closest("[data-print]")) window.print();
  target.closest("[data-dismiss]")?.closest(".zx-alert")?.remove();
  const copier = target.closest<HTMLElement>("[data-copy]");
  if (copier) void navigator.clipboard?.writeText(copier.dataset.copy ?? "");
}

/** A short note in the corner; it stays until read when it tells of a failure. */
export function toast(text: string, tone: "good" | "bad" | "info" = "info"): void {
  let box = document.querySelector<HTMLElement>(".zx-toasts");
  if (!box) {
    box = document.createElement("div");
    box.className = "zx-toasts";
    box.setAttribute("role", "status");
    document.body.append(box);
  }
  const note = document.createElement("div");
  note.className = "zx-alert";
  note.dataset.tone = tone;
  const words = document.createElement("div");
  words.textContent = text;
  note.append(words);
  box.append(note);
  setTimeout(() => note.remove(), tone === "bad" ? 20_000 : 5_000);
}

function htmxTroubles(event: Event): void {
  const status: number = (event as CustomEvent).detail?.ctx?.response?.status ?? 0;
  if (status === 401) toast(say("live-signed-out"), "bad");
  else if (status === 403) toast(say("request-refused"), "bad");
  else if (!status || status === 404 || status >= 500) toast(say("request-failed"), "bad");
}

function showToast(event: Event): void {
  const { text, tone } = (event as CustomEvent).detail ?? {};
  if (text) toast(text, tone);
}

/** Tables that fit their place keep their heads in sight; the others scroll sideways. */
function fitTables(): void {
  for (const table of document.querySelectorAll<HTMLElement>(".zx-table-wrap > .zx-table.sticky")) {
    const wrap = table.parentElement!;
    wrap.classList.remove("fits");
    wrap.classList.toggle("fits", table.offsetWidth <= wrap.clientWidth);
  }
}

export function frame(): void {
  fitTables();
  window.addEventListener("resize", fitTables);
  window.addEventListener("load", fitTables);
  document.addEventListener("htmx:after:swap", fitTables);
  document.addEventListener("keydown", slashFocusesSearch);
  document.addEventListener("keydown", closeMenus);
  document.addEventListener("click", closeMenus);
  document.addEventListener("click", dialogs);
  document.addEventListener("click", other);
  document.addEventListener("submit", (event) => void confirmFirst(event), true);
  document.addEventListener("click", (event) => void confirmFirst(event), true);
  document.addEventListener("htmx:error", htmxTroubles);
  document.addEventListener("htmx:response:error", htmxTroubles);
  document.addEventListener("zuoxi:toast", showToast);
  // A dialog asked open by the server (form came back with errors) opens itself.
  for (const dialog of document.querySelectorAll<HTMLDialogElement>("dialog[data-open]")) dialog.showModal();
}
