// SPDX-License-Identifier: Apache-2.0
/// <reference lib="webworker" />
import { Stream, type Told } from "./stream";

// One stream per address for all tabs of the browser: HTTP/1.1 allows six connections to a site, and a wall,
// a desk and a board in three tabs would eat half of them.
const KEPT = 500;

interface Line {
  stream: Stream;
  from: number;
  kept: Array<{ id: string; data: string }>;
  down?: Told;
  tabs: Set<MessagePort>;
}
const lines = new Map<string, Line>();

function tellAll(line: Line, told: Told): void {
  if (told.kind === "message") {
    line.kept.push({ id: told.id, data: told.data });
    if (line.kept.length > KEPT) line.from = Number(line.kept.shift()?.id);
  }
  if (told.kind === "resync") line.kept = [];
  line.down = told.kind === "down" ? told : told.kind === "open" ? undefined : line.down;
  for (const tab of line.tabs) tab.postMessage(told);
}

function join(tab: MessagePort, url: string, from: string): void {
  let line = lines.get(url);
  if (!line) {
    const made: Line = { from: Number(from), kept: [], tabs: new Set(), stream: null as unknown as Stream };
    made.stream = new Stream(url, from, (told) => tellAll(made, told));
    lines.set(url, made);
    line = made;
  } else if (line.down) tab.postMessage(line.down);
  else if (line.stream.isOpen) tab.postMessage({ kind: "open" } satisfies Told);
  line.tabs.add(tab);
  // A tab whose page is older than what is kept must read its page again; a newer one hears the rest.
  if (Number(from) < line.from) tab.postMessage({ kind: "resync" } satisfies Told);
  else
    for (const { id, data } of line.kept)
      if (Number(id) > Number(from)) tab.postMessage({ kind: "message", id, data } satisfies Told);
}

function leave(tab: MessagePort): void {
  for (const [url, line] of lines) {
    line.tabs.delete(tab);
    if (line.tabs.size) continue;
    line.stream.close();
    lines.delete(url);
  }
}

(self as unknown as SharedWorkerGlobalScope).onconnect = (event) => {
  const tab = event.ports[0];
  tab.onmessage = ({ data }) => {
    if (data.do === "join") join(tab, data.url, data.from);
    else if (data.do === "leave") leave(tab);
    else if (data.do === "wake") for (const line of lines.values()) line.stream.wake();
  };
};
