// SPDX-License-Identifier: Apache-2.0
// Runs Biome on the front end: node lint/run.mjs check [--write]
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const binary = fileURLToPath(
  new URL(`./node_modules/@biomejs/cli-linux-${process.arch}/biome`, import.meta.url),
);
// The package carries the binary without the right to run it.
if (existsSync(binary)) chmodSync(binary, 0o755);
const told = spawnSync(binary, [...process.argv.slice(2), "."], { stdio: "inherit" });
if (told.error) console.error(`Biome is not here: (cd lint && npm ci --ignore-scripts)\n${told.error.message}`);
process.exit(told.status ?? 1);
