// The name at the top left of every page, with its mark.

import { h } from './lib/dom.js';

export function brand() {
  return h('span', { class: 'brand' }, mark(), 'cosmodrome');
}

function mark() {
  const ns = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(ns, 'svg');
  svg.setAttribute('viewBox', '0 0 20 20');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(ns, 'path');
  path.setAttribute('d', 'M10 1.5 L13 9 L18.5 18 H1.5 L7 9 Z M10 10 L6 16 H14 Z');
  path.setAttribute('fill', 'currentColor');
  path.setAttribute('fill-rule', 'evenodd');
  svg.append(path);
  return svg;
}
