// The flat map of the Earth or the Moon: equirectangular for all of it, azimuthal equidistant
// around the climb or the way down. It also takes the globe's place where WebGL is missing.

import earthUrl from './data/earth.webp';
import { bodyNamed, centreOf } from './lib/body.js';
import { sunAt, turn } from './lib/earth.js';
import { aboutDescents, descent, marks, NAMES } from './lib/places.js';
import { sentence } from './lib/format.js';
import { moonRelief } from './lib/relief.js';
import { besides } from './lib/follow.js';
import { climbEnd, companions, flies, linear, phaseAt, primaryAt } from './lib/series.js';
import { drawn } from './lib/zones.js';
import { COLOURS, paint } from './safety.js';

const RAD = Math.PI / 180;
const COMPANION = '#a8e6b0';
const LANDED = '#7ee2a8';
const SITE = '#f5e663';
const reliefs = {};

function loadRelief(body) {
  const url = body === 'moon' ? moonRelief() : earthUrl;
  if (!url) return Promise.resolve(null);
  reliefs[body] ??= new Promise((done) => {
    const image = new Image();
    image.onload = () => {
      const c = document.createElement('canvas');
      c.width = image.width;
      c.height = image.height;
      const g = c.getContext('2d', { willReadFrequently: true });
      g.drawImage(image, 0, 0);
      done(g.getImageData(0, 0, c.width, c.height));
    };
    image.onerror = () => done(null);
    image.src = url;
  });
  return reliefs[body];
}

function worldProjection(w, h) {
  const scale = Math.min(w / 360, h / 180);
  const left = (w - 360 * scale) / 2;
  const top = (h - 180 * scale) / 2;
  return {
    box: [left, top, 360 * scale, 180 * scale],
    wrap: 180 * scale,
    xy: (lat, lon) => [left + (lon + 180) * scale, top + (90 - lat) * scale],
    back: (x, y) => {
      const lon = (x - left) / scale - 180;
      const lat = 90 - (y - top) / scale;
      return Math.abs(lon) <= 180 && Math.abs(lat) <= 90 ? [lat, lon] : null;
    },
  };
}

// azimuthal equidistant around (lat0, lon0) in degrees; `reach` degrees fit the shorter half
function localProjection(w, h, lat0, lon0, across, up) {
  const s0 = Math.sin(lat0 * RAD);
  const c0 = Math.cos(lat0 * RAD);
  const scale = Math.min(w / 2 / across, h / 2 / up);
  return {
    box: [0, 0, w, h],
    wrap: Infinity,
    scale,
    xy: (lat, lon) => {
      const p = lat * RAD;
      const l = (lon - lon0) * RAD;
      const cc = s0 * Math.sin(p) + c0 * Math.cos(p) * Math.cos(l);
      const c = Math.acos(Math.min(Math.max(cc, -1), 1));
      const k = c < 1e-9 ? 1 : c / Math.sin(c);
      if (c > 2.6) return null;
      const x = k * Math.cos(p) * Math.sin(l);
      const y = k * (c0 * Math.sin(p) - s0 * Math.cos(p) * Math.cos(l));
      return [w / 2 + (x / RAD) * scale, h / 2 - (y / RAD) * scale];
    },
    back: (px, py) => {
      const x = ((px - w / 2) / scale) * RAD;
      const y = ((h / 2 - py) / scale) * RAD;
      const c = Math.hypot(x, y);
      if (c < 1e-9) return [lat0, lon0];
      if (c > Math.PI) return null;
      const sin = Math.sin(c);
      const cos = Math.cos(c);
      const lat = Math.asin(cos * s0 + (y * sin * c0) / c) / RAD;
      const lon = lon0 + Math.atan2(x * sin, c * c0 * cos - y * s0 * sin) / RAD;
      return [lat, ((((lon + 180) % 360) + 360) % 360) - 180];
    },
  };
}

