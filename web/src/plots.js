// Small plots over time since lift-off; a yellow line is now, faint lines are events.

import uPlot from 'uplot';
import { h } from './lib/dom.js';
import { since, value } from './lib/format.js';
import { ROUTINE } from './lib/places.js';
import { spanText } from './lib/scale.js';
import { climbEnd, joined, linear } from './lib/series.js';

// about the Moon there is no air, and what counts is the speed over the ground
export const MOON_COLUMNS = [
  { name: 'altitude_km', title: 'Altitude over 1,737.4 km', unit: 'km', color: '#4fc3ff' },
  { name: 'speed_inertial_m_s', title: 'Inertial speed about the Moon', unit: 'm/s', color: '#9a8cff' },
  { name: 'speed_relative_m_s', title: 'Speed over the ground', unit: 'm/s', color: '#c58cff' },
  {
    name: 'acceleration_g', title: 'Sensed acceleration', unit: 'g', color: '#ff6f91',
    when: (y) => y.some((v) => v > 0),
  },
  {
    name: 'thrust_kn', title: 'Thrust', unit: 'kN', color: '#ffc14a', when: (y) => y.some((v) => v > 0),
  },
  {
    name: 'thrust_level_pct', title: 'Thrust level', unit: '%', color: '#5fe0d0',
    when: (y) => y.some((v) => v > 0 && Math.abs(v - 100) > 1),
  },
  { name: 'mass_kg', title: 'Mass', unit: 'kg', color: '#46d68c' },
];

export const COLUMNS = [
  { name: 'altitude_km', title: 'Altitude', unit: 'km', color: '#4fc3ff' },
  { name: 'speed_inertial_m_s', title: 'Inertial speed', unit: 'm/s', color: '#9a8cff' },
  {
    name: 'dynamic_pressure_kpa', title: 'Dynamic pressure', unit: 'kPa', color: '#ff9f4a',
    limit: 'dynamic_pressure_kpa',
  },
  {
    name: 'acceleration_g', title: 'Sensed acceleration', unit: 'g', color: '#ff6f91',
    limit: 'acceleration_g',
  },
  // only of a mission that says what blows
  { name: 'wind_m_s', title: 'Wind at its height', unit: 'm/s', color: '#b7c96a' },
  { name: 'thrust_kn', title: 'Thrust', unit: 'kN', color: '#ffc14a' },
  {
    name: 'thrust_level_pct', title: 'Thrust level', unit: '%', color: '#5fe0d0',
    when: (y) => y.some((v) => v > 0 && Math.abs(v - 100) > 1),
  },
  { name: 'mass_kg', title: 'Mass', unit: 't', color: '#46d68c', scale: 1e-3 },
];

const DAY_S = 86400;

const AXIS = {
  stroke: '#7f8ea3', font: '10px system-ui, sans-serif',
  grid: { stroke: 'rgba(140,160,190,.13)', width: 1 }, ticks: { show: false },
};

export class Plots {
  // range "climb": to the first long coast; "release": the whole of the vehicle's flight; "all";
  // or [from, to]. objects: those that are plotted
  constructor(box, page, clock, columns = COLUMNS, range = 'climb', height = 74, objects = page.objects) {
    this.page = page;
    this.objects = objects;
    this.clock = clock;
    this.box = box;
    this.height = height;
    this.plots = [];
    this.span = this.spanOf(range);
    const own = objects === page.objects ? page.primary[page.site ? 0 : 1] : null;
    this.marks = page.events.filter((e) => (own ? e.object === own
      : page.primary.includes(e.object) && !ROUTINE.test(e.name))).map((e) => e.t_s);
    for (const column of columns) this.add(column);
    new ResizeObserver(() => this.resize()).observe(box);
    clock.on(() => {
      if (!this.box.clientWidth) return;
      for (const { plot, read, now } of this.plots) {
        plot.redraw(false, false);
        read.textContent = now();
      }
    });
  }

  spanOf(range) {
    const [start, end] = this.page.span_s;
    if (Array.isArray(range)) return range;
    if (range === 'all') return [start, end];
    const stack = this.page.objects.find((o) => o.id === this.page.primary[0]);
    const release = stack ? stack.series.t_s.at(-1) : end;
    return [start, range === 'release' ? release : Math.min(climbEnd(this.page.timeline, end), end)];
  }

  setRange(range) {
    this.span = this.spanOf(range);
    for (const { plot } of this.plots) plot.setScale('x', { min: this.span[0], max: this.span[1] });
  }

