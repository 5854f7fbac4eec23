// Shapes of the globe: the ellipsoid, lines thin and fat, the dot, the stars.

import {
  BufferAttribute, BufferGeometry, Line, LineBasicMaterial, LineSegments, Points, PointsMaterial,
  TextureLoader,
} from 'three';
import { Line2 } from 'three/examples/jsm/lines/Line2.js';
import { LineGeometry } from 'three/examples/jsm/lines/LineGeometry.js';
import { LineMaterial } from 'three/examples/jsm/lines/LineMaterial.js';
import { fixed } from './lib/earth.js';
import { onSphere } from './lib/moon.js';

export const FALL = '#ff8a65';

// a mesh of the ellipsoid by geodetic latitude, so that relief, coast and track agree
export function ellipsoid(rows, columns) {
  return globe(rows, columns, fixed);
}

// the same of a sphere
export function sphere(rows, columns) {
  return globe(rows, columns, onSphere);
}

function globe(rows, columns, placed) {
  const n = (rows + 1) * (columns + 1);
  const at = new Float32Array(3 * n);
  const uv = new Float32Array(2 * n);
  const normal = new Float32Array(3 * n);
  let k = 0;
  for (let i = 0; i <= rows; i++) {
    const lat = -90 + (180 * i) / rows;
    for (let j = 0; j <= columns; j++, k++) {
      const lon = -180 + (360 * j) / columns;
      at.set(placed(lat, lon), 3 * k);
      const c = Math.cos((lat * Math.PI) / 180);
      normal.set([
        c * Math.cos((lon * Math.PI) / 180),
        c * Math.sin((lon * Math.PI) / 180),
        Math.sin((lat * Math.PI) / 180),
      ], 3 * k);
      uv.set([j / columns, i / rows], 2 * k);
    }
  }
  const index = [];
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const a = i * (columns + 1) + j;
      const b = a + columns + 1;
      index.push(a, a + 1, b, a + 1, b + 1, b);
    }
  }
  const g = new BufferGeometry();
  g.setAttribute('position', new BufferAttribute(at, 3));
  g.setAttribute('normal', new BufferAttribute(normal, 3));
  g.setAttribute('uv', new BufferAttribute(uv, 2));
  g.setIndex(index);
  return g;
}

export function segments(pairs, color, opacity) {
  const g = new BufferGeometry();
  g.setAttribute('position', new BufferAttribute(Float32Array.from(pairs), 3));
  const m = new LineBasicMaterial({ color, transparent: true, opacity, depthWrite: false });
  return new LineSegments(g, m);
}

export function polyline(points, color, opacity) {
  const g = new BufferGeometry();
  g.setAttribute('position', new BufferAttribute(Float32Array.from(points.flat()), 3));
  return new Line(g, new LineBasicMaterial({ color, transparent: true, opacity }));
}

export function fat(width, opacity, dashed = false) {
  const material = new LineMaterial({
    color: 0xffffff, vertexColors: !dashed, linewidth: width, transparent: true, opacity, dashed,
    depthWrite: false,
  });
  if (dashed) {
    material.color.set(FALL);
    material.dashSize = 0.008;
    material.gapSize = 0.006;
  }
  const line = new Line2(new LineGeometry(), material);
  line.frustumCulled = false;
  return line;
}

export function disc() {
  const c = document.createElement('canvas');
  c.width = c.height = 64;
  const g = c.getContext('2d');
  const fade = g.createRadialGradient(32, 32, 0, 32, 32, 32);
  fade.addColorStop(0, '#fff');
  fade.addColorStop(0.55, '#fff');
  fade.addColorStop(0.7, 'rgba(255,255,255,.35)');
  fade.addColorStop(1, 'rgba(255,255,255,0)');
  g.fillStyle = fade;
  g.fillRect(0, 0, 64, 64);
  return new TextureLoader().load(c.toDataURL());
}

export function stars() {
  const at = [];
  let seed = 7;
  const random = () => {
    seed = (seed * 16807) % 2147483647;
    return seed / 2147483647;
  };
  for (let k = 0; k < 900; k++) {
    const z = 2 * random() - 1;
    const a = 2 * Math.PI * random();
    const q = Math.sqrt(1 - z * z);
    at.push(12 * q * Math.cos(a), 12 * q * Math.sin(a), 12 * z);
  }
  const g = new BufferGeometry();
  g.setAttribute('position', new BufferAttribute(Float32Array.from(at), 3));
  return new Points(g, new PointsMaterial({
    color: '#8fa6c4', size: 1.3, sizeAttenuation: false, transparent: true, opacity: 0.5,
  }));
}