export class FlatMap {
  constructor(box, page, clock, coast, {
    local = false, reach = 6000, label = 'Ground track', body = 'earth',
  } = {}) {
    this.page = page;
    this.clock = clock;
    this.body = bodyNamed(body);
    this.coast = body === 'earth' ? coast : [];
    // what the flight leaves on the ground of the Moon
    this.marks = body === 'moon' ? marks(page) : [];
    this.objects = page.objects.filter((o) => centreOf(o) === body);
    this.flown = this.objects.filter((o) => page.primary.includes(o.id));
    this.beside = this.objects.filter((o) => besides(page).includes(o.id));
    this.site = body === 'earth' ? page.site : null;
    this.zones = drawn(this.site?.zones ?? []);
    this.local = local;
    this.reach = reach;
    this.box = box;
    this.canvas = document.createElement('canvas');
    this.canvas.setAttribute('role', 'img');
    this.canvas.setAttribute('aria-label', label);
    box.prepend(this.canvas);
    this.climb = climbEnd(page.timeline, page.span_s[1]);
    this.pending = false;
    new ResizeObserver(() => this.resize()).observe(box);
    clock.on(() => this.later());
    loadRelief(body).then((image) => {
      this.image = image;
      this.resize();
    });
  }

  later() {
    if (this.pending || !this.box.clientWidth) return;
    this.pending = true;
    requestAnimationFrame(() => {
      this.pending = false;
      this.draw();
    });
  }

  resize() {
    const w = this.box.clientWidth;
    const h = this.box.clientHeight;
    if (!w || !h) return;
    const d = Math.min(window.devicePixelRatio || 1, 2);
    this.canvas.width = Math.round(w * d);
    this.canvas.height = Math.round(h * d);
    this.canvas.style.width = `${w}px`;
    this.canvas.style.height = `${h}px`;
    this.density = d;
    this.w = w;
    this.h = h;
    this.projection = this.local ? this.fit(w, h) : worldProjection(w, h);
    this.base = document.createElement('canvas');
    this.base.width = this.canvas.width;
    this.base.height = this.canvas.height;
    this.paintBase(this.base.getContext('2d'));
    this.draw();
  }

  // everything of interest of the climb within reach of the pad, km: track, drop points, zones
  fit(w, h) {
    const { fixed, geodetic } = this.body;
    const points = this.site ? this.ofClimb() : this.ofDescent();
    const sum = points.map(([lat, lon]) => fixed(lat, lon)).reduce(
      (a, b) => a.map((x, i) => x + b[i]), [0, 0, 0],
    );
    let [lat0, lon0] = geodetic(sum);
    let p = localProjection(w, h, lat0, lon0, 1, 1);
    const xy = points.map(([lat, lon]) => p.xy(lat, lon)).filter(Boolean);
    const xs = xy.map((q) => q[0]);
    const ys = xy.map((q) => q[1]);
    const mid = [(Math.min(...xs) + Math.max(...xs)) / 2, (Math.min(...ys) + Math.max(...ys)) / 2];
    [lat0, lon0] = p.back(...mid) ?? [lat0, lon0];
    const across = (Math.max(...xs) - Math.min(...xs)) / 2 / p.scale;
    const up = (Math.max(...ys) - Math.min(...ys)) / 2 / p.scale;
    const least = this.site ? 3 : 0.6;
    p = localProjection(w, h, lat0, lon0, Math.max(across * 1.35, least), Math.max(up * 1.14, least));
    return p;
  }

  ofClimb() {
    const { fixed } = this.body;
    const points = [[this.site.latitude_deg, this.site.longitude_deg]];
    const pad = fixed(...points[0]);
    const near = (at) => {
      const b = fixed(...at);
      return Math.hypot(...pad.map((x, i) => x - b[i])) * this.body.km < this.reach;
    };
    for (const o of this.objects) {
      if (this.flown.includes(o)) {
        o.series.t_s.forEach((t, k) => {
          const at = [o.series.latitude_deg[k], o.series.longitude_deg[k]];
          if (t <= this.climb && near(at)) points.push(at);
        });
      } else if (o.impact && o.impact.range_km < this.reach) {
        points.push([o.impact.latitude_deg, o.impact.longitude_deg]);
      }
    }
    for (const z of this.zones) for (const [lon, lat] of z.polygon_deg) if (near([lat, lon])) points.push([lat, lon]);
    return points;
  }

  ofDescent() {
    return this.marks.flatMap((m) => [[m.lat, m.lon], ...descent(this.page, m).map(([lat, lon]) => [lat, lon])]);
  }

