// SPDX-License-Identifier: Apache-2.0
/** Server time minus this machine's time, in milliseconds. */
let offset = 0;

export function correctClock(serverTime: string | undefined): void {
  const server = Date.parse(serverTime ?? "");
  if (!Number.isNaN(server) && Math.abs(server - Date.now() - offset) > 1500) offset = server - Date.now();
}

export const serverNow = (): number => Date.now() + offset;

/** 3909 → "1:05:09", 309 → "5:09"; negative counts as 0. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (value: number): string => String(value).padStart(2, "0");
  return h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

export function timeOfDay(at: number, zone: string, seconds = true): string {
  return new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    hour: "2-digit",
    minute: "2-digit",
    second: seconds ? "2-digit" : undefined,
  }).format(at);
}

export const siteZone = (): string =>
  document.querySelector<HTMLMetaElement>('meta[name="site-zone"]')?.content || "Asia/Shanghai";

function seconds(element: HTMLElement): number {
  const { since, until } = element.dataset;
  return (since ? serverNow() - Date.parse(since) : Date.parse(until ?? "") - serverNow()) / 1000;
}

function tick(element: HTMLElement): void {
  const value = seconds(element);
  if (Number.isNaN(value)) return;
  const text = duration(value);
  if (element.textContent !== text) element.textContent = text;
  const { alarmAfter, warnAfter } = element.dataset;
  const level =
    alarmAfter && value >= Number(alarmAfter)
      ? "alarm"
      : warnAfter && value >= Number(warnAfter)
        ? "warn"
        : "";
  if ((element.dataset.level ?? "") !== level) {
    if (level) element.dataset.level = level;
    else delete element.dataset.level;
  }
}

export function tickAll(root: ParentNode = document): void {
  for (const element of root.querySelectorAll<HTMLElement>("[data-since],[data-until]")) tick(element);
}

/** One interval for all counters of the page. Elements are looked up each second, so patches need no registration. */
export function startTimers(): void {
  correctClock(document.querySelector<HTMLMetaElement>('meta[name="server-time"]')?.content);
  tickAll();
  setInterval(() => document.hidden || tickAll(), 1000);
  document.addEventListener("visibilitychange", () => document.hidden || tickAll());
}
