// What a flat map needs to know of the body it shows.

import { fixed, geodetic, rotation } from './earth.js';
import { lunarAxes, lunarPeriod, onSphere } from './moon.js';
import { periodOf } from './series.js';

const RAD = Math.PI / 180;

const onMoon = (r) => [
  Math.atan2(r[2], Math.hypot(r[0], r[1])) / RAD, Math.atan2(r[1], r[0]) / RAD,
];

const EARTH = {
  name: 'earth', km: 6378.137, fixed, geodetic,
  axes: (page, t) => rotation(page.earth, t),
  period: (page) => periodOf(page),
};

const MOON = {
  name: 'moon', km: 1737.4, fixed: onSphere, geodetic: onMoon,
  axes: (page, t) => lunarAxes(page.moon, t),
  // a track of twelve hours at most: a path that is not closed has no revolution
  period: (page, object, t) => Math.min(lunarPeriod(page.moon, object.series, t), 4 * 3600),
};

export const bodyNamed = (name) => (name === 'moon' ? MOON : EARTH);
export const centreOf = (object) => object.centre ?? 'earth';
