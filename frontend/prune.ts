// SPDX-License-Identifier: Apache-2.0
import { readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "vite";

const DAY = 24 * 3600 * 1000;

/**
 * Takes away what earlier builds left, a day after they were made. Not at once: a program that runs on while the next
 * build is made, and the pages that are open, still ask for the files by their old names.
 */
export function prune(): Plugin {
  let folder = "";
  return {
    name: "prune",
    configResolved(config) {
      folder = join(config.build.outDir, "assets");
    },
    closeBundle() {
      for (const name of readdirSync(folder)) {
        const path = join(folder, name);
        if (Date.now() - statSync(path).mtimeMs > DAY) rmSync(path);
      }
    },
  };
}
