// SPDX-License-Identifier: Apache-2.0
/**
 * Make `live` look like `next` while keeping the nodes that are already there: focus, open menus, half-typed words and
 * running islands survive. Children are matched by id first, then by place and tag.
 */
export function morph(live: Element, next: Element): Element {
  if (live.tagName !== next.tagName || (live.id && next.id && live.id !== next.id)) {
    live.replaceWith(next);
    return next;
  }
  if (live.hasAttribute("data-keep")) return live;
  attributes(live, next);
  if (!live.hasAttribute("data-keep-children")) children(live, next);
  return live;
}

const OWN = new Set(["data-ready", "data-level", "open"]);

function attributes(live: Element, next: Element): void {
  for (const { name, value } of next.attributes)
    if (live.getAttribute(name) !== value && name !== "open") live.setAttribute(name, value);
  for (const { name } of [...live.attributes])
    if (!next.hasAttribute(name) && !OWN.has(name)) live.removeAttribute(name);
  if (
    live instanceof HTMLInputElement &&
    next instanceof HTMLInputElement &&
    live !== document.activeElement
  ) {
    if (live.type === "checkbox" || live.type === "radio") live.checked = next.checked;
    else if (live.type !== "file" && next.hasAttribute("value")) live.value = next.value;
  }
}

function children(live: Element, next: Element): void {
  const byId = new Map<string, Element>();
  for (const child of live.children) if (child.id) byId.set(child.id, child);
  const wanted = new Set([...next.children].map((child) => child.id).filter(Boolean));
  let place: ChildNode | null = live.firstChild;
  for (const fresh of [...next.childNodes]) {
    while (place instanceof Element && place.id && !wanted.has(place.id)) {
      const gone: ChildNode = place;
      place = place.nextSibling;
      gone.remove();
    }
    const match = counterpart(fresh, place, byId);
    if (!match) {
      live.insertBefore(fresh, place);
      continue;
    }
    if (match === place) place = place.nextSibling;
    else live.insertBefore(match, place);
    if (match instanceof Element) morph(match, fresh as Element);
    else if (match.nodeValue !== fresh.nodeValue) match.nodeValue = fresh.nodeValue;
  }
  while (place) {
    const gone: ChildNode = place;
    place = place.nextSibling;
    gone.remove();
  }
}

function counterpart(fresh: Node, place: ChildNode | null, byId: Map<string, Element>): ChildNode | null {
  if (fresh instanceof Element && fresh.id) {
    const known = byId.get(fresh.id);
    return known && known.tagName === fresh.tagName ? known : null;
  }
  if (!place || place.nodeType !== fresh.nodeType) return null;
  if (!(place instanceof Element)) return place;
  return !place.id && place.tagName === (fresh as Element).tagName ? place : null;
}

/** The elements that a piece of HTML holds; table rows and cells are welcome. */
export function elementsOf(html: string): Element[] {
  const holder = document.createElement("template");
  holder.innerHTML = html.trim();
  return [...holder.content.children];
}
