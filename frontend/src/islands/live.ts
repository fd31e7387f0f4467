// SPDX-License-Identifier: Apache-2.0
import { correctClock, siteZone, tickAll, timeOfDay } from "../clock";
import type { Island } from "../islands";
import { morph } from "../morph";
import { applySoon, wire } from "../patch-queue";
import type { Patch } from "../patches";
import { backOff, Stream, type Told } from "../stream";
import { say } from "../words";

interface Message {
  id: number;
  at?: string;
  patches?: Patch[];
  events?: Array<{ name: string; detail: unknown }>;
}

const ASLEEP = 90_000;

interface Connection {
  wake(): void;
  close(): void;
}

function connect(url: string, from: string, tell: (told: Told) => void): Connection {
  if (typeof SharedWorker !== "undefined") {
    try {
      const person = document.querySelector<HTMLMetaElement>('meta[name="person"]')?.content ?? "";
      const worker = new SharedWorker(new URL("../live-worker.ts", import.meta.url), {
        type: "module",
        name: `zuoxi-live-${person}`,
      });
      worker.port.onmessage = ({ data }) => tell(data as Told);
      worker.port.postMessage({ do: "join", url, from });
      const leave = (): void => worker.port.postMessage({ do: "leave" });
      window.addEventListener("pagehide", leave);
      // A page taken back from the browser's cache has left its line; it starts over.
      window.addEventListener("pageshow", (event) => event.persisted && location.reload());
      return { wake: () => worker.port.postMessage({ do: "wake" }), close: leave };
    } catch {
      // a browser that refuses shared workers gets a connection of its own
    }
  }
  return new Stream(url, from, tell);
}

function banner(told: Told): void {
  const bar = document.getElementById("live-banner");
  if (!bar) return;
  bar.hidden = told.kind !== "down";
  document.body.toggleAttribute("data-offline", told.kind === "down");
  if (told.kind !== "down") return;
  bar.classList.toggle("bad", told.reason !== "network");
  const text = bar.querySelector<HTMLElement>("[data-live-text]") ?? bar;
  text.textContent = say(`live-${told.reason}`, { time: timeOfDay(told.since, siteZone()) });
}

const builds = (page: Document): string =>
  [...page.querySelectorAll("script[type=module]")].map((one) => one.getAttribute("src")).join();

/** Read the page anew and morph its live parts; the id it is at, or null. Throws when the server does not answer. */
async function refetch(element: HTMLElement): Promise<number | null> {
  const answer = await fetch(element.dataset.page || location.href, {
    headers: { "X-Live-Resync": "1" },
    cache: "no-store",
  });
  if (answer.status >= 500) throw new Error(`the page answered ${answer.status}`);
  if (!answer.ok || answer.redirected) {
    banner({ kind: "down", since: Date.now(), reason: "signed-out" });
    return null;
  }
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  // The program was renewed while this page stood open (a wall stands for weeks): take the new one whole.
  if (builds(fresh) !== builds(document)) {
    location.reload();
    return null;
  }
  correctClock(fresh.querySelector<HTMLMetaElement>('meta[name="server-time"]')?.content);
  for (const part of document.querySelectorAll<HTMLElement>("[data-live-part]")) {
    const next = part.id ? fresh.getElementById(part.id) : null;
    if (next) wire(morph(part, document.importNode(next, true)));
  }
  tickAll();
  const same = `[data-island~="live"][data-url="${CSS.escape(element.dataset.url ?? "")}"]`;
  return Number(fresh.querySelector<HTMLElement>(same)?.dataset.from) || null;
}

/** Read the page anew until it answers; meanwhile the page says that it is old. */
async function catchUp(element: HTMLElement): Promise<number | null> {
  const since = Date.now();
  for (let attempt = 0; element.isConnected; attempt += 1) {
    try {
      const at = await refetch(element);
      if (attempt) banner({ kind: "open" });
      return at;
    } catch {
      banner({ kind: "down", since, reason: "network" });
      await new Promise((next) => setTimeout(next, backOff(attempt)));
    }
  }
  return null;
}

/** Keeps the page's parts at what the server knows now. */
const live: Island = (element) => {
  const { url, from = "" } = element.dataset;
  if (!url) return undefined;
  let applied = Number(from) || 0;
  let fetching: Promise<void> | undefined;
  const resync = (): void => {
    fetching ??= catchUp(element).then((at) => {
      applied = Math.max(applied, at ?? 0);
      fetching = undefined;
    });
  };
  const hear = (told: Told): void => {
    if (told.kind === "resync") {
      resync();
      return;
    }
    if (told.kind !== "message") {
      banner(told);
      element.dataset.live = told.kind;
      return;
    }
    const message = JSON.parse(told.data) as Message;
    // A page being read anew may come with older rows than this patch: apply after it, unless the page knows it already.
    const apply = (): void => {
      if (message.id && message.id <= applied) return;
      applied = message.id || applied;
      correctClock(message.at);
      applySoon(message.patches ?? []);
      for (const { name, detail } of message.events ?? [])
        document.dispatchEvent(new CustomEvent(name, { detail }));
    };
    if (fetching) void fetching.then(apply);
    else apply();
  };
  const connection = connect(new URL(url, location.href).href, from, hear);
  let seen = Date.now();
  const heart = setInterval(() => {
    const jumped = Date.now() - seen > ASLEEP;
    seen = Date.now();
    if (!jumped) return;
    connection.wake();
    resync();
  }, 5000);
  const online = (): void => connection.wake();
  window.addEventListener("online", online);
  return () => {
    clearInterval(heart);
    window.removeEventListener("online", online);
    connection.close();
  };
};

export default live;
