// The globe: relief, day and night, the flown line, what falls, and labels.
// Scene axes are fixed to the body in the middle, or inertial with it turning inside; one unit is
// its radius, 6378.137 km or 1737.4 km.

import {
  AdditiveBlending, BackSide, BufferAttribute, BufferGeometry, Group, Mesh, PerspectiveCamera,
  Points, PointsMaterial, RepeatWrapping, Scene, ShaderMaterial, SphereGeometry, TextureLoader,
  Vector3, WebGLRenderer,
} from 'three';
import { OrbitControls } from 'three/examples/jsm/controls/OrbitControls.js';
import earthUrl from './data/earth.webp';
import { Flown } from './flown.js';
import { Labels } from './labels.js';
import { along, fixed, RADIUS_KM, rotation, sunAt, turn } from './lib/earth.js';
import { passages } from './lib/passages.js';
import { besides } from './lib/follow.js';
import { climbEnd, companions, flies, periodOf, place, primaryAt } from './lib/series.js';
import { drawn } from './lib/zones.js';
import { MoonScene } from './moon-scene.js';
import { COLOURS } from './safety.js';
import { AIR_FRAGMENT, AIR_VERTEX, EARTH_FRAGMENT, EARTH_VERTEX } from './shaders.js';
import { disc, ellipsoid, fat, polyline, segments, stars } from './shapes.js';
import { bodyOf, Space } from './space.js';
import { camera, firstView } from './views.js';

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
    this.space = new Space(page);
    this.stays = passages(page);
    this.sun = { value: new Vector3(1, 0, 0) };
    this.near = { value: 0 };
    this.earth = new Group();
    this.scene.add(this.earth);
    // a flight that begins in orbit has no climb
    this.climb = page.site ? climbEnd(page.timeline, page.span_s[1]) : page.span_s[0];
    this.period = periodOf(page);
    this.buildEarth(coast);
    this.buildLines();
    this.buildGround();
    this.labels = new Labels(box, page);
    this.labelList();
    this.moon = page.moon ? new MoonScene(this) : null;
    this.dirty = true;
    new ResizeObserver(() => this.resize()).observe(box);
    this.resize();
    clock.on(() => this.touch());
    this.setView(firstView(page), true);
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
    const texture = new TextureLoader().load(earthUrl, () => this.touch());
    texture.anisotropy = 8;
    texture.wrapS = RepeatWrapping;
    this.surface = new Mesh(
      ellipsoid(180, 360),
      new ShaderMaterial({
        uniforms: { map: { value: texture }, sun: this.sun, near: this.near },
        vertexShader: EARTH_VERTEX,
        fragmentShader: EARTH_FRAGMENT,
      }),
    );
    this.earth.add(this.surface);
    this.air = new Mesh(
      new SphereGeometry(1.022, 96, 64),
      new ShaderMaterial({
        uniforms: { sun: this.sun },
        vertexShader: AIR_VERTEX,
        fragmentShader: AIR_FRAGMENT,
        side: BackSide, transparent: true, blending: AdditiveBlending, depthWrite: false,
      }),
    );
    this.earth.add(this.air);
    this.detail = new Group();
    this.earth.add(this.detail);
    const shore = [];
    for (const line of coast) {
      let last = fixed(line[1], line[0], 4);
      for (let k = 2; k < line.length; k += 2) {
        const next = fixed(line[k + 1], line[k], 4);
        shore.push(...last, ...next);
        last = next;
      }
    }
    this.detail.add(segments(shore, '#cfe6ff', 0.38));
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
    this.detail.add(segments(net, '#9fc4e8', 0.1));
    this.stars = stars();
    this.stars.frustumCulled = false;
    this.scene.add(this.stars);
  }

  // the flown line, and arcs of what fell
  buildLines() {
    this.flown = new Flown(this);
    this.beside = besides(this.page).map((id) => new Flown(this, [id]));
    this.falls = [];
    for (const o of this.page.objects) {
      if (this.page.primary.includes(o.id) || !o.impact || o.centre === 'moon') continue;
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
    this.ground = new Group();
    this.earth.add(this.ground);
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
    if (track.length > 1) this.ground.add(polyline(track, '#dfe9f5', 0.4));
    this.ground.add(segments(curtain, '#ffb366', 0.3));
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
      if (line.length) this.ground.add(polyline([...line, line[0]], colour, 0.75));
    }
    for (const o of this.page.objects) {
      const ring = o.impact?.fall?.ellipse_deg;
      if (!ring) continue;
      const line = [...ring, ring[0]].map(([lon, lat]) => fixed(lat, lon, 3));
      this.ground.add(polyline(line, COLOURS.ellipse, 0.75));
    }
    this.rings = new Group();
    for (const km of site ? RINGS_KM : []) {
      const points = [];
      for (let a = 0; a <= 360; a += 4) {
        points.push(fixed(...along(site.latitude_deg, site.longitude_deg, km, a), 3));
      }
      this.rings.add(polyline(points, '#dfe9f5', 0.22));
    }
    this.ground.add(this.rings);
  }

  labelList() {
    const { site, objects, primary } = this.page;
    if (site) {
      const pad = fixed(site.latitude_deg, site.longitude_deg, 1);
      this.labels.add('pad', `${site.name} ${site.pad}`, 2, () => (
        this.nearEarth ? this.onEarth(pad) : null
      ), 'pad');
    }
    this.labels.add('ship', '', 3, () => this.here(), 'ship');
    for (const { object, points } of this.falls) {
      const ts = object.series.t_s;
      this.labels.add(object.id, object.label, 1, (t) => {
        if (t < ts[0] || !this.nearEarth) return null;
        if (t >= ts[ts.length - 1]) return this.onEarth(points[points.length - 1]);
        const r = place(object.series, t).map((x) => x / RADIUS_KM);
        return this.onEarth(turn(rotation(this.page.earth, t), r));
      }, 'fall');
    }
    const others = companions(this.page);
    for (const id of new Set(others.map((o) => o.id))) {
      const own = others.filter((o) => o.id === id);
      this.labels.add(`${id} in orbit`, own[0].label, 1, (t) => {
        const o = own.find((x) => flies(x, t));
        if (!o || !this.view || this.view === 'earth-moon') return null;
        if (bodyOf(this.view) !== (o.centre ?? 'earth')) return null;
        return new Vector3(...this.space.put(o, t));
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

  // is the picture one of the Earth near by?
  get nearEarth() {
    return !['earth-moon', 'moon'].includes(this.view);
  }

  here() {
    return this.place(this.clock.t);
  }

  // where the primary line is at t, in the scene
  place(t) {
    const o = primaryAt(this.page.objects, this.page.primary, t);
    return new Vector3(...this.space.put(o, t));
  }

  get frame() {
    return this.space.frame;
  }

  setFrame(frame) {
    if (frame === this.frame) return;
    // keep what is seen in place: the camera follows the axes it leaves
    const m = this.space.between(frame, this.frame, this.clock.t);
    for (const v of [this.camera.position, this.controls.target]) v.applyMatrix4(m);
    this.space.frame = frame;
    this.touch();
  }

  // the camera of a view, in the axes it opens with; another body in the middle is a cut
  setView(name, now = false, frame = this.frame) {
    const cut = bodyOf(name) !== this.space.body;
    this.view = name;
    if (cut) {
      this.space.body = bodyOf(name);
      this.space.frame = frame;
    } else this.setFrame(frame);
    const { target, from } = camera(this, name);
    // a narrow window needs more distance for the same width
    const narrow = Math.max(1, 1.05 / this.camera.aspect);
    from.sub(target).multiplyScalar(narrow).add(target);
    if (now || cut || this.still()) {
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
    for (const l of [...[this.flown, ...this.beside].flatMap((x) => x.lines()), ...this.falls.map((f) => f.line)]) {
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
    this.earth.matrixAutoUpdate = false;
    this.earth.matrix.copy(this.space.matrix('earth', t));
    this.earth.updateMatrixWorld(true);
    this.sun.value.set(...this.space.direction(sunAt(page.sun, t), t));
    const height = Math.max(this.camera.position.length() - 0.9966, 0.004);
    this.near.value = Math.min(Math.max((0.55 - height) / 0.5, 0), 1);
    this.rings.visible = height < 0.5 && this.nearEarth;
    this.ground.visible = this.nearEarth;
    this.detail.visible = this.nearEarth;
    // the air is drawn about the middle of the scene
    this.air.visible = this.space.body === 'earth';
    this.camera.near = Math.max(height * 0.12, 0.0008);
    // the Earth stands in the sky of the Moon, 220 of its radii away
    this.camera.far = this.nearEarth ? height + 14 : 3 * height + 400;
    this.camera.updateProjectionMatrix();
    this.stars.scale.setScalar(this.nearEarth ? 1 : this.camera.far / 13);
    for (const line of [this.flown, ...this.beside]) line.draw(t);
    this.moon?.draw(t);
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
}