  paintBase(g) {
    const d = this.density;
    const p = this.projection;
    g.fillStyle = '#070b13';
    g.fillRect(0, 0, this.base.width, this.base.height);
    if (this.image) {
      const out = g.createImageData(this.base.width, this.base.height);
      const { width, height, data } = this.image;
      const dim = this.body.name === 'moon' ? 0.66 : 0.52;
      let k = 0;
      for (let y = 0; y < this.base.height; y++) {
        for (let x = 0; x < this.base.width; x++, k += 4) {
          const at = p.back((x + 0.5) / d, (y + 0.5) / d);
          if (!at) { out.data[k] = 7; out.data[k + 1] = 11; out.data[k + 2] = 19; } else {
            const i = Math.min(width - 1, Math.floor(((at[1] + 180) / 360) * width));
            const j = Math.min(height - 1, Math.floor(((90 - at[0]) / 180) * height));
            const q = 4 * (j * width + i);
            const grey = 0.3 * data[q] + 0.59 * data[q + 1] + 0.11 * data[q + 2];
            for (let c = 0; c < 3; c++) {
              out.data[k + c] = (grey * 0.35 + data[q + c] * 0.65) * dim + [0, 3, 10][c];
            }
          }
          out.data[k + 3] = 255;
        }
      }
      g.putImageData(out, 0, 0);
    }
    g.setTransform(d, 0, 0, d, 0, 0);
    g.lineWidth = 0.5;
    g.strokeStyle = 'rgba(160,195,230,.16)';
    const step = this.local ? (this.site ? 10 : 2) : 30;
    for (let lat = -80; lat <= 80; lat += step) {
      this.stroke(g, range(-180, 180, 2).map((lon) => [lat, lon]));
    }
    for (let lon = -180; lon < 180; lon += step) {
      this.stroke(g, range(-88, 88, 2).map((lat) => [lat, lon]));
    }
    g.lineWidth = 0.7;
    g.strokeStyle = 'rgba(207,230,255,.5)';
    for (const line of this.coast) {
      const points = [];
      for (let k = 0; k < line.length; k += 2) points.push([line[k + 1], line[k]]);
      this.stroke(g, points);
    }
    for (const zone of this.zones) {
      const closed = zone.kind === 'keep-out';
      g.strokeStyle = closed ? COLOURS.keepOut : COLOURS.drop;
      g.lineWidth = 1;
      const ring = [...zone.polygon_deg, zone.polygon_deg[0]].map(([lon, lat]) => [lat, lon]);
      this.stroke(g, ring, closed ? 'rgba(255,107,107,.16)' : 'rgba(126,226,168,.14)');
    }
    if (this.site) paint(this, g);
  }

  // a polyline of [lat, lon], lifted where it leaves the map or jumps over its seam
  stroke(g, points, fill) {
    g.beginPath();
    let last = null;
    for (const [lat, lon] of points) {
      const at = this.projection.xy(lat, lon);
      if (!at || (last && Math.abs(at[0] - last[0]) > this.projection.wrap)) last = null;
      if (!at) continue;
      if (last && Math.hypot(at[0] - last[0], at[1] - last[1]) < this.w) g.lineTo(at[0], at[1]);
      else g.moveTo(at[0], at[1]);
      last = at;
    }
    if (fill) {
      g.fillStyle = fill;
      g.fill();
    }
    g.stroke();
  }

  draw() {
    if (!this.base) return;
    const g = this.canvas.getContext('2d');
    const d = this.density;
    g.setTransform(1, 0, 0, 1, 0, 0);
    g.drawImage(this.base, 0, 0);
    g.setTransform(d, 0, 0, d, 0, 0);
    const { t } = this.clock;
    const { page, site } = this;
    if (!this.local) this.night(g, t);
    const [from, to] = this.span(t);
    const now = Math.min(Math.max(t, from), to);
    this.track(g, now, to, 0.35, 1);
    this.track(g, from, now, 1, 2);
    this.taken = [];
    if (site) {
      const [px, py] = this.projection.xy(site.latitude_deg, site.longitude_deg);
      g.fillStyle = '#fff';
      triangle(g, px, py, 4);
      this.text(g, `${site.name} ${site.pad}`, px, py, '#fff');
    }
    if (this.body.name === 'earth') this.drops(g, t);
    else this.ground(g);
    this.zoneNames(g);
    for (const o of companions(page)) {
      if (!this.objects.includes(o)) continue;
      const at = flies(o, t) && this.at(o, t);
      if (!at) continue;
      this.spot(g, at, COMPANION, 3);
      this.text(g, o.label, ...at, COMPANION);
    }
    const o = primaryAt(page.objects, page.primary, t);
    const at = this.objects.includes(o) && this.at(o, t);
    if (at) this.spot(g, at, '#ffd95e', 4.5);
  }

