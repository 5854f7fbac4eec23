// The Moon in the globe's scene: relief, its orbit, what the flight leaves on the ground.

import {
  BufferAttribute, BufferGeometry, Group, Mesh, Points, PointsMaterial, RepeatWrapping,
  ShaderMaterial, TextureLoader, Vector3,
} from 'three';
import { sentence, value } from './lib/format.js';
import { ahead, moonAt, onSphere } from './lib/moon.js';
import { burnName, descent, marks, NAMES, ofLanding, together } from './lib/places.js';
import { passageAt, shown } from './lib/passages.js';
import { moonRelief } from './lib/relief.js';
import { EARTH_VERTEX, MOON_FRAGMENT } from './shaders.js';
import { disc, polyline, segments, sphere } from './shapes.js';

const RINGS_KM = [20, 50, 100, 200];
const LANDED = '#7ee2a8';
const CRASHED = '#ff8a65';

export class MoonScene {
  constructor(globe) {
    this.globe = globe;
    this.page = globe.page;
    this.group = new Group();
    this.group.matrixAutoUpdate = false;
    globe.scene.add(this.group);
    this.marks = marks(this.page);
    this.buildSurface();
    this.buildGround();
    this.buildPlaces();
    this.buildOrbit();
    this.labelList();
  }

  buildSurface() {
    const url = moonRelief();
    const mapped = { value: 0 };
    const map = { value: null };
    if (url) {
      map.value = new TextureLoader().load(url, () => { mapped.value = 1; this.globe.touch(); });
      map.value.anisotropy = 8;
      map.value.wrapS = RepeatWrapping;
    }
    this.group.add(new Mesh(sphere(120, 240), new ShaderMaterial({
      uniforms: { map, mapped, sun: this.globe.sun, near: this.globe.near },
      vertexShader: EARTH_VERTEX,
      fragmentShader: MOON_FRAGMENT,
    })));
    const net = [];
    for (let lat = -60; lat <= 60; lat += 30) {
      for (let lon = -180; lon < 180; lon += 3) {
        net.push(...onSphere(lat, lon, 4), ...onSphere(lat, lon + 3, 4));
      }
    }
    for (let lon = -180; lon < 180; lon += 30) {
      for (let lat = -87; lat < 87; lat += 3) {
        net.push(...onSphere(lat, lon, 4), ...onSphere(lat + 3, lon, 4));
      }
    }
    this.net = segments(net, '#b9d2ec', 0.1);
    this.group.add(this.net);
  }

  // landing and impact marks, the track below the way down and a curtain under it
  buildGround() {
    this.ground = new Group();
    this.rings = [];
    this.group.add(this.ground);
    for (const m of this.marks) {
      const way = descent(this.page, m);
      if (way.length > 1) {
        this.ground.add(polyline(way.map(([lat, lon]) => onSphere(lat, lon, 3)), '#e9edf3', 0.55));
        const curtain = [];
        let next = -Infinity;
        for (const [lat, lon, up, t] of way) {
          if (t < next) continue;
          curtain.push(...onSphere(lat, lon, 3), ...onSphere(lat, lon, Math.max(up, 3)));
          next = t + 20;
        }
        this.ground.add(segments(curtain, '#ffb366', 0.35));
      }
      this.rings.push(...RINGS_KM.map((km) => [m, km]));
      for (const km of RINGS_KM) {
        const ring = Array.from({ length: 91 }, (_, k) => onSphere(...ahead(m.lat, m.lon, km, 4 * k), 3));
        this.ground.add(polyline(ring, '#dfe9f5', 0.2));
      }
      this.ground.add(this.spot(
        [onSphere(m.lat, m.lon, 4)], m.kind === 'landing' ? LANDED : CRASHED, 9,
      ));
    }
  }

