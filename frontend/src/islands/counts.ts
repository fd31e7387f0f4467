// SPDX-License-Identifier: Apache-2.0
import type { Island } from "../islands";

const EVERY = 60_000;

/** Put the figures where they belong; nought shows nothing. */
export function show(root: ParentNode, counts: Record<string, number>): void {
  for (const place of root.querySelectorAll<HTMLElement>("[data-count]")) {
    const count = counts[place.dataset.count ?? ""] ?? 0;
    place.textContent = count > 99 ? "99+" : String(count);
    place.hidden = count === 0;
  }
  for (const place of root.querySelectorAll<HTMLElement>("[data-count-within]")) {
    const inside = place.closest("details")?.querySelectorAll<HTMLElement>("[data-count]") ?? [];
    const sum = Array.from(inside).reduce((all, one) => all + (counts[one.dataset.count ?? ""] ?? 0), 0);
    place.textContent = sum > 99 ? "99+" : String(sum);
    place.hidden = sum === 0;
  }
}

/** What waits behind each door, asked for once the page stands and every minute while it is looked at. */
const counts: Island = (element) => {
  const ask = async (): Promise<void> => {
    if (document.hidden) return;
    try {
      const answer = await fetch(element.dataset.url ?? "", { headers: { Accept: "application/json" } });
      if (answer.ok) show(element, (await answer.json()) as Record<string, number>);
    } catch {
      // offline: the figures stay as they were
    }
  };
  void ask();
  const timer = setInterval(() => void ask(), EVERY);
  document.addEventListener("visibilitychange", ask);
  return () => {
    clearInterval(timer);
    document.removeEventListener("visibilitychange", ask);
  };
};

export default counts;
