// SPDX-License-Identifier: Apache-2.0
/** An island: one behaviour opened on one element; what it returns is called when the element leaves the page. */
export type Island = (element: HTMLElement) => undefined | (() => void) | Promise<undefined | (() => void)>;

const rooms: Record<string, () => Promise<{ default: Island }>> = {
  asked: () => import("./islands/asked"),
  autosubmit: () => import("./islands/autosubmit"),
  board: () => import("./islands/board"),
  chart: () => import("./islands/chart"),
  counts: () => import("./islands/counts"),
  keyfocus: () => import("./islands/keyfocus"),
  list: () => import("./islands/list"),
  live: () => import("./islands/live"),
  progress: () => import("./islands/progress"),
  roster: () => import("./islands/roster"),
  softphone: () => import("./islands/softphone"),
  wall: () => import("./islands/wall"),
  waveform: () => import("./islands/waveform"),
};

const open = new Map<HTMLElement, () => void>();

async function openIsland(element: HTMLElement): Promise<void> {
  const names = (element.dataset.island ?? "").split(/\s+/).filter((name) => name in rooms);
  if (!names.length || open.has(element)) return;
  const closers: Array<() => void> = [];
  open.set(element, () => {
    for (const close of closers) close();
  });
  for (const name of names) {
    try {
      const closer = await (await rooms[name]()).default(element);
      if (closer) closers.push(closer);
      element.dataset.ready = "";
    } catch (error) {
      element.dataset.failed = name;
      console.error(`island ${name}`, error);
    }
  }
  if (!element.isConnected) closeIsland(element);
}

function closeIsland(element: HTMLElement): void {
  open.get(element)?.();
  open.delete(element);
}

function within(node: Node): HTMLElement[] {
  if (!(node instanceof HTMLElement || node instanceof Document)) return [];
  const found = Array.from(node.querySelectorAll<HTMLElement>("[data-island]"));
  return node instanceof HTMLElement && node.dataset.island ? [node, ...found] : found;
}

/** Open what stands in the page now, and whatever a swap or a patch brings later. */
export function openIslands(root: Document): void {
  for (const element of within(root)) void openIsland(element);
  new MutationObserver((changes) => {
    for (const change of changes) {
      for (const node of change.removedNodes)
        for (const element of within(node)) if (!element.isConnected) closeIsland(element);
      for (const node of change.addedNodes) for (const element of within(node)) void openIsland(element);
    }
  }).observe(root.body, { childList: true, subtree: true });
}
