// SPDX-License-Identifier: Apache-2.0
import { serverNow, siteZone, timeOfDay } from "../clock";
import type { Island } from "../islands";

/** A slide of agents on which nobody stands: there are as many as the whole centre would fill. */
const bare = (slide: HTMLElement): boolean => slide.querySelector(".zx-wall-faces")?.childElementCount === 0;

/** The wall: turns its slides, keeps the clock, and asks the screen to stay awake. Space pauses, arrows turn. */
const wall: Island = (element) => {
  const slides = (): HTMLElement[] => [...element.querySelectorAll<HTMLElement>("[data-wall-slide]")];
  const holder = element.querySelector<HTMLElement>(".zx-wall-slides") ?? element;
  let at = 0;
  let paused = false;
  const turn = (step: number): void => {
    const all = slides();
    if (!all.length) return;
    at = (at + step + all.length) % all.length;
    for (let tried = 0; tried < all.length && bare(all[at]); tried += 1)
      at = (at + (step || 1) + all.length) % all.length;
    holder.dataset.open = "";
    all.forEach((slide, index) => {
      slide.classList.toggle("shown", index === at);
      slide.inert = index !== at;
    });
    // Charts drawn while hidden have no size yet.
    window.dispatchEvent(new Event("resize"));
  };
  const clock = (): void => {
    for (const face of element.querySelectorAll("[data-wall-clock]"))
      face.textContent = timeOfDay(serverNow(), siteZone());
  };
  const keys = (event: KeyboardEvent): void => {
    if (event.key === " ") paused = !paused;
    if (event.key === "ArrowRight") turn(1);
    if (event.key === "ArrowLeft") turn(-1);
  };
  turn(0);
  clock();
  const seconds = Math.max(5, Number(element.dataset.seconds) || 20);
  const turning = setInterval(() => paused || turn(1), seconds * 1000);
  const ticking = setInterval(clock, 1000);
  document.addEventListener("keydown", keys);
  const stayAwake = (): void => {
    if (!document.hidden) navigator.wakeLock?.request("screen").catch(() => undefined);
  };
  document.addEventListener("visibilitychange", stayAwake);
  stayAwake();
  return () => {
    clearInterval(turning);
    clearInterval(ticking);
    document.removeEventListener("keydown", keys);
    document.removeEventListener("visibilitychange", stayAwake);
  };
};

export default wall;
