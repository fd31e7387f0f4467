// SPDX-License-Identifier: Apache-2.0
import { toast } from "../frame";
import type { Island } from "../islands";
import { micLevel, mixed } from "../phone/audio";
import { Phone, type PhoneConfig, type PhoneView } from "../phone/phone";
import { say } from "../words";

const INTERVAL = 5000;
const ASLEEP = 30_000;

function show(element: HTMLElement, view: PhoneView): void {
  element.dataset.reach = view.reachable ? "yes" : "no";
  element.dataset.call = view.call;
  element.dataset.second = view.second ? "yes" : "no";
  const put = (name: string, text: string): void => {
    for (const one of element.querySelectorAll(`[data-phone="${name}"]`)) one.textContent = text;
  };
  put("reach", say(view.reachable ? "phone-reachable" : "phone-unreachable"));
  put("state", say(`phone-${view.call}`));
  put("who", view.who);
  put("second", view.second?.who ?? "");
  const since = element.querySelector<HTMLElement>('[data-phone="since"]');
  if (since && since.dataset.since !== view.since) {
    if (view.since) since.dataset.since = view.since;
    else delete since.dataset.since;
    since.textContent = view.since ? "0:00" : "";
  }
  for (const [name, on] of [
    ["hold", view.held],
    ["mute", view.muted],
  ] as const)
    for (const button of element.querySelectorAll(`[data-phone-do="${name}"]`))
      button.setAttribute("aria-pressed", String(on));
}

async function testMic(element: HTMLElement): Promise<void> {
  const meter = element.querySelector<HTMLElement>('[data-phone="meter"]');
  try {
    const loudest = await micLevel(4000, (level) => {
      if (meter) meter.style.width = `${Math.min(100, level * 140)}%`;
    });
    toast(say(loudest > 0.02 ? "mic-good" : "mic-silent"), loudest > 0.02 ? "good" : "bad");
  } catch {
    toast(say("mic-refused"), "bad");
  }
  if (meter) meter.style.width = "0";
}

/** Run `begin` once no other tab holds the telephone of this address; what it returns ends it and lets the next tab in. */
function onlyHere(uri: string, waiting: () => void, begin: () => () => void): () => void {
  if (!navigator.locks) return begin();
  const leave = new AbortController();
  const name = `zuoxi-phone-${uri}`;
  const hold = (): Promise<void> =>
    new Promise((free) => {
      const end = begin();
      leave.signal.addEventListener("abort", () => {
        end();
        free();
      });
    });
  void navigator.locks.request(name, { ifAvailable: true }, async (lock) => {
    if (lock) return hold();
    waiting();
    void navigator.locks.request(name, { signal: leave.signal }, hold).catch(() => undefined);
  });
  return () => leave.abort();
}

/** The person's own telephone in the page. What it did is told to the page as "zuoxi:phone" events. */
const softphone: Island = async (element) => {
  const answer = await fetch(element.dataset.configUrl ?? "", { headers: { Accept: "application/json" } });
  if (answer.status === 404) {
    element.dataset.reach = "none"; // this person has no telephone of his own in the page
    return undefined;
  }
  if (!answer.ok) throw new Error(`telephone settings answered ${answer.status}`);
  const config = (await answer.json()) as PhoneConfig;
  const audio = element.querySelector("audio") ?? document.createElement("audio");
  audio.autoplay = true;
  const phone = new Phone(config, audio, mixed, (view, what) => {
    show(element, view);
    document.dispatchEvent(new CustomEvent("zuoxi:phone", { detail: { ...view, what } }));
    if (what.startsWith("trouble-")) toast(say(what), "bad");
  });
  const acts: Record<string, (number: string) => void> = {
    answer: () => phone.answer(),
    hangup: () => phone.hangUp(),
    hold: () => phone.toggleHold(),
    mute: () => phone.toggleMute(),
    dial: (number) => phone.dial(number),
    blind: (number) => phone.transferBlind(number),
    consult: (number) => phone.consult(number),
    complete: () => phone.transferAttended(),
    swap: () => phone.swap(),
    conference: () => phone.conference(),
    "drop-second": () => phone.dropSecond(),
    "mic-test": () => void testMic(element),
  };
  const click = (event: Event): void => {
    const target = (event.target as Element).closest<HTMLElement>("[data-phone-do], [data-phone-key]");
    if (!target || !element.contains(target)) return;
    if (target.dataset.phoneKey) phone.key(target.dataset.phoneKey);
    else {
      const box = target.closest("dialog")?.querySelector<HTMLInputElement>("[data-phone-number]");
      acts[target.dataset.phoneDo ?? ""]?.(box?.value.replace(/[\s()-]/g, "") ?? "");
    }
    target.closest<HTMLElement>("[popover]")?.hidePopover();
  };
  // Numbers elsewhere on the page may be dialled: <button data-dial="13800138000">.
  const dial = (event: Event): void => {
    const target = (event.target as Element).closest<HTMLElement>("[data-dial]");
    if (target?.dataset.dial) phone.dial(target.dataset.dial);
  };
  let seen = Date.now();
  let heart: ReturnType<typeof setInterval> | undefined;
  const pulse = (): void => {
    const slept = Date.now() - seen > ASLEEP;
    seen = Date.now();
    if (slept && !document.hidden) phone.revive();
    else phone.beat();
  };
  const online = (): void => phone.revive();
  const back = (): void => void (document.hidden || phone.beat());
  const leaving = (event: BeforeUnloadEvent): void => {
    if (phone.view.call !== "none") event.preventDefault();
  };
  const elsewhere = (): void => {
    element.dataset.reach = "elsewhere";
    for (const one of element.querySelectorAll('[data-phone="reach"]'))
      one.textContent = say("phone-elsewhere");
  };
  const begin = (): (() => void) => {
    seen = Date.now();
    heart = setInterval(pulse, INTERVAL);
    element.addEventListener("click", click);
    document.addEventListener("click", dial);
    document.addEventListener("visibilitychange", back);
    window.addEventListener("online", online);
    window.addEventListener("beforeunload", leaving);
    phone.start();
    return end;
  };
  const end = (): void => {
    clearInterval(heart);
    element.removeEventListener("click", click);
    document.removeEventListener("click", dial);
    document.removeEventListener("visibilitychange", back);
    window.removeEventListener("online", online);
    window.removeEventListener("beforeunload", leaving);
    phone.stop();
  };
  return onlyHere(config.uri, elsewhere, begin);
};

export default softphone;
