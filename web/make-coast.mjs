// Makes src/data/coast.bin from world-atlas (Natural Earth 1:50m land, public domain):
// polylines in 0.01 degree units, thinned, each as length, first point, then small steps.
// Integers are zig-zag variable-length, seven bits a byte.
import { readFileSync, writeFileSync } from 'node:fs';
import { feature } from 'topojson-client';

const topology = JSON.parse(readFileSync('node_modules/world-atlas/land-50m.json', 'utf8'));
const land = feature(topology, topology.objects.land);
const TOLERANCE = 0.03;
const UNIT = 0.01;

function thin(line, tolerance) {
  const keep = new Uint8Array(line.length);
  keep[0] = keep[line.length - 1] = 1;
  const stack = [[0, line.length - 1]];
  while (stack.length) {
    const [a, b] = stack.pop();
    const [ax, ay] = line[a];
    const dx = line[b][0] - ax;
    const dy = line[b][1] - ay;
    const n = Math.hypot(dx, dy);
    let worst = 0;
    let at = -1;
    for (let k = a + 1; k < b; k++) {
      const ex = line[k][0] - ax;
      const ey = line[k][1] - ay;
      const d = n > 1e-9 ? Math.abs(ex * dy - ey * dx) / n : Math.hypot(ex, ey);
      if (d > worst) { worst = d; at = k; }
    }
    if (worst > tolerance) {
      keep[at] = 1;
      stack.push([a, at], [at, b]);
    }
  }
  return line.filter((_, k) => keep[k]);
}

// seams along the antimeridian and the pole are artefacts of the map, not coasts
const onSeam = (p, q) =>
  (Math.abs(p[0]) > 179.99 && Math.abs(q[0]) > 179.99) || (p[1] < -89.9 || q[1] < -89.9);

const lines = [];
for (const f of land.features ?? [land]) {
  const polygons = f.geometry.type === 'Polygon' ? [f.geometry.coordinates] : f.geometry.coordinates;
  for (const polygon of polygons) {
    for (const ring of polygon) {
      let run = [ring[0]];
      for (let k = 1; k < ring.length; k++) {
        if (onSeam(ring[k - 1], ring[k])) {
          if (run.length > 1) lines.push(run);
          run = [ring[k]];
        } else run.push(ring[k]);
      }
      if (run.length > 1) lines.push(run);
    }
  }
}

const bytes = [];
function put(v) {
  let z = v >= 0 ? 2 * v : -2 * v - 1;
  while (z > 127) { bytes.push((z & 127) | 128); z = Math.floor(z / 128); }
  bytes.push(z);
}
let points = 0;
for (const line of lines) {
  const q = thin(line, TOLERANCE).map(([x, y]) => [Math.round(x / UNIT), Math.round(y / UNIT)]);
  if (q.length < 2) continue;
  points += q.length;
  put(q.length);
  let [px, py] = [0, 0];
  for (const [x, y] of q) { put(x - px); put(y - py); [px, py] = [x, y]; }
}
writeFileSync('src/data/coast.bin', Uint8Array.from(bytes));
console.log(`${points} points, ${bytes.length} bytes`);