  add(column) {
    if (!this.objects.every((o) => column.name in o.series)) return;
    const [t, raw] = joined(this.objects, this.page.primary, column.name);
    if (column.when && !column.when(raw)) return;
    const y = raw.map((v) => (v === null ? null : v * (column.scale ?? 1)));
    const limit = column.limit ? this.page.limits[column.limit] : null;
    const now = () => {
      if (this.page.moon && (this.clock.t < t[0] || this.clock.t > t.at(-1))) return '';
      const x = linear(t, y, this.clock.t);
      return x === null ? '' : `${value(Math.abs(x) < 1e-3 ? 0 : x)} ${column.unit}`;
    };
    const read = h('span', { class: 'read' }, now());
    const body = h('div', { class: 'plot-body' });
    const figure = h(
      'figure', { class: 'plot', 'aria-label': `${column.title} over time, ${column.unit}` },
      h('figcaption', {}, h('span', {}, `${column.title}, ${column.unit}`), read), body,
    );
    this.box.append(figure);
    const plot = new uPlot({
      width: Math.max(body.clientWidth || this.box.clientWidth, 200),
      height: this.height,
      legend: { show: false },
      cursor: {
        x: true, y: false, drag: { setScale: false, x: false, y: false },
        points: { size: 5, fill: column.color },
        bind: { click: (u) => (e) => { this.jump(u, e); return null; } },
      },
      padding: [6, 14, 0, 0],
      scales: {
        x: { time: false, min: this.span[0], max: this.span[1] },
        y: { range: (u, lo, hi) => range(lo, hi, limit) },
      },
      axes: [
        {
          ...AXIS, size: 18, gap: 2, space: 60,
          incrs: [
            ...[10, 30, 60, 120, 200, 300, 600, 1200, 1800, 3600, 7200, 14400, 21600, 43200],
            ...[1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].map((d) => d * DAY_S),
          ],
          values: (u, splits) => splits.map((v) => (
            splits.length > 1 && splits[1] - splits[0] >= DAY_S ? `${v / DAY_S} d`
              : this.page.moon && v >= DAY_S ? spanText(v) : since(v).slice(2)
          )),
        },
        {
          ...AXIS, size: 44, gap: 4, space: 24,
          values: (u, splits) => splits.map((v) => value(v)),
        },
      ],
      series: [{}, {
        stroke: column.color, width: 1.6, fill: `${column.color}1f`, points: { show: false },
        spanGaps: true,
      }],
      hooks: { draw: [(u) => this.lines(u, limit)] },
    }, [t, y], body);
    plot.over.addEventListener('click', (e) => this.jump(plot, e));
    this.plots.push({ plot, read, now, body });
  }

  jump(u, e) {
    const box = u.over.getBoundingClientRect();
    this.clock.set(u.posToVal(e.clientX - box.left, 'x'), 'plot');
  }

  lines(u, limit) {
    const g = u.ctx;
    const { left, top, width, height } = u.bbox;
    g.save();
    g.beginPath();
    g.rect(left, top, width, height);
    g.clip();
    g.strokeStyle = 'rgba(190,205,225,.16)';
    g.lineWidth = 1;
    for (const t of this.marks) {
      const x = Math.round(u.valToPos(t, 'x', true)) + 0.5;
      line(g, x, top, x, top + height);
    }
    if (limit !== null && limit !== undefined) {
      const y = u.valToPos(limit, 'y', true);
      g.strokeStyle = '#ff5d5d';
      g.setLineDash([5, 4]);
      line(g, left, y, left + width, y);
      g.setLineDash([]);
    }
    g.strokeStyle = '#ffd95e';
    g.lineWidth = 1.5 * devicePixelRatio;
    const x = u.valToPos(this.clock.t, 'x', true);
    line(g, x, top, x, top + height);
    g.restore();
  }

  resize() {
    for (const { plot, body } of this.plots) {
      const width = body.clientWidth;
      if (width > 60 && width !== plot.width) plot.setSize({ width, height: this.height });
    }
  }
}

function line(g, x0, y0, x1, y1) {
  g.beginPath();
  g.moveTo(x0, y0);
  g.lineTo(x1, y1);
  g.stroke();
}

function range(lo, hi, limit) {
  const top = limit !== null && limit !== undefined && limit < hi * 2.5 ? Math.max(hi, limit) : hi;
  const bottom = lo > 0 && lo < top * 0.6 ? 0 : lo;
  const pad = (top - bottom || 1) * 0.07;
  return [bottom === 0 ? 0 : bottom - pad, top + pad];
}
