// SPDX-License-Identifier: Apache-2.0
import { toast } from "../frame";
import type { Island } from "../islands";
import {
  type Area,
  areaOf,
  filled,
  linesOf,
  type Place,
  pasted,
  places,
  stepped,
  tableOf,
  within,
} from "../roster-cells";

interface Settings {
  days: string[];
  tones: Record<string, string>;
  save: string;
  undo: string;
  whole: boolean;
  words: Record<"saved" | "saving" | "lost" | "refused" | "locked", string>;
  wrong: Record<string, [bad: number, warn: number]>;
  counts: Record<"bad" | "warn" | "under", [one: string, many: string]>;
}
interface Answer {
  rows: Record<
    string,
    { cells: Array<[string, string, string, string]>; hours: string; wrong: [bad: number, warn: number] }
  >;
  days: Array<[string, string, string, boolean]>;
  refused?: Array<[number, string, string, string]>;
  title?: string;
}
type Edit = [staff: number, day: string, text: string, was: string];
type Typed = Place & { text: string };

const SOON = 120;
const AGAIN = 4000;
const MOST = 2000;

/** The roster as a sheet: walked and typed by keyboard, copied, filled, dragged; saved in small batches as one types. */
const roster: Island = (element) => {
  const table = element.querySelector<HTMLTableElement>("table.zx-roster");
  const json = document.getElementById(element.dataset.settings ?? "")?.textContent;
  if (!table || !json) return undefined;
  const settings = JSON.parse(json) as Settings;
  const rows = [...table.querySelectorAll<HTMLTableRowElement>("tr[data-s]")];
  const index = new Map(rows.map((row, at) => [row, at]));
  const cols = settings.days.length;
  const state = document.getElementById("roster-state");
  if (!rows.length) return undefined;

  let here: Place = { row: 0, col: 0 };
  let from: Place = here;
  let area: Area = areaOf(here, from);
  let editor: HTMLInputElement | undefined;
  let waiting: Edit[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  let sending = false;
  let moving: { area: Area; start: Place; copy: boolean } | undefined;
  let selecting = false;
  const marked = new Set<HTMLElement>();
  const known = new WeakMap<HTMLElement, string>();

  const cell = (place: Place): HTMLTableCellElement => rows[place.row].cells[place.col + 1];
  const text = (place: Place): string => cell(place).textContent ?? "";
  const staff = (row: number): number => Number(rows[row].dataset.s);
  const locked = (row: number): boolean => rows[row].classList.contains("ro");
  const placeOf = (target: EventTarget | null): Place | undefined => {
    const found = target instanceof Element ? target.closest("td") : null;
    const row = found ? index.get(found.parentElement as HTMLTableRowElement) : undefined;
    if (!found || row === undefined || found.cellIndex < 1 || found.cellIndex > cols) return undefined;
    return { row, col: found.cellIndex - 1 };
  };

  const draw = (): void => {
    for (const one of marked) one.classList.remove("sel", "cur");
    marked.clear();
    for (const place of places(area)) {
      cell(place).classList.add("sel");
      marked.add(cell(place));
    }
    const current = cell(here);
    current.classList.add("cur");
    marked.add(current);
  };
  const go = (place: Place, extend = false): void => {
    here = place;
    if (!extend) from = place;
    area = areaOf(here, from);
    draw();
    const current = cell(here);
    table.querySelector<HTMLElement>("td[tabindex]")?.removeAttribute("tabindex");
    current.tabIndex = 0;
    current.focus({ preventScroll: true });
    current.scrollIntoView({ block: "nearest", inline: "nearest" });
  };

  const tell = (word: string, tone = ""): void => {
    if (!state) return;
    state.textContent = word;
    state.dataset.tone = tone;
  };
  const paint = (
    target: HTMLTableCellElement,
    shown: string,
    tone: string,
    title: string,
    short = "",
  ): void => {
    if (target.textContent !== shown) target.textContent = shown;
    target.className =
      `${tone}${marked.has(target) ? " sel" : ""}${target === cell(here) ? " cur" : ""}`.trim();
    if (title || short) target.title = title || shown;
    else target.removeAttribute("title");
    if (short) target.dataset.short = short;
    else delete target.dataset.short;
    known.set(target, shown);
  };
  const write = (typed: Typed[]): void => {
    const allowed = typed.filter((one) => !locked(one.row) && one.row < rows.length && one.col < cols);
    if (allowed.length < typed.length) toast(settings.words.locked, "bad");
    for (const one of allowed.slice(0, MOST)) {
      const target = cell(one);
      const was = text(one);
      if (was === one.text) continue;
      if (!known.has(target)) known.set(target, was);
      const key = one.text.toUpperCase();
      target.textContent = key in settings.tones ? key : one.text;
      delete target.dataset.short;
      target.className = `${settings.tones[key] ?? (one.text ? "e" : "")} wait`.trim();
      const day = settings.days[one.col];
      const pending = waiting.find((edit) => edit[0] === staff(one.row) && edit[1] === day);
      if (pending) pending[2] = one.text;
      else waiting.push([staff(one.row), day, one.text, known.get(target) ?? was]);
    }
    draw();
    if (waiting.length) {
      tell(settings.words.saving);
      clearTimeout(timer);
      timer = setTimeout(() => void send(), SOON);
    }
  };
  const count = (what: "bad" | "warn" | "under", found: number): void => {
    const place = document.querySelector<HTMLElement>(`[data-roster-count="${what}"]`);
    if (!place) return;
    place.replaceChildren();
    if (!found) return;
    const badge = document.createElement("span");
    badge.className = "zx-badge";
    badge.dataset.tone = what === "bad" ? "bad" : "warn";
    badge.textContent = settings.counts[what][found === 1 ? 0 : 1].replace("{n}", String(found));
    place.append(badge);
  };
  const counted = (days: Answer["days"]): void => {
    const held = Object.values(settings.wrong);
    count(
      "bad",
      held.reduce((sum, one) => sum + one[0], 0),
    );
    count(
      "warn",
      held.reduce((sum, one) => sum + one[1], 0),
    );
    count("under", days.filter((one) => one[3]).length);
  };
  const apply = (answer: Answer, sent: Edit[]): void => {
    const later = new Set(waiting.map((edit) => `${edit[0]} ${edit[1]}`));
    rows.forEach((row) => {
      const fresh = answer.rows[row.dataset.s ?? ""];
      if (!fresh) return;
      fresh.cells.forEach(([shown, tone, title, short], col) => {
        if (!later.has(`${row.dataset.s} ${settings.days[col]}`))
          paint(row.cells[col + 1], shown, tone, title, short);
      });
      row.cells[cols + 1].textContent = fresh.hours;
      settings.wrong[row.dataset.s ?? ""] = fresh.wrong;
    });
    const foot = table.tFoot?.rows[0];
    answer.days.forEach(([shown, tone, title], col) => {
      const target = foot?.cells[col + 1];
      if (!target) return;
      target.textContent = shown;
      target.className = tone;
      if (title) target.title = title;
      else target.removeAttribute("title");
    });
    counted(answer.days);
    for (const [, , message] of (answer.refused ?? []).slice(0, 4)) toast(message, "bad");
    if (sent.length)
      tell(
        answer.refused?.length ? settings.words.refused : settings.words.saved,
        answer.refused?.length ? "bad" : "good",
      );
  };
  const post = async (address: string, body: unknown): Promise<Response> =>
    fetch(address, {
      method: "POST",
      headers: {
        Accept: "application/json",
        "Content-Type": "application/json",
        "X-CSRFToken": document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? "",
      },
      body: JSON.stringify(body),
    });
  const query = settings.whole ? "?whole=1" : location.search;
  const send = async (): Promise<void> => {
    if (sending || !waiting.length) return;
    sending = true;
    const batch = waiting;
    waiting = [];
    try {
      const reply = await post(settings.save + query, { edits: batch });
      const answer = (await reply.json()) as Answer;
      if (reply.ok) apply(answer, batch);
      else {
        toast(answer.title ?? settings.words.refused, "bad");
        tell(settings.words.refused, "bad");
        for (const [person, day, , was] of batch) {
          const row = rows.find((one) => Number(one.dataset.s) === person);
          const target = row?.cells[settings.days.indexOf(day) + 1];
          if (target) paint(target, was, settings.tones[was] ?? "", "");
        }
      }
    } catch {
      waiting = [...batch, ...waiting];
      tell(settings.words.lost, "bad");
      timer = setTimeout(() => void send(), AGAIN);
    } finally {
      sending = false;
    }
    if (waiting.length && state?.dataset.tone !== "bad") void send();
  };
  const undo = async (): Promise<void> => {
    if (waiting.length) await send();
    try {
      const reply = await post(settings.undo, {});
      if (reply.ok) apply((await reply.json()) as Answer, []);
    } catch {
      tell(settings.words.lost, "bad");
    }
  };

  const close = (keep: boolean): void => {
    if (!editor) return;
    const typed = editor.value.trim();
    const input = editor;
    editor = undefined;
    input.remove();
    if (keep)
      write(
        places(area).length > 1 && within(area, here)
          ? places(area).map((one) => ({ ...one, text: typed }))
          : [{ ...here, text: typed }],
      );
  };
  const edit = (start: string): void => {
    if (locked(here.row)) {
      toast(settings.words.locked, "bad");
      return;
    }
    const box = cell(here).getBoundingClientRect();
    const frame = element.getBoundingClientRect();
    const input = document.createElement("input");
    editor = input;
    input.className = "zx-roster-input";
    input.value = start;
    input.maxLength = 80;
    input.autocomplete = "off";
    input.setAttribute("aria-label", `${rows[here.row].cells[0].textContent} ${settings.days[here.col]}`);
    input.style.left = `${box.left - frame.left + element.scrollLeft}px`;
    input.style.top = `${box.top - frame.top + element.scrollTop}px`;
    input.style.minWidth = `${box.width}px`;
    input.style.height = `${box.height}px`;
    input.addEventListener("blur", () => close(true));
    element.append(input);
    input.focus();
    input.setSelectionRange(input.value.length, input.value.length);
  };
  const move = (down: number, right: number, extend = false): void =>
    go(stepped(here, down, right, rows.length, cols), extend);

  const editing = (event: KeyboardEvent): void => {
    const step: Record<string, [number, number]> = {
      Enter: [event.shiftKey ? -1 : 1, 0],
      Tab: [0, event.shiftKey ? -1 : 1],
      ArrowDown: [1, 0],
      ArrowUp: [-1, 0],
    };
    if (event.isComposing) return;
    if (event.key === "Escape") close(false);
    else if (event.key in step) close(true);
    else return;
    event.preventDefault();
    if (event.key in step) move(...step[event.key]);
    else go(here);
  };
  const keys = (event: KeyboardEvent): void => {
    if (editor) {
      editing(event);
      return;
    }
    if (!placeOf(event.target)) return;
    const control = event.ctrlKey || event.metaKey;
    const far = control ? 10_000 : 1;
    const arrows: Record<string, [number, number]> = {
      ArrowDown: [far, 0],
      ArrowUp: [-far, 0],
      ArrowRight: [0, far],
      ArrowLeft: [0, -far],
      PageDown: [20, 0],
      PageUp: [-20, 0],
      Home: [0, -10_000],
      End: [0, 10_000],
    };
    if (event.key in arrows) move(...arrows[event.key], event.shiftKey);
    else if (event.key === "Tab" && !control) {
      const next = stepped(here, 0, event.shiftKey ? -1 : 1, rows.length, cols);
      if (next.col === here.col) return;
      go(next);
    } else if (control && event.key.toLowerCase() === "z") void undo();
    else if (control && event.key.toLowerCase() === "d") write(filled(area, text, true));
    else if (control && event.key.toLowerCase() === "r") write(filled(area, text, false));
    else if (control && event.key.toLowerCase() === "a") {
      from = { row: 0, col: 0 };
      go({ row: rows.length - 1, col: cols - 1 }, true);
    } else if (event.key === "Delete" || event.key === "Backspace")
      write(places(area).map((one) => ({ ...one, text: "" })));
    else if (event.key === "Enter" || event.key === "F2") edit(text(here));
    else if (event.key.length === 1 && !control && !event.altKey) edit(event.key);
    else return;
    event.preventDefault();
  };
  const copied = (event: ClipboardEvent): void => {
    if (editor || !placeOf(document.activeElement)) return;
    const lines: string[][] = [];
    for (let row = area.top; row <= area.bottom; row++) {
      const line: string[] = [];
      for (let col = area.left; col <= area.right; col++) line.push(text({ row, col }));
      lines.push(line);
    }
    event.clipboardData?.setData("text/plain", linesOf(lines));
    event.preventDefault();
    if (event.type === "cut") write(places(area).map((one) => ({ ...one, text: "" })));
  };
  const paste = (event: ClipboardEvent): void => {
    if (editor || !placeOf(document.activeElement)) return;
    const said = event.clipboardData?.getData("text/plain") ?? "";
    event.preventDefault();
    if (said) write(pasted(tableOf(said), area, rows.length, cols));
  };
  const pressed = (event: PointerEvent): void => {
    const place = placeOf(event.target);
    if (!place || event.button !== 0) return;
    if (editor) close(true);
    event.preventDefault();
    if (
      !event.shiftKey &&
      within(area, place) &&
      text(place) &&
      marked.has(cell(place)) &&
      document.activeElement === cell(here)
    ) {
      moving = { area, start: place, copy: event.ctrlKey || event.metaKey };
      element.dataset.moving = "";
      return;
    }
    selecting = true;
    go(place, event.shiftKey);
  };
  const dragged = (event: PointerEvent): void => {
    if (!selecting && !moving) return;
    const place = placeOf(document.elementFromPoint(event.clientX, event.clientY));
    if (!place) return;
    if (moving) {
      const down = place.row - moving.start.row;
      const right = place.col - moving.start.col;
      const { top, left, bottom, right: end } = moving.area;
      if (top + down < 0 || left + right < 0 || bottom + down >= rows.length || end + right >= cols) return;
      area = { top: top + down, left: left + right, bottom: bottom + down, right: end + right };
      draw();
    } else if (place.row !== here.row || place.col !== here.col) go(place, true);
  };
  const released = (event: PointerEvent): void => {
    selecting = false;
    if (!moving) return;
    const { area: source, start, copy } = moving;
    moving = undefined;
    delete element.dataset.moving;
    const down = area.top - source.top;
    const right = area.left - source.left;
    if (!down && !right) {
      const place = placeOf(document.elementFromPoint(event.clientX, event.clientY)) ?? start;
      go(place);
      return;
    }
    const carried = places(source).map((one) => ({
      row: one.row + down,
      col: one.col + right,
      text: text(one),
    }));
    const emptied =
      copy || event.ctrlKey
        ? []
        : places(source)
            .filter((one) => !within(area, one))
            .map((one) => ({ ...one, text: "" }));
    from = { row: area.top, col: area.left };
    go({ row: area.bottom, col: area.right }, true);
    write([...emptied, ...carried]);
  };
  const twice = (event: MouseEvent): void => {
    const place = placeOf(event.target);
    if (place) edit(text(place));
  };
  const leave = (event: BeforeUnloadEvent): void => {
    if (waiting.length) event.preventDefault();
  };

  cell(here).tabIndex = 0;
  element.addEventListener("keydown", keys);
  table.addEventListener("pointerdown", pressed);
  table.addEventListener("dblclick", twice);
  document.addEventListener("pointermove", dragged);
  document.addEventListener("pointerup", released);
  document.addEventListener("copy", copied);
  document.addEventListener("cut", copied);
  document.addEventListener("paste", paste);
  window.addEventListener("beforeunload", leave);
  const focused = (event: FocusEvent): void => {
    const place = placeOf(event.target);
    if (place && (place.row !== here.row || place.col !== here.col)) go(place);
    else if (place) draw();
  };
  table.addEventListener("focusin", focused);
  return () => {
    clearTimeout(timer);
    close(false);
    element.removeEventListener("keydown", keys);
    document.removeEventListener("pointermove", dragged);
    document.removeEventListener("pointerup", released);
    document.removeEventListener("copy", copied);
    document.removeEventListener("cut", copied);
    document.removeEventListener("paste", paste);
    window.removeEventListener("beforeunload", leave);
  };
};

export default roster;
