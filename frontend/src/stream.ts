// SPDX-License-Identifier: Apache-2.0
/** What a line reader hears: a message, or a sign of life (comment line). */
export interface Heard {
  id: string;
  event: string;
  data: string;
}

/** A server-sent event parser: feed it text as it comes, it returns the messages completed by it. */
export function eventParser(): (text: string) => Heard[] {
  let rest = "";
  let id = "";
  let event = "";
  let data: string[] = [];
  return (text) => {
    const lines = (rest + text).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? "";
    const heard: Heard[] = [];
    for (const line of lines) {
      if (line === "") {
        if (data.length || event) heard.push({ id, event: event || "message", data: data.join("\n") });
        event = "";
        data = [];
        continue;
      }
      const colon = line.indexOf(":");
      const field = colon < 0 ? line : line.slice(0, colon);
      const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
      if (field === "id") id = value;
      else if (field === "event") event = value;
      else if (field === "data") data.push(value);
    }
    return heard;
  };
}

export type Told =
  | { kind: "open" }
  | { kind: "down"; since: number; reason: "network" | "signed-out" | "refused" }
  | { kind: "message"; id: string; data: string }
  | { kind: "resync" };

const SILENCE = 40_000;
const LONGEST_WAIT = 15_000;

/** 1 s, 2 s, 4 s, 8 s, then every 15 s, each shaken by a quarter so that a whole floor does not come at once. */
export function backOff(attempt: number, random = Math.random()): number {
  return Math.min(LONGEST_WAIT, 1000 * 2 ** attempt) * (0.75 + random / 2);
}

/**
 * One stream kept alive: reads with fetch, so that it can send Last-Event-ID itself, hear heartbeats and see the
 * answer's status (EventSource shows none of these).
 */
export class Stream {
  private lastId: string;
  private attempt = 0;
  private downSince = 0;
  private abort?: AbortController;
  private timer?: ReturnType<typeof setTimeout>;
  private watch?: ReturnType<typeof setTimeout>;
  private closed = false;
  isOpen = false;

  constructor(
    readonly url: string,
    from: string,
    private readonly tell: (told: Told) => void,
  ) {
    this.lastId = from;
    void this.connect();
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
    clearTimeout(this.watch);
    this.abort?.abort();
  }

  /** Something shook the machine (sleep, network change): do not wait for the back-off. */
  wake(): void {
    if (this.closed) return;
    this.attempt = 0;
    this.abort?.abort();
    clearTimeout(this.timer);
    void this.connect();
  }

  private async connect(): Promise<void> {
    const abort = new AbortController();
    this.abort = abort;
    this.listenForSilence(abort);
    let reason: "network" | "signed-out" | "refused" = "network";
    try {
      const headers: Record<string, string> = { Accept: "text/event-stream" };
      if (this.lastId) headers["Last-Event-ID"] = this.lastId;
      const answer = await fetch(this.url, { headers, signal: abort.signal, cache: "no-store" });
      if (answer.status === 401) reason = "signed-out";
      else if (answer.status === 403 || answer.redirected) reason = "refused";
      if (!answer.ok || answer.redirected || !answer.body)
        throw new Error(`stream answered ${answer.status}`);
      await this.read(answer.body, abort);
    } catch {
      // told below; the stream is tried again whatever went wrong
    }
    if (this.abort === abort && !this.closed) this.lost(reason);
  }

  private async read(body: ReadableStream<Uint8Array>, abort: AbortController): Promise<void> {
    this.isOpen = true;
    this.attempt = 0;
    this.downSince = 0;
    this.tell({ kind: "open" });
    const parse = eventParser();
    const decoder = new TextDecoder();
    const reader = body.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done || this.abort !== abort) return;
      this.listenForSilence(abort);
      for (const heard of parse(decoder.decode(value, { stream: true }))) {
        if (heard.id) this.lastId = heard.id;
        if (heard.event === "resync") this.tell({ kind: "resync" });
        else if (heard.event === "message") this.tell({ kind: "message", id: heard.id, data: heard.data });
      }
    }
  }

  private listenForSilence(abort: AbortController): void {
    clearTimeout(this.watch);
    this.watch = setTimeout(() => abort.abort(), SILENCE);
  }

  private lost(reason: "network" | "signed-out" | "refused"): void {
    this.isOpen = false;
    this.downSince ||= Date.now();
    this.tell({ kind: "down", since: this.downSince, reason });
    const wait = reason === "network" ? backOff(this.attempt++) : 60_000;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.connect(), wait);
  }
}
