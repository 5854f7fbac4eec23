// Labels over the globe: text elements that follow points, hide behind the globe, and give way.

import { h } from './lib/dom.js';

export class Labels {
  constructor(box) {
    this.layer = h('div', { class: 'labels', 'aria-hidden': 'true' });
    box.append(this.layer);
    this.items = new Map();
  }

  add(id, text, weight, where, kind) {
    const el = h('span', { class: `label ${kind}` }, text);
    this.layer.append(el);
    this.items.set(id, { el, weight, where, kind });
  }

  text(id, text) {
    const { el } = this.items.get(id);
    if (el.textContent !== text) el.textContent = text;
  }

  // greedy: heavier labels first; one that would overlap tries the other side, then yields
  place(camera, t, width, height) {
    // nothing may stand under the numbers at the top right
    const taken = this.reserved
      ? [[width - this.reserved.offsetWidth - 20, 0, width, this.reserved.offsetHeight + 12]] : [];
    const order = [...this.items.values()].sort((a, b) => b.weight - a.weight);
    for (const item of order) {
      const { el } = item;
      const at = item.where(t);
      // the middle of the globe itself is no place behind it
      if (!at || (at.lengthSq() > 1e-9 && hidden(camera.position, at))) {
        el.style.display = 'none';
        continue;
      }
      const p = at.clone().project(camera);
      if (p.z > 1 || Math.abs(p.x) > 1 || Math.abs(p.y) > 1) {
        el.style.display = 'none';
        continue;
      }
      el.style.display = '';
      const x = ((p.x + 1) / 2) * width;
      const y = ((1 - p.y) / 2) * height;
      const w = el.offsetWidth || 60;
      const tall = el.offsetHeight || 14;
      const tries = item.kind === 'ring' || item.kind === 'feature'
        ? [[x - w / 2, y - tall / 2]]
        : [
          [x + 10, y - tall / 2], [x - w - 10, y - tall / 2], [x - w / 2, y + 10],
          [x - w / 2, y - tall - 10],
        ];
      const free = tries.find(([l, u]) => l > 2 && l + w < width - 2 && u > 2
        && !taken.some((q) => l < q[2] && l + w > q[0] && u < q[3] && u + tall > q[1]));
      if (!free) {
        el.style.display = 'none';
        continue;
      }
      taken.push([free[0] - 3, free[1] - 1, free[0] + w + 3, free[1] + tall + 1]);
      el.style.transform = `translate(${free[0].toFixed(1)}px, ${free[1].toFixed(1)}px)`;
    }
  }
}

// is the point behind the body in the middle as seen from the eye? unit sphere, a little smaller
function hidden(eye, at) {
  const d = at.clone().sub(eye);
  const a = d.dot(d);
  const b = eye.dot(d);
  const c = eye.dot(eye) - 0.9955;
  const disc = b * b - a * c;
  if (disc <= 0) return false;
  const s = (-b - Math.sqrt(disc)) / a;
  return s > 0 && s < 0.999;
}
