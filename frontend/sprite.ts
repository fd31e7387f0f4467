// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import type { Plugin } from "vite";

const names: Record<string, string> = JSON.parse(
  readFileSync(new URL("./src/icons.json", import.meta.url), "utf8"),
);

function symbol(name: string, file: string): string {
  const [kind, base] = file.includes("/") ? file.split("/") : ["outline", file];
  const path = `./node_modules/@tabler/icons/icons/${kind}/${base}.svg`;
  const shapes = readFileSync(new URL(path, import.meta.url), "utf8")
    .replace(/<!--[\s\S]*?-->/g, "")
    .replace(/<svg[^>]*>|<\/svg>|<path stroke="none"[^>]*\/>/g, "")
    .replace(/\s+/g, " ")
    .trim();
  const paint =
    kind === "filled"
      ? 'fill="currentColor"'
      : 'fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round"';
  return `<symbol id="${name}" viewBox="0 0 24 24" ${paint}>${shapes}</symbol>`;
}

/** One SVG sprite drawn from src/icons.json {our name: file in @tabler/icons}; the manifest lists it as src/icons.svg. */
export function sprite(): Plugin {
  return {
    name: "icon-sprite",
    generateBundle() {
      const symbols = Object.entries(names).map(([name, file]) => symbol(name, file));
      this.emitFile({
        type: "asset",
        name: "icons.svg",
        originalFileName: "src/icons.svg",
        source: `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`,
      });
    },
  };
}
