// SPDX-License-Identifier: Apache-2.0
import { elementsOf, morph } from "./morph";

export interface Patch {
  target: string;
  html?: string;
  text?: string;
  attrs?: Record<string, string | null>;
  append?: string;
  prepend?: string;
  /** With append or prepend: how many children the list keeps. */
  keep?: number;
  remove?: true;
}

function place(list: Element, html: string, first: boolean, keep?: number): void {
  for (const fresh of elementsOf(html)) {
    const known = fresh.id ? document.getElementById(fresh.id) : null;
    if (known) morph(known, fresh);
    else if (first) list.prepend(fresh);
    else list.append(fresh);
  }
  while (keep && list.children.length > keep)
    (first ? list.lastElementChild : list.firstElementChild)?.remove();
}

/** Apply one patch; a target that is not on this page is passed over in silence. */
export function applyPatch(patch: Patch, root: ParentNode = document): void {
  const target = root.querySelector(patch.target);
  if (!target) return;
  if (patch.remove) {
    target.remove();
    return;
  }
  if (patch.text !== undefined && target.textContent !== patch.text) target.textContent = patch.text;
  for (const [name, value] of Object.entries(patch.attrs ?? {}))
    if (value === null) target.removeAttribute(name);
    else if (target.getAttribute(name) !== value) target.setAttribute(name, value);
  if (patch.append !== undefined) place(target, patch.append, false, patch.keep);
  if (patch.prepend !== undefined) place(target, patch.prepend, true, patch.keep);
  if (patch.html !== undefined) {
    const [fresh, ...rest] = elementsOf(patch.html);
    if (!fresh) target.replaceChildren();
    else if (rest.length) target.replaceChildren(fresh, ...rest);
    else morph(target, fresh);
  }
}
