// The globe: relief, day and night, the flown line, what falls, and labels.
// Scene axes are Earth-fixed, or inertial with the Earth turning inside; one unit is the
// equatorial radius of the body, 6378.137 km.

import {
  AdditiveBlending, BackSide, BufferAttribute, BufferGeometry, Color, Group, Matrix4, Mesh,
  MeshBasicMaterial, PerspectiveCamera, Points, PointsMaterial, RepeatWrapping, Scene, ShaderMaterial,
  SphereGeometry, TextureLoader, Vector3, WebGLRenderer,
} from 'three';
import { OrbitControls } from 'three/examples/jsm/controls/OrbitControls.js';
import { LineGeometry } from 'three/examples/jsm/lines/LineGeometry.js';
import earthUrl from './data/earth.webp';
import { Labels } from './labels.js';
import { along, fixed, moonAt, RADIUS_KM, rotation, sunAt, turn } from './lib/earth.js';
import { climbEnd, companions, flies, handsOver, phaseAt, place, primaryAt } from './lib/series.js';
import { drawn } from './lib/zones.js';
import { COLOURS } from './safety.js';
import { AIR_FRAGMENT, AIR_VERTEX, EARTH_FRAGMENT, EARTH_VERTEX } from './shaders.js';
import { disc, ellipsoid, fat, polyline, segments, stars } from './shapes.js';
import { camera } from './views.js';

const ORANGE = new Color('#ffb366');
const BLUE = new Color('#6cc8ff');
const RINGS_KM = [100, 250, 500, 1000];

export class Globe {
  constructor(box, page, clock, coast) {
    this.page = page;
    this.clock = clock;
    this.box = box;
    const canvas = document.createElement('canvas');
    canvas.setAttribute('role', 'img');
    canvas.setAttribute('aria-label', `Globe with the flown path of ${page.name}`);
    this.renderer = new WebGLRenderer({ canvas, antialias: true, preserveDrawingBuffer: true });
    this.renderer.setClearColor('#04060b');
    this.renderer.setPixelRatio(Math.min(window.devicePixelRatio || 1, 2));
    this.copy = document.createElement('canvas');
    this.copy.className = 'still';
    this.copy.setAttribute('aria-hidden', 'true');
    box.prepend(canvas, this.copy);
    this.scene = new Scene();
    this.camera = new PerspectiveCamera(38, 1, 0.01, 60);
    this.camera.up.set(0, 0, 1);
    this.controls = new OrbitControls(this.camera, canvas);
    this.controls.enablePan = false;
    this.controls.enableDamping = !this.still();
    this.controls.dampingFactor = 0.12;
    this.controls.addEventListener('change', () => this.touch());
    this.controls.addEventListener('start', () => { this.flight = null; });
    this.frame = page.site ? 'fixed' : 'inertial';
    this.sun = { value: new Vector3(1, 0, 0) };
    this.near = { value: 0 };
    this.earth = new Group();
    this.scene.add(this.earth);
    // a flight that begins in orbit has no climb
    this.climb = page.site ? climbEnd(page.timeline, page.span_s[1]) : page.span_s[0];
    const a = page.orbit?.osculating.a_m;
    this.period = a ? 2 * Math.PI * Math.sqrt(a ** 3 / (page.earth.mu_m3_s2 ?? 3.986004415e14)) : 6000;
    this.buildEarth(coast);
    this.buildLines();
    this.buildGround();
    this.labels = new Labels(box, page);
    this.labelList();
    this.dirty = true;
    new ResizeObserver(() => this.resize()).observe(box);
    this.resize();
    clock.on(() => this.touch());
    this.setView(page.site ? 'ascent' : 'orbit', true);
    const loop = (now) => {
      this.tick(now);
      requestAnimationFrame(loop);
    };
    requestAnimationFrame(loop);
  }

  still() {
    return window.matchMedia('(prefers-reduced-motion: reduce)').matches;
  }

  touch() {
    this.dirty = true;
  }

