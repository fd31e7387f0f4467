// SPDX-License-Identifier: Apache-2.0
import { ask, toast } from "../frame";
import type { Island } from "../islands";
import { say } from "../words";

interface Job {
  state: "waiting" | "running" | "done" | "failed" | "cancelled";
  done?: number;
  total?: number | null;
  message?: string;
  result_url?: string;
  remaining?: number | null;
  silent?: boolean;
}

const share = (job: Job): string => (job.total ? `${Math.floor((100 * (job.done ?? 0)) / job.total)}%` : "");

/** The time left, told in steps that do not jump about; nothing where it cannot be told. */
export function left(job: Job): string {
  if (job.silent) return say("job-silent");
  if (job.remaining === undefined || job.remaining === null) return "";
  if (job.remaining > 90) return say("job-left-minutes", { count: Math.round(job.remaining / 60) });
  return say("job-left-seconds", { count: Math.max(5, Math.ceil(job.remaining / 5) * 5) });
}

function show(element: HTMLElement, job: Job): void {
  const bar = element.querySelector("progress");
  if (bar) {
    if (job.total) {
      bar.max = job.total;
      bar.value = job.done ?? 0;
    } else if (job.state === "done") bar.max = bar.value = 1;
    else bar.removeAttribute("value");
    bar.dataset.tone = job.state === "done" ? "good" : job.state === "failed" ? "bad" : "";
  }
  const text = element.querySelector("[data-progress-text]");
  if (text) text.textContent = job.message || say(`job-${job.state}`);
  const figure = element.querySelector("[data-progress-figure]");
  if (figure) figure.textContent = `${share(job)} ${left(job)}`.trim();
  const over = job.state !== "waiting" && job.state !== "running";
  for (const button of element.querySelectorAll<HTMLElement>("[data-progress-cancel]")) button.hidden = over;
  for (const link of element.querySelectorAll<HTMLAnchorElement>("[data-progress-result]")) {
    link.hidden = !job.result_url;
    if (job.result_url) link.href = job.result_url;
  }
}

/** Follows one job until it is over; a reload picks it up again, since the job's address is in the page. */
const progress: Island = (element) => {
  let wait = 800;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = async (): Promise<void> => {
    try {
      const answer = await fetch(element.dataset.url ?? "", { headers: { Accept: "application/json" } });
      const job = (await answer.json()) as Job;
      show(element, job);
      if (job.state !== "waiting" && job.state !== "running") {
        element.dispatchEvent(new CustomEvent("zuoxi:job", { bubbles: true, detail: job }));
        const { then } = element.dataset;
        if (then === "look" || (job.state === "done" && then === "reload")) location.reload();
        return;
      }
      wait = Math.min(5000, wait * 1.2);
    } catch {
      wait = 5000;
    }
    timer = setTimeout(() => void look(), document.hidden ? 10_000 : wait);
  };
  const cancel = async (): Promise<void> => {
    if (!(await ask(say("job-cancel-question"), say("job-cancel")))) return;
    const token = document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? "";
    const answer = await fetch(element.dataset.cancelUrl ?? "", {
      method: "POST",
      headers: { "X-CSRFToken": token },
    });
    if (!answer.ok) toast(say("request-failed"), "bad");
  };
  for (const button of element.querySelectorAll("[data-progress-cancel]"))
    button.addEventListener("click", () => void cancel());
  void look();
  return () => clearTimeout(timer);
};

export default progress;
