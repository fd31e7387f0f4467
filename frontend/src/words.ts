// SPDX-License-Identifier: Apache-2.0
let words: Record<string, string> | undefined;

/** A sentence in the page's language, from the frame's JSON block; "{name}" places are filled from `values`. */
export function say(key: string, values: Record<string, string | number> = {}): string {
  words ??= JSON.parse(document.getElementById("zx-words")?.textContent ?? "{}") as Record<string, string>;
  const text = words[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

export const language = (): string => document.documentElement.lang || "zh-hans";