  buildEarth(coast) {
    const bare = Boolean(this.page.earth.body);
    const texture = new TextureLoader().load(this.page.earth.relief ?? earthUrl, () => this.touch());
    texture.anisotropy = 8;
    texture.wrapS = RepeatWrapping;
    this.surface = new Mesh(
      ellipsoid(180, 360),
      new ShaderMaterial({
        uniforms: {
          map: { value: texture }, sun: this.sun, near: this.near, air: { value: bare ? 0 : 1 },
        },
        vertexShader: EARTH_VERTEX,
        fragmentShader: EARTH_FRAGMENT,
      }),
    );
    this.earth.add(this.surface);
    const air = new Mesh(
      new SphereGeometry(1.022, 96, 64),
      new ShaderMaterial({
        uniforms: { sun: this.sun },
        vertexShader: AIR_VERTEX,
        fragmentShader: AIR_FRAGMENT,
        side: BackSide, transparent: true, blending: AdditiveBlending, depthWrite: false,
      }),
    );
    if (!bare) this.earth.add(air);
    const shore = [];
    for (const line of bare ? [] : coast) {
      let last = fixed(line[1], line[0], 4);
      for (let k = 2; k < line.length; k += 2) {
        const next = fixed(line[k + 1], line[k], 4);
        shore.push(...last, ...next);
        last = next;
      }
    }
    this.earth.add(segments(shore, '#cfe6ff', 0.38));
    const net = [];
    for (let lat = -60; lat <= 60; lat += 30) {
      for (let lon = -180; lon < 180; lon += 3) {
        net.push(...fixed(lat, lon, 3), ...fixed(lat, lon + 3, 3));
      }
    }
    for (let lon = -180; lon < 180; lon += 30) {
      for (let lat = -87; lat < 87; lat += 3) {
        net.push(...fixed(lat, lon, 3), ...fixed(lat + 3, lon, 3));
      }
    }
    this.earth.add(segments(net, '#9fc4e8', 0.1));
    this.moon = null;
    if (this.page.moon) {
      const size = this.page.moon.radius_km / RADIUS_KM;
      this.moon = new Mesh(new SphereGeometry(size, 48, 32), new MeshBasicMaterial({ color: '#8d8d88' }));
      this.scene.add(this.moon);
    }
    this.stars = stars();
    this.stars.frustumCulled = false;
    this.scene.add(this.stars);
  }

  // the flown line: dim ahead, bright behind; and arcs of what fell
  buildLines() {
    this.past = fat(3, 1);
    this.ahead = fat(1.6, 0.42);
    this.scene.add(this.ahead, this.past);
    this.falls = [];
    for (const o of this.page.objects) {
      if (this.page.primary.includes(o.id) || !o.impact) continue;
      const line = fat(1.8, 0.85, true);
      const ts = o.series.t_s;
      const points = ts.map((t, k) => turn(
        rotation(this.page.earth, t),
        [0, 1, 2].map((i) => o.series.r_km[3 * k + i] / RADIUS_KM),
      ));
      line.geometry.setPositions(points.flat());
      line.computeLineDistances();
      this.earth.add(line);
      this.falls.push({ object: o, line, points });
    }
    const dot = new BufferGeometry();
    dot.setAttribute('position', new BufferAttribute(new Float32Array(3), 3));
    this.dot = new Points(dot, new PointsMaterial({
      color: '#ffd95e', size: 11, sizeAttenuation: false, map: disc(), transparent: true,
      alphaTest: 0.05, depthTest: true,
    }));
    this.dot.frustumCulled = false;
    this.scene.add(this.dot);
  }

  // what stands on the ground: pad, curtain under the climb, drop zones, range rings
  buildGround() {
    const { site } = this.page;
    const curtain = [];
    const track = [];
    let next = -1;
    const stack = this.page.objects.find((o) => o.id === this.page.primary[0]);
    if (stack) {
      for (let k = 0; k < stack.series.t_s.length; k++) {
        const t = stack.series.t_s[k];
        if (t > this.climb) break;
        const lat = stack.series.latitude_deg[k];
        const lon = stack.series.longitude_deg[k];
        track.push(fixed(lat, lon, 3));
        if (t >= next) {
          curtain.push(...fixed(lat, lon, 3), ...fixed(lat, lon, stack.series.altitude_km[k]));
          next = t + 20;
        }
      }
    }
    if (track.length > 1) this.earth.add(polyline(track, '#dfe9f5', 0.4));
    this.earth.add(segments(curtain, '#ffb366', 0.3));
    for (const zone of drawn(site?.zones ?? [])) {
      const ring = [...zone.polygon_deg, zone.polygon_deg[0]];
      const line = [];
      for (let k = 0; k + 1 < ring.length; k++) {
        for (let s = 0; s < 8; s++) {
          const w = s / 8;
          line.push(fixed(
            ring[k][1] * (1 - w) + ring[k + 1][1] * w,
            ring[k][0] * (1 - w) + ring[k + 1][0] * w, 3,
          ));
        }
      }
      const colour = zone.kind === 'keep-out' ? COLOURS.keepOut : COLOURS.drop;
      if (line.length) this.earth.add(polyline([...line, line[0]], colour, 0.75));
    }
    for (const o of this.page.objects) {
      const ring = o.impact?.fall?.ellipse_deg;
      if (!ring) continue;
      const line = [...ring, ring[0]].map(([lon, lat]) => fixed(lat, lon, 3));
      this.earth.add(polyline(line, COLOURS.ellipse, 0.75));
    }
    this.rings = new Group();
    for (const km of site ? RINGS_KM : []) {
      const points = [];
      for (let a = 0; a <= 360; a += 4) {
        points.push(fixed(...along(site.latitude_deg, site.longitude_deg, km, a), 3));
      }
      this.rings.add(polyline(points, '#dfe9f5', 0.22));
    }
    this.earth.add(this.rings);
  }