  // places that the mission is about
  buildPlaces() {
    const { places } = this.page.moon;
    if (!places?.length) return;
    this.ground.add(this.spot(
      places.map((p) => onSphere(p.latitude_deg, p.longitude_deg, 4)), '#f5e663', 9,
    ));
  }

  spot(places, color, size) {
    const g = new BufferGeometry();
    g.setAttribute('position', new BufferAttribute(Float32Array.from(places.flat()), 3));
    const points = new Points(g, new PointsMaterial({
      color, size, sizeAttenuation: false, map: disc(), transparent: true, alphaTest: 0.05,
    }));
    points.frustumCulled = false;
    return points;
  }

  // the Moon's way about the Earth; the line to the Moon where the axes turn with it; and a
  // dot for the Moon, which is two pixels wide in the picture of both
  buildOrbit() {
    const { moon } = this.page;
    const unit = 6378.137;
    const n = moon.t_s.length;
    const at = Array.from({ length: n }, (_, k) => [0, 1, 2].map((i) => moon.r_km[3 * k + i] / unit));
    // one revolution is enough: a longer flight would draw a band
    const turns = at.slice(0, Math.min(n, Math.ceil((27.4 * 86400) / (moon.t_s[1] - moon.t_s[0]))));
    this.orbit = polyline(n > turns.length * 2 ? at : turns, '#aeb9c9', 0.34);
    this.line = polyline([[0, 0, 0], [1, 0, 0]], '#aeb9c9', 0.25);
    this.dot = this.spot([[0, 0, 0]], '#c9cfd8', 8);
    this.home = this.spot([[0, 0, 0]], '#7fb4e6', 10);
    this.apsides = this.spot([[0, 0, 0], [0, 0, 0]], '#dfe9f5', 6);
    this.home.material.depthTest = false;
    this.home.renderOrder = -1;
    for (const x of [this.orbit, this.line, this.dot, this.home, this.apsides]) {
      x.frustumCulled = false;
      this.globe.scene.add(x);
    }
  }

  // perilune and apolune nearest to t among what is drawn
  seen(t) {
    const stay = passageAt(this.globe.stays, t);
    if (!stay) return [];
    const [a, b] = shown(this.page, stay, t);
    return ['perilune', 'apolune'].flatMap((name) => {
      const all = this.page.events.filter((e) => e.name.toLowerCase().startsWith(name)
        && this.page.primary.includes(e.object) && e.t_s >= a && e.t_s <= b);
      all.sort((p, q) => Math.abs(p.t_s - t) - Math.abs(q.t_s - t));
      return all.slice(0, 1);
    });
  }

