// The flown line: dim ahead, bright behind; burns orange, coasts blue.

import { Color } from 'three';
import { LineGeometry } from 'three/examples/jsm/lines/LineGeometry.js';
import { passageAt, shown } from './lib/passages.js';
import { flies, handsOver, phaseAt } from './lib/series.js';
import { fat } from './shapes.js';

const ORANGE = new Color('#ffb366');
const BLUE = new Color('#6cc8ff');
const GREEN = new Color('#a8e6b0');
// of the way to the Moon a point is kept where it has gone this part of the distance to the nearer
// body, of a third of an Earth radius at least
const APART = 0.02;

export class Flown {
  // ids: whose path it is; by default the line that is followed
  constructor(globe, ids = null) {
    this.globe = globe;
    this.ids = ids ?? globe.page.primary;
    this.own = ids === null;
    this.coast = this.own ? BLUE : GREEN;
    this.past = this.own ? fat(3, 1) : fat(2, 0.8);
    this.ahead = this.own ? fat(1.6, 0.42) : fat(1.2, 0.35);
    globe.scene.add(this.ahead, this.past);
    this.kept = {};
  }

  lines() {
    return [this.past, this.ahead];
  }

  // [from, to] of the path that is drawn at t
  span(t) {
    const { page, view, climb, period, stays } = this.globe;
    const [first, last] = page.span_s;
    if (view === 'earth-moon') return [first, last];
    if (view === 'moon') return shown(page, passageAt(stays, t), t);
    // in orbit one revolution either way is enough to see; on the way up, all of it
    return [
      t <= climb ? first : Math.max(first, t - period),
      Math.min(last, Math.max(t, climb) + period * 0.98),
    ];
  }

  draw(t) {
    const { view, climb } = this.globe;
    const [back, front] = this.span(t);
    const now = Math.min(Math.max(t, back), front);
    if (view === 'earth-moon') {
      const all = this.whole();
      this.part(this.past, all, (x) => x <= now, now);
      this.part(this.ahead, all, (x) => x >= now, now);
      return;
    }
    const fade = view === 'moon' ? now - back : this.globe.period;
    this.fill(this.past, back, now, view === 'moon' || t > climb ? fade : 0);
    this.fill(this.ahead, now, front, 0);
  }

  // times of the path between a and b: rows, and `step` seconds apart at most
  * times(a, b, step) {
    const { page, view } = this.globe;
    for (const o of page.objects) {
      if (!this.ids.includes(o.id)) continue;
      if (view === 'moon' && o.centre !== 'moon') continue;
      const ts = o.series.t_s;
      const lo = Math.max(a, ts[0]);
      const hi = Math.min(b, handsOver(page.objects, this.ids, o));
      if (hi <= lo) continue;
      yield [o, lo];
      for (let k = 0; k < ts.length; k++) {
        const gap = k + 1 < ts.length ? ts[k + 1] - ts[k] : 0;
        const parts = Math.max(1, Math.ceil(gap / step));
        for (let p = 0; p < parts; p++) {
          const x = ts[k] + (gap * p) / parts;
          if (x > lo && x < hi) yield [o, x];
        }
      }
      yield [o, hi];
    }
  }

  // `age` seconds over which the past fades; 0: it does not
  fill(line, a, b, age) {
    const { space } = this.globe;
    const at = [];
    const color = [];
    for (const [o, x] of this.times(a, b, space.body === 'moon' ? 60 : 25)) {
      at.push(...space.put(o, x));
      const c = phaseAt(o, x)?.kind === 'burn' ? ORANGE : this.coast;
      // in orbit the line overlays itself: let the past fade with age
      const q = age > 0 ? 0.16 + 0.84 * Math.exp((x - b) / (0.3 * age)) : 1;
      color.push(c.r * q, c.g * q, c.b * q);
    }
    put(line, at, color);
  }

  // the whole path in the present axes, thinned; places do not depend on the clock
  whole() {
    const { space, page } = this.globe;
    this.kept[space.frame] ??= this.thinned(...page.span_s);
    return this.kept[space.frame];
  }

  thinned(first, last) {
    const { space } = this.globe;
    const out = [];
    let kind = null;
    let of = null;
    for (const [o, x] of this.times(first, last, Infinity)) {
      const r = space.put(o, x);
      const now = phaseAt(o, x)?.kind === 'burn' ? 'burn' : 'coast';
      const before = out.at(-1)?.r;
      const moon = space.centre('moon', x);
      const reach = Math.min(Math.hypot(...r), Math.hypot(...r.map((q, i) => q - moon[i])));
      const gone = before && Math.hypot(...r.map((q, i) => q - before[i]));
      const far = !before || gone > APART * Math.max(reach, 0.3);
      if (far || now !== kind || o !== of) out.push({ t: x, r, burn: now === 'burn' });
      [kind, of] = [now, o];
    }
    return out;
  }

  part(line, all, wanted, now) {
    const at = [];
    const color = [];
    const here = this.here(now);
    const add = (r, burn) => {
      at.push(...r);
      const c = burn ? ORANGE : this.coast;
      color.push(c.r, c.g, c.b);
    };
    const points = all.filter((p) => wanted(p.t));
    const first = points[0];
    if (here && first && first.t > now) add(here, first.burn);
    for (const p of points) add(p.r, p.burn);
    if (here && points.length && points.at(-1).t < now) add(here, points.at(-1).burn);
    put(line, at, color);
  }

  // where it is at t, in the scene; null where another craft does not fly then
  here(t) {
    if (this.own) return this.globe.here().toArray();
    const { page, space } = this.globe;
    const o = page.objects.find((x) => this.ids.includes(x.id) && flies(x, t));
    return o ? space.put(o, t) : null;
  }
}

function put(line, at, color) {
  line.visible = at.length >= 6;
  if (!line.visible) return;
  line.geometry.dispose();
  line.geometry = new LineGeometry();
  line.geometry.setPositions(at);
  line.geometry.setColors(color);
}
