// SPDX-License-Identifier: Apache-2.0
import postcss from "postcss";
import type { Plugin } from "vite";

/** The families of the kit that our pages may use; the rest (sixty of its components) is left out of the build. */
const KEPT =
  /^(container(-fluid)?|row(-cols)?|col|offset|g|gx|gy|d|m|mt|mb|ms|me|mx|my|p|pt|pb|ps|pe|px|py|gap|row-gap|column-gap|text|fw|fs|fst|lh|font|flex|align|justify|order|w|h|mw|mh|vw|vh|min|max|overflow|position|top|bottom|start|end|translate|border|rounded|bg|opacity|shadow|float|user|pe|visible|invisible|visually|stretched|vstack|hstack|sticky|fixed|table|form|input|was|is|valid|invalid|btn|badge|card|alert|list|small|lead|mark|initialism|blockquote|figure|img|link|collapse|collapsing|show|active|disabled|fade|ratio|object|cursor|divider|hr|placeholder|spinner|breadcrumb|page|pagination|nav|tab|markdown|subheader|h1|h2|h3|h4|h5|h6)(-|$)/;
const DROPPED =
  /^(btn|bg|text|border|badge|link|alert|table|list-group-item|form-colorinput|card|progress)-.*(blue|azure|indigo|purple|pink|orange|yellow|lime|teal|cyan|gray|facebook|twitter|linkedin|google|youtube|vimeo|dribbble|github|instagram|pinterest|vk|rss|flickr|bitbucket|tabler|gradient)|-(sm|xxl|print)-|^(card-(cover|stacked|rotate|sponsor|avatar)|form-(imagecheck|colorinput|selectgroup|fieldset|floating)|btn-(check|pill|square|floating|animate|action)|page-(wrapper|cover)|form-switch|nav-(segmented|bordered)|markdown)/;

const wanted = (name: string): boolean => KEPT.test(name) && !DROPPED.test(name);

function trimmed(css: string): string {
  const root = postcss.parse(css);
  root.walkRules((rule) => {
    if (rule.parent?.type === "atrule" && /keyframes/.test((rule.parent as postcss.AtRule).name)) return;
    const kept = rule.selectors.filter((selector) =>
      [...selector.matchAll(/\.([\w-]+)/g)].every(([, name]) => wanted(name)),
    );
    if (kept.length) rule.selectors = kept;
    else rule.remove();
  });
  const moved = new Set<string>();
  root.walkDecls(/^animation(-name)?$/, (decl) => {
    for (const word of decl.value.split(/[\s,]+/)) moved.add(word);
  });
  root.walkAtRules(/keyframes$/, (at) => {
    if (!moved.has(at.params)) at.remove();
  });
  let empty = true;
  while (empty) {
    empty = false;
    root.walkAtRules((at) => {
      if (at.nodes && !at.nodes.length) {
        at.remove();
        empty = true;
      }
    });
  }
  return root.toString();
}

/** Takes out of the CSS kit what no page of ours uses and puts it in a layer below our own rules. */
export function trimKit(): Plugin {
  return {
    name: "trim-kit",
    enforce: "pre",
    transform(code, id) {
      return id.includes("@tabler/core/dist/css/tabler.css")
        ? { code: `@layer tabler {${trimmed(code)}}`, map: null }
        : null;
    },
  };
}
