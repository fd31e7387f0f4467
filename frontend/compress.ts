// SPDX-License-Identifier: Apache-2.0
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import type { Plugin } from "vite";

const TEXT = /\.(js|css|svg)$/;

/** Writes name.br and name.gz beside each file of text; the web server hands out whichever the browser takes. */
export function compress(): Plugin {
  return {
    name: "compress",
    enforce: "post",
    generateBundle: {
      order: "post",
      handler(_options, bundle) {
        for (const [name, file] of Object.entries(bundle)) {
          if (!TEXT.test(name)) continue;
          const source = Buffer.from(file.type === "chunk" ? file.code : file.source);
          const best = { params: { [constants.BROTLI_PARAM_QUALITY]: 10 } };
          this.emitFile({ type: "asset", fileName: `${name}.br`, source: brotliCompressSync(source, best) });
          this.emitFile({ type: "asset", fileName: `${name}.gz`, source: gzipSync(source, { level: 9 }) });
        }
      },
    },
  };
}