  labelList() {
    const { globe, page } = this;
    const labels = globe.labels;
    const onMoon = (lat, lon) => new Vector3(...onSphere(lat, lon, 4)).applyMatrix4(this.group.matrixWorld);
    const inMoon = (where) => (t) => (globe.view === 'moon' ? where(t) : null);
    const inBoth = (where) => (t) => (globe.view === 'earth-moon' ? where(t) : null);
    for (const [k, m] of this.marks.entries()) {
      const text = /impact/.test(m.name) ? sentence(m.name) : 'Landing';
      labels.add(`mark${k}`, text, 4, inMoon(() => onMoon(m.lat, m.lon)), m.kind === 'landing' ? 'site' : 'fall');
    }
    for (const name of ['perilune', 'apolune']) {
      labels.add(name, '', 2, inMoon((t) => {
        const e = this.seen(t).find((x) => x.name.toLowerCase().startsWith(name));
        if (!e) return null;
        labels.text(name, `${sentence(name)} ${value(e.altitude_m / 1000)} km`);
        return globe.place(e.t_s);
      }), 'apsis');
    }
    for (const p of page.moon.places ?? []) {
      labels.add(`place ${p.name}`, sentence(p.name), 2, inMoon(() => onMoon(p.latitude_deg, p.longitude_deg)), 'place');
    }
    for (const [k, [m, km]] of this.rings.entries()) {
      const at = ahead(m.lat, m.lon, km, 90);
      labels.add(`moon ring${k}`, `${km} km`, 0, inMoon(() => (globe.near.value > 0.3 ? onMoon(...at) : null)), 'ring');
    }
    for (const [name, lat, lon] of NAMES) {
      labels.add(`moon ${name}`, name, 0, inMoon(() => {
        const at = onMoon(lat, lon);
        // names at the limb would stand beside the globe
        const seen = globe.camera.position.clone().sub(at).normalize().dot(at);
        return globe.near.value > 0.6 || seen < 0.38 ? null : at;
      }), 'feature');
    }
    labels.add('earth', 'Earth', 3, (t) => (
      ['earth-moon', 'moon'].includes(globe.view) ? new Vector3(...globe.space.centre('earth', t)) : null
    ), 'body');
    labels.add('moon', 'Moon', 3, inBoth((t) => new Vector3(...globe.space.centre('moon', t))), 'body');
    for (const [k, burn] of this.burns().entries()) {
      labels.add(`burn${k}`, burn.text, 2.5, (t) => {
        if (globe.view === 'earth-moon') return burn.whole ? globe.place(burn.at) : null;
        if (globe.view !== 'moon' || burn.whole || burn.body !== 'moon') return null;
        const [a, b] = shown(page, passageAt(globe.stays, t), t);
        return burn.at >= a && burn.at <= b ? globe.place(burn.at) : null;
      }, 'burn');
    }
  }

  // burns by name: each for the view of the Moon, and those near a body as one for both
  burns() {
    const { page } = this;
    const all = [];
    for (const o of page.objects) {
      if (!page.primary.includes(o.id)) continue;
      const own = o.phases.filter((p) => p.kind === 'burn');
      // an ascent or a landing is one burn to look at from afar
      if (own.length > 2 || (own.length && o.chapter === 'landing')) {
        all.push({ text: o.chapter === 'landing' ? ofLanding(o) : sentence(o.chapter), at: own[0].start_s, body: o.centre ?? 'earth' });
      } else {
        for (const p of own) {
          all.push({ text: burnName(p.until || p.name), at: (p.start_s + p.end_s) / 2, body: o.centre ?? 'earth' });
        }
      }
    }
    const groups = [];
    for (const b of all) {
      const last = groups.at(-1);
      const near = last && last.body === b.body && (b.body === 'moon' || b.at - last.at < 20000);
      if (near) last.names.push(b.text);
      else groups.push({ ...b, names: [b.text], whole: true });
    }
    for (const g of groups) g.text = together(g.names);
    return [...all, ...groups];
  }

  // before every picture
  draw(t) {
    const { globe } = this;
    const both = globe.view === 'earth-moon';
    const own = globe.view === 'moon';
    this.group.visible = both || own;
    this.net.visible = own;
    this.ground.visible = own;
    this.orbit.visible = both && globe.space.frame === 'inertial';
    this.line.visible = both && globe.space.frame === 'rotating';
    this.dot.visible = both;
    this.home.visible = both;
    this.apsides.visible = own;
    if (!this.group.visible) return;
    this.group.matrix.copy(globe.space.matrix('moon', t));
    this.group.updateMatrixWorld(true);
    this.dot.position.set(...globe.space.centre('moon', t));
    if (this.line.visible) {
      const far = Math.hypot(...moonAt(this.page.moon, t)) / globe.space.unit;
      this.line.scale.set(far, 1, 1);
    }
    if (own) this.drawApsides(t);
  }

  drawApsides(t) {
    const found = this.seen(t);
    const at = this.apsides.geometry.attributes.position;
    this.apsides.visible = found.length > 0;
    for (let k = 0; k < 2; k++) {
      const e = found[Math.min(k, found.length - 1)];
      if (e) at.setXYZ(k, ...this.globe.place(e.t_s).toArray());
    }
    at.needsUpdate = true;
  }
}