  labelList() {
    const { site, objects, primary } = this.page;
    if (site) {
      const pad = fixed(site.latitude_deg, site.longitude_deg, 1);
      this.labels.add('pad', `${site.name} ${site.pad}`, 2, () => this.onEarth(pad), 'pad');
    }
    this.labels.add('ship', '', 3, () => this.here(), 'ship');
    for (const { object, points } of this.falls) {
      const ts = object.series.t_s;
      this.labels.add(object.id, object.label, 1, (t) => {
        if (t < ts[0]) return null;
        if (t >= ts[ts.length - 1]) return this.onEarth(points[points.length - 1]);
        const r = place(object.series, t).map((x) => x / RADIUS_KM);
        return this.onEarth(turn(rotation(this.page.earth, t), r));
      }, 'fall');
    }
    for (const o of companions(this.page)) {
      this.labels.add(`${o.id} in orbit`, o.label, 1, (t) => {
        if (!flies(o, t)) return null;
        return new Vector3(...this.toScene(place(o.series, t).map((x) => x / RADIUS_KM), t));
      }, 'companion');
    }
    for (const km of site ? RINGS_KM : []) {
      const at = fixed(...along(site.latitude_deg, site.longitude_deg, km, 90), 3);
      this.labels.add(`r${km}`, `${km} km`, 0, () => (
        this.rings.visible ? this.onEarth(at) : null
      ), 'ring');
    }
    this.shipName = (t) => {
      const o = primaryAt(objects, primary, t);
      return o ? o.label : '';
    };
  }

  onEarth(r) {
    return new Vector3(...r).applyMatrix4(this.earth.matrixWorld);
  }

  here() {
    const o = primaryAt(this.page.objects, this.page.primary, this.clock.t);
    const r = place(o.series, this.clock.t).map((x) => x / RADIUS_KM);
    return new Vector3(...this.toScene(r, this.clock.t));
  }

  toScene(r, t) {
    return this.frame === 'fixed' ? turn(rotation(this.page.earth, t), r) : r;
  }

  setFrame(frame) {
    if (frame === this.frame) return;
    // keep what is seen in place: the camera follows the axes it leaves
    const m = this.earthMatrix(this.clock.t, 'inertial');
    if (frame === 'fixed') m.invert();
    for (const v of [this.camera.position, this.controls.target]) v.applyMatrix4(m);
    this.frame = frame;
    this.touch();
  }

  earthMatrix(t, frame = this.frame) {
    if (frame === 'fixed') return new Matrix4();
    const m = rotation(this.page.earth, t);
    return new Matrix4().set(
      m[0], m[3], m[6], 0, m[1], m[4], m[7], 0, m[2], m[5], m[8], 0, 0, 0, 0, 1,
    );
  }

  // cameras, in Earth-fixed axes at the present instant
  setView(name, now = false) {
    this.view = name;
    const { target, from } = camera(this, name);
    const turnTo = this.earthMatrix(this.clock.t);
    target.applyMatrix4(turnTo);
    from.applyMatrix4(turnTo);
    // a narrow window needs more distance for the same width
    const narrow = Math.max(1, 1.05 / this.camera.aspect);
    from.sub(target).multiplyScalar(narrow).add(target);
    if (now || this.still()) {
      this.camera.position.copy(from);
      this.controls.target.copy(target);
      this.controls.update();
      this.flight = null;
    } else {
      this.flight = {
        start: performance.now(), from: this.camera.position.clone(),
        aim: this.controls.target.clone(), to: from, goal: target,
      };
    }
    this.touch();
  }

  resize() {
    const w = Math.max(this.box.clientWidth, 1);
    const h = Math.max(this.box.clientHeight, 1);
    this.renderer.setSize(w, h, false);
    this.camera.aspect = w / h;
    this.camera.updateProjectionMatrix();
    for (const l of [this.past, this.ahead, ...this.falls.map((f) => f.line)]) {
      l.material.resolution.set(w, h);
    }
    // a new size empties the canvas: draw before the browser paints, and keep the picture
    if (this.labels) {
      this.draw();
      this.hold();
    }
  }

