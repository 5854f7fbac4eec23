// The scene's origin, axes and unit in each view, and where things stand in it.

import { Matrix4 } from 'three';
import { RADIUS_KM, rotation, turn, turnBack } from './lib/earth.js';
import { from, lunarAxes, moonAt, rotatingAxes } from './lib/moon.js';

const INERTIAL = [1, 0, 0, 0, 1, 0, 0, 0, 1];

// what a view is about, and the axes it can be seen in; the first is taken when it opens
const ABOUT = {
  pad: ['earth', ['fixed', 'inertial']],
  ascent: ['earth', ['fixed', 'inertial']],
  orbit: ['earth', ['inertial', 'fixed']],
  pole: ['earth', ['inertial', 'fixed']],
  'earth-moon': ['earth', ['inertial', 'rotating']],
  moon: ['moon', ['inertial', 'fixed']],
};

export const bodyOf = (view) => ABOUT[view][0];
export const framesOf = (view) => ABOUT[view][1];

export class Space {
  constructor(page) {
    this.page = page;
    this.body = 'earth';
    this.frame = page.site ? 'fixed' : 'inertial';
  }

  get unit() {
    return this.body === 'moon' ? this.page.moon.radius_km : RADIUS_KM;
  }

  // scene_from_gcrf at t, row-major 3x3
  axes(t, frame = this.frame) {
    if (frame === 'inertial') return INERTIAL;
    if (frame === 'rotating') return rotatingAxes(this.page.moon, t);
    return this.fixed(this.body, t);
  }

  fixed(body, t) {
    return body === 'moon' ? lunarAxes(this.page.moon, t) : rotation(this.page.earth, t);
  }

  // an object at t, in units of the scene
  put(object, t) {
    return turn(this.axes(t), from(this.body, this.page, object, t)).map((x) => x / this.unit);
  }

  direction(v, t) {
    return turn(this.axes(t), v);
  }

  // where the centre of a body stands in the scene
  centre(body, t) {
    if (body === this.body || !this.page.moon) return [0, 0, 0];
    const m = moonAt(this.page.moon, t).map((x) => (body === 'moon' ? x : -x) / this.unit);
    return turn(this.axes(t), m);
  }

  // takes places fixed to a body, in its radii, into the scene
  matrix(body, t) {
    const a = this.axes(t);
    const b = this.fixed(body, t);
    const size = (body === 'moon' ? this.page.moon.radius_km : RADIUS_KM) / this.unit;
    // the columns of scene_from_gcrf times gcrf_from_fixed
    const [x, y, z] = [[1, 0, 0], [0, 1, 0], [0, 0, 1]].map((e) => turn(a, turnBack(b, e)));
    const at = this.centre(body, t);
    const s = size;
    return new Matrix4().set(
      s * x[0], s * y[0], s * z[0], at[0], s * x[1], s * y[1], s * z[1], at[1],
      s * x[2], s * y[2], s * z[2], at[2], 0, 0, 0, 1,
    );
  }

  // takes scene places in one set of axes to another, about the same origin
  between(to, of, t) {
    const [a, b] = [this.axes(t, to), this.axes(t, of)];
    const [x, y, z] = [[1, 0, 0], [0, 1, 0], [0, 0, 1]].map((e) => turn(a, turnBack(b, e)));
    return new Matrix4().set(
      x[0], y[0], z[0], 0, x[1], y[1], z[1], 0, x[2], y[2], z[2], 0, 0, 0, 0, 1,
    );
  }
}