  // [from, to] of the track that is drawn at t: three revolutions either way, or the climb
  span(t) {
    const { page, climb } = this;
    const [first, last] = page.span_s;
    if (this.local && this.site) return [first, climb * 1.6];
    if (this.body.name === 'earth') {
      const period = this.body.period(page);
      return [Math.max(first, t - period * 3), Math.min(last, Math.max(t, climb) + period * 3)];
    }
    const o = this.flown.find((x) => t <= x.series.t_s.at(-1)) ?? this.flown.at(-1);
    const now = Math.min(Math.max(t, o.series.t_s[0]), o.series.t_s.at(-1));
    const period = this.body.period(page, o, now);
    return this.local ? aboutDescents(this.marks, first, last) : [now - period * 3, now + period * 3];
  }

  // landing and impact places, and names to find one's way by
  ground(g) {
    for (const m of this.marks) {
      const at = this.projection.xy(m.lat, m.lon);
      if (!at) continue;
      g.strokeStyle = m.kind === 'landing' ? LANDED : '#ff8a65';
      if (m.kind === 'landing') {
        g.lineWidth = 1.8;
        g.beginPath();
        g.arc(at[0], at[1], 4.5, 0, 7);
        g.stroke();
      } else cross(g, ...at);
      this.text(g, m.kind === 'landing' ? 'Landing' : 'Impact', at[0], at[1], g.strokeStyle);
    }
    for (const p of this.page.moon.places ?? []) {
      const at = this.projection.xy(p.latitude_deg, p.longitude_deg);
      if (!at) continue;
      g.strokeStyle = SITE;
      g.lineWidth = 1.6;
      g.strokeRect(at[0] - 3.5, at[1] - 3.5, 7, 7);
      this.text(g, sentence(p.name), at[0] + 2, at[1], SITE);
    }
    for (const [name, lat, lon] of this.w > 500 ? NAMES : []) {
      const at = this.projection.xy(lat, lon);
      if (at && Math.abs(lat) < 90) this.text(g, name, at[0] - 7, at[1] - 4, 'rgba(225,233,244,.8)', 10);
    }
  }

  spot(g, [x, y], colour, radius) {
    g.fillStyle = colour;
    g.strokeStyle = '#04060b';
    g.lineWidth = 1.5;
    g.beginPath();
    g.arc(x, y, radius, 0, 7);
    g.fill();
    g.stroke();
  }

  at(o, t) {
    // through the Cartesian mean of neighbours: longitude may jump by 360
    const { series: s } = o;
    const lat = linear(s.t_s, s.latitude_deg, t);
    const c = linear(s.t_s, this.cosines(o), t);
    const q = linear(s.t_s, this.sines(o), t);
    return this.projection.xy(lat, Math.atan2(q, c) / RAD);
  }

  cosines(o) {
    o.cosLon ??= o.series.longitude_deg.map((x) => Math.cos(x * RAD));
    return o.cosLon;
  }

  sines(o) {
    o.sinLon ??= o.series.longitude_deg.map((x) => Math.sin(x * RAD));
    return o.sinLon;
  }

  track(g, a, b, alpha, width) {
    g.globalAlpha = alpha;
    g.lineWidth = width;
    for (const o of [...this.beside, ...this.flown]) {
      const coast = this.flown.includes(o) ? '#6cc8ff' : COMPANION;
      const { t_s: ts, latitude_deg: lat, longitude_deg: lon } = o.series;
      let kind = null;
      let run = [];
      const flush = () => {
        if (run.length > 1) {
          g.strokeStyle = kind === 'burn' ? '#ffb366' : coast;
          this.stroke(g, run);
        }
      };
      for (let k = 0; k < ts.length; k++) {
        if (ts[k] < a || ts[k] > b) continue;
        const now = phaseAt(o, ts[k])?.kind ?? 'coast';
        run.push([lat[k], lon[k]]);
        if (now !== kind) {
          flush();
          run = [[lat[k], lon[k]]];
          kind = now;
        }
      }
      flush();
    }
    g.globalAlpha = 1;
  }

