// SPDX-License-Identifier: Apache-2.0
import WaveSurfer from "wavesurfer.js";
import { duration } from "../clock";
import { toast } from "../frame";
import type { Island } from "../islands";
import { say } from "../words";

interface Peaks {
  /** One list of peaks (-1…1) a channel. */
  peaks: number[][];
  seconds: number;
}

/** The library's rules wait in a <template> (see vite.config.ts); adopt them, as the policy allows no <style>. */
function adoptRules(holder: HTMLElement): void {
  const shadow = [...holder.children].map((child) => child.shadowRoot).find(Boolean);
  const rules = shadow?.querySelector<HTMLTemplateElement>("template[data-style]")?.content.textContent;
  if (!shadow || !rules) return;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(rules);
  shadow.adoptedStyleSheets = [sheet];
}

async function logPlay(url: string): Promise<boolean> {
  const token = document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? "";
  const answer = await fetch(url, { method: "POST", headers: { "X-CSRFToken": token } });
  return answer.ok;
}

/**
 * A recording: peaks come from the server, sound is fetched only when played, and no sound is played whose listening
 * could not be written down first (data-log-url).
 */
const waveform: Island = async (element) => {
  const { peaksUrl = "", audioUrl = "", logUrl } = element.dataset;
  const canvas = element.querySelector<HTMLElement>("[data-wave]");
  const button = element.querySelector<HTMLButtonElement>("[data-wave-play]");
  const clock = element.querySelector<HTMLElement>("[data-wave-time]");
  const speed = element.querySelector<HTMLSelectElement>("[data-wave-speed]");
  if (!canvas || !button) return undefined;
  const answer = await fetch(peaksUrl, { headers: { Accept: "application/json" } });
  if (!answer.ok) {
    canvas.textContent = say("recording-absent");
    return undefined;
  }
  const { peaks, seconds } = (await answer.json()) as Peaks;
  const colour = (name: string): string => getComputedStyle(element).getPropertyValue(name).trim();
  const audio = element.querySelector("audio") ?? new Audio();
  audio.preload = "none";
  const wave = WaveSurfer.create({
    container: canvas,
    media: audio,
    peaks,
    duration: seconds,
    height: peaks.length > 1 ? 40 : 64,
    splitChannels:
      peaks.length > 1
        ? [{ waveColor: colour("--zx-call-fill") }, { waveColor: colour("--zx-wrap-fill") }]
        : undefined,
    waveColor: colour("--zx-rule-2"),
    progressColor: colour("--zx-accent"),
    cursorColor: colour("--zx-alarm"),
    barWidth: 2,
    barGap: 1,
    barRadius: 1,
    normalize: true,
  });
  adoptRules(canvas);
  let logged = !logUrl;
  const play = async (): Promise<void> => {
    if (wave.isPlaying()) return wave.pause();
    if (!logged) logged = await logPlay(logUrl ?? "").catch(() => false);
    if (!logged) return toast(say("play-not-logged"), "bad");
    if (!audio.src) audio.src = audioUrl;
    await wave.play().catch(() => toast(say("play-failed"), "bad"));
  };
  const time = (at: number): void => {
    if (clock) clock.textContent = `${duration(at)} / ${duration(seconds)}`;
  };
  time(0);
  wave.on("timeupdate", time);
  wave.on("play", () => button.setAttribute("aria-pressed", "true"));
  wave.on("pause", () => button.setAttribute("aria-pressed", "false"));
  button.addEventListener("click", () => void play());
  button.disabled = false;
  speed?.addEventListener("change", () => wave.setPlaybackRate(Number(speed.value), true));
  for (const skip of element.querySelectorAll<HTMLElement>("[data-wave-skip]"))
    skip.addEventListener("click", () =>
      wave.setTime(Math.max(0, wave.getCurrentTime() + Number(skip.dataset.waveSkip))));
  const jump = (event: Event): void => {
    const to = (event.target as Element).closest<HTMLElement>("[data-wave-to]");
    if (to && to.dataset.waveFor === element.id) wave.setTime(Number(to.dataset.waveTo));
  };
  document.addEventListener("click", jump);
  return () => {
    document.removeEventListener("click", jump);
    wave.destroy();
  };
};

export default waveform;