  tick(now) {
    if (this.flight) {
      const u = Math.min((now - this.flight.start) / 700, 1);
      const e = u * u * (3 - 2 * u);
      const { from, aim, to, goal } = this.flight;
      const d = from.clone().sub(aim).length() * (1 - e) + to.clone().sub(goal).length() * e;
      const dir = from.clone().sub(aim).normalize().lerp(to.clone().sub(goal).normalize(), e);
      this.controls.target.lerpVectors(aim, goal, e);
      this.camera.position.copy(this.controls.target).addScaledVector(dir.normalize(), d);
      if (u >= 1) this.flight = null;
      this.touch();
    }
    this.controls.update();
    if (!this.dirty) {
      if (this.moving && now - this.drawn > 160) this.hold();
      return;
    }
    this.dirty = false;
    this.drawn = now;
    this.moving = true;
    this.copy.style.display = 'none';
    this.draw();
  }

  // at rest the picture is held by a plain canvas: it prints, and slow hosts show it whole
  hold() {
    this.moving = false;
    const from = this.renderer.domElement;
    this.copy.width = from.width;
    this.copy.height = from.height;
    this.copy.getContext('2d').drawImage(from, 0, 0);
    this.copy.style.display = '';
  }

  draw() {
    const { t } = this.clock;
    const { page } = this;
    const m = this.earthMatrix(t);
    this.earth.matrixAutoUpdate = false;
    this.earth.matrix.copy(m);
    this.earth.updateMatrixWorld(true);
    const s = sunAt(page.sun, t);
    this.sun.value.set(...(this.frame === 'fixed' ? turn(rotation(page.earth, t), s) : s));
    const height = Math.max(this.camera.position.length() - 0.9966, 0.004);
    if (this.moon) this.moon.position.set(...this.toScene(moonAt(page.moon, t), t));
    this.near.value = Math.min(Math.max((0.55 - height) / 0.5, 0), 1);
    this.rings.visible = height < 0.5;
    this.camera.near = Math.max(height * 0.12, 0.0008);
    this.camera.far = height + 14;
    this.camera.updateProjectionMatrix();
    // in orbit one revolution either way is enough to see; on the way up, all of it
    const back = t <= this.climb ? page.span_s[0] : Math.max(page.span_s[0], t - this.period);
    const front = Math.min(page.span_s[1], Math.max(t, this.climb) + this.period * 0.98);
    this.fill(this.past, back, t, t > this.climb);
    this.fill(this.ahead, t, front);
    const here = this.here();
    this.dot.geometry.attributes.position.setXYZ(0, here.x, here.y, here.z);
    this.dot.geometry.attributes.position.needsUpdate = true;
    for (const f of this.falls) {
      f.line.material.opacity = t >= f.object.series.t_s[0] ? 0.9 : 0.22;
    }
    // as far as they seem: however far the camera stands off, none comes before the Earth
    this.stars.position.copy(this.camera.position);
    this.renderer.render(this.scene, this.camera);
    this.labels.text('ship', this.shipName(t));
    this.labels.place(this.camera, t, this.box.clientWidth, this.box.clientHeight);
  }

  fill(line, a, b, fade = false) {
    const at = [];
    const color = [];
    for (const o of this.page.objects) {
      if (!this.page.primary.includes(o.id)) continue;
      const ts = o.series.t_s;
      const lo = Math.max(a, ts[0]);
      const hi = Math.min(b, handsOver(this.page.objects, this.page.primary, o));
      if (hi <= lo) continue;
      const times = [lo];
      for (let k = 0; k < ts.length; k++) {
        const gap = k + 1 < ts.length ? ts[k + 1] - ts[k] : 0;
        const parts = Math.max(1, Math.ceil(gap / 25));
        for (let p = 0; p < parts; p++) {
          const x = ts[k] + (gap * p) / parts;
          if (x > lo && x < hi) times.push(x);
        }
      }
      times.push(hi);
      for (const x of times) {
        const r = this.toScene(place(o.series, x).map((v) => v / RADIUS_KM), x);
        at.push(...r);
        const c = phaseAt(o, x)?.kind === 'burn' ? ORANGE : BLUE;
        // in orbit the line overlays itself: let the past fade with age
        const age = b - x;
        const q = fade ? 0.16 + 0.84 * Math.exp(-age / (0.3 * this.period)) : 1;
        color.push(c.r * q, c.g * q, c.b * q);
      }
    }
    line.visible = at.length >= 6;
    if (!line.visible) return;
    line.geometry.dispose();
    line.geometry = new LineGeometry();
    line.geometry.setPositions(at);
    line.geometry.setColors(color);
  }
}