  drops(g, t) {
    for (const o of this.objects) {
      if (!o.impact || this.page.primary.includes(o.id)) continue;
      const points = o.series.t_s.map((_, k) => [
        o.series.latitude_deg[k], o.series.longitude_deg[k],
      ]);
      g.setLineDash([3, 3]);
      g.lineWidth = 1;
      g.strokeStyle = 'rgba(255,138,101,.8)';
      this.stroke(g, points);
      g.setLineDash([]);
      const at = this.projection.xy(o.impact.latitude_deg, o.impact.longitude_deg);
      if (!at) continue;
      g.strokeStyle = '#ff8a65';
      g.globalAlpha = t >= o.impact.t_s || t <= 0 ? 1 : 0.75;
      cross(g, ...at);
      g.globalAlpha = 1;
      if (this.local || this.w > 600) this.text(g, o.label, at[0], at[1], '#ffc1a8');
    }
  }

  zoneNames(g) {
    if (!this.local) return;
    const { fixed, geodetic } = this.body;
    for (const zone of this.zones) {
      const sum = zone.polygon_deg.map(([lon, lat]) => fixed(lat, lon)).reduce(
        (a, b) => a.map((x, i) => x + b[i]),
      );
      const at = this.projection.xy(...geodetic(sum));
      if (at) this.text(g, zone.name, ...at, zone.kind === 'keep-out' ? COLOURS.keepOut : COLOURS.drop);
    }
  }

  // a label beside a point; one that would overlap tries other sides, then yields
  text(g, text, x, y, color, size = 11) {
    g.font = `${size}px system-ui, sans-serif`;
    const w = g.measureText(text).width;
    const free = [[x + 7, y + 4], [x - w - 7, y + 4], [x - w / 2, y + 17], [x - w / 2, y - 8]].find(
      ([l, u]) => l > 2 && l + w < this.w - 2 && u > 11 && u < this.h - 2
        && !this.taken.some((q) => l < q[2] && l + w > q[0] && u - 10 < q[3] && u + 3 > q[1]),
    );
    if (!free) return;
    this.taken.push([free[0] - 3, free[1] - 10, free[0] + w + 3, free[1] + 3]);
    g.lineWidth = size < 11 ? 2 : 3;
    g.strokeStyle = size < 11 ? 'rgba(4,6,11,.6)' : 'rgba(4,6,11,.85)';
    g.strokeText(text, ...free);
    g.fillStyle = color;
    g.fillText(text, ...free);
  }

  // the dark half: for each longitude the latitude of the terminator
  night(g, t) {
    const s = turn(this.body.axes(this.page, t), sunAt(this.page.sun, t));
    const dec = Math.asin(s[2]);
    const lon0 = Math.atan2(s[1], s[0]) / RAD;
    const pole = dec > 0 ? -90 : 90;
    g.fillStyle = 'rgba(2,4,10,.5)';
    g.beginPath();
    g.moveTo(...this.projection.xy(pole, -180));
    for (let lon = -180; lon <= 180; lon += 2) {
      const tan = -Math.cos((lon - lon0) * RAD) / Math.tan(Math.abs(dec) < 1e-4 ? 1e-4 : dec);
      g.lineTo(...this.projection.xy(Math.atan(tan) / RAD, lon));
    }
    g.lineTo(...this.projection.xy(pole, 180));
    g.fill();
  }
}

function range(a, b, step) {
  const out = [];
  for (let x = a; x <= b; x += step) out.push(x);
  return out;
}

function triangle(g, x, y, s) {
  g.beginPath();
  g.moveTo(x, y - s);
  g.lineTo(x + s, y + s);
  g.lineTo(x - s, y + s);
  g.fill();
}

function cross(g, x, y) {
  g.lineWidth = 1.6;
  g.beginPath();
  g.moveTo(x - 3.5, y - 3.5);
  g.lineTo(x + 3.5, y + 3.5);
  g.moveTo(x + 3.5, y - 3.5);
  g.lineTo(x - 3.5, y + 3.5);
  g.stroke();
}
