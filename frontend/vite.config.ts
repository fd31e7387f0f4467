// SPDX-License-Identifier: Apache-2.0
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";
import { compress } from "./compress.ts";
import { prune } from "./prune.ts";
import { sprite } from "./sprite.ts";
import { trimKit } from "./trim.ts";

/**
 * wavesurfer writes a <style> element into its shadow root, which the content security policy refuses.
 * Kept as a <template> instead, its rules are adopted as a constructed style sheet (see islands/waveform.ts).
 */
function wavesurferWithoutInlineStyle(): Plugin {
  return {
    name: "wavesurfer-without-inline-style",
    transform(code, id) {
      if (!id.includes("wavesurfer.js/dist/") || !code.includes("<style")) return null;
      return {
        code: code.replaceAll("<style", "<template data-style").replaceAll("</style>", "</template>"),
        map: null,
      };
    },
  };
}

export default defineConfig({
  base: "./",
  plugins: [trimKit(), sprite(), wavesurferWithoutInlineStyle(), compress(), prune()],
  publicDir: false,
  build: {
    target: "chrome111",
    outDir: fileURLToPath(new URL("../src/zuoxi/web/static/build", import.meta.url)),
    emptyOutDir: false,
    manifest: "manifest.json",
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 800,
    rollupOptions: { input: { app: "src/app.ts" } },
  },
});
