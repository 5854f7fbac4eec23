// Range safety: what the maps draw of it, and the tab that lists it.

import { h } from './lib/dom.js';
import { latlon, since, value } from './lib/format.js';
import { table } from './panels.js';

export const COLOURS = {
  trace: '#f5e663', corridor: 'rgba(245,230,99,.10)', ellipse: '#ff8a65', fill: 'rgba(255,138,101,.16)',
  drop: '#7ee2a8', keepOut: '#ff6b6b',
};

const swap = (line) => line.map(([lon, lat]) => [lat, lon]);

// the corridor and the impact trace, then the closed ellipse of every fall
export function paint(map, g) {
  const { range_safety: safety, objects } = map.page;
  if (!safety) return;
  // an area over the seam of the world map cannot be filled by one path
  const filled = (colour) => (map.local ? colour : null);
  g.lineWidth = 0.7;
  g.strokeStyle = 'rgba(245,230,99,.45)';
  const ring = [...safety.left_deg, ...[...safety.right_deg].reverse()];
  map.stroke(g, swap(ring), filled(COLOURS.corridor));
  g.lineWidth = 1.1;
  g.strokeStyle = COLOURS.trace;
  g.setLineDash([1, 3]);
  map.stroke(g, swap(safety.trace_deg));
  g.setLineDash([]);
  g.strokeStyle = COLOURS.ellipse;
  for (const o of objects) {
    const ellipse = o.impact?.fall?.ellipse_deg;
    if (ellipse) map.stroke(g, swap([...ellipse, ellipse[0]]), filled(COLOURS.fill));
  }
}

export function legend() {
  const rows = [
    ['dots', COLOURS.trace, 'impact point of the vehicle if thrust stopped (in vacuum)'],
    ['area', COLOURS.trace, '3σ corridor of that point'],
    ['area', COLOURS.ellipse, '3σ ellipse of a fall'],
    ['dash', COLOURS.ellipse, 'fall of a body, × where it lands'],
    ['area', COLOURS.drop, 'drop zone of the site'],
    ['area', COLOURS.keepOut, 'keep-out zone of the site'],
  ];
  return h('ul', { class: 'legend' }, rows.map(([kind, color, text]) => h(
    'li', {}, h('i', { class: kind, style: { color }, 'aria-hidden': 'true' }), text,
  )));
}

// the tables of the tab: where, how, and how it lies to the zones
export function tables(page) {
  const falls = page.objects.filter((o) => o.impact && o.centre !== 'moon');
  if (!falls.length) return [h('p', { class: 'quiet' }, 'Nothing that was dropped came down.')];
  const name = (o) => (o.impact.fall?.pieces > 1 ? `${o.label} (${o.impact.fall.pieces})` : o.label);
  const out = [
    h('h3', {}, 'Where bodies come down'),
    table(['body', 'place', 'range km', '3σ ellipse km', 'towards'], falls.map((o) => {
      const { fall } = o.impact;
      return [
        name(o), latlon(o.impact.latitude_deg, o.impact.longitude_deg), value(o.impact.range_km),
        fall?.ellipse_deg ? `${fall.semi_major_km.toFixed(0)} × ${fall.semi_minor_km.toFixed(0)}` : '',
        fall?.ellipse_deg ? `${fall.azimuth_deg.toFixed(0)}°` : '',
      ];
    }), 'Impacts'),
    h('h3', {}, 'How they fall'),
    table(['body', 'let go', 'kg', 'lands', 'm/s', 'kg/m²'], falls.map((o) => {
      const b = o.impact.fall?.ballistic_kg_m2;
      return [
        name(o), since(o.series.t_s[0]), value(o.impact.mass_kg), since(o.impact.t_s),
        value(o.impact.speed_m_s),
        b ? `${o.impact.fall.ballistic_assumed ? '~' : ''}${b.low.toFixed(0)}–${b.high.toFixed(0)}` : '',
      ];
    }), 'Falls'),
  ];
  const margins = [
    ...falls.flatMap((o) => (o.impact.fall?.margins ?? []).map((m) => [o.label, m])),
    ...(page.range_safety?.margins ?? []).map((m) => ['corridor', m]),
  ];
  if (margins.length) {
    out.push(
      h('h3', {}, 'Margins to zones: inside a drop zone, clear of a keep-out'),
      table(['what', 'zone', 'point km', '3σ km'], margins.map(([what, m]) => [
        what, m.zone, value(m.point_m / 1000), m.closed_m === null ? '' : value(m.closed_m / 1000),
      ]), 'Margins to zones'),
    );
  } else {
    out.push(h('p', { class: 'quiet' }, 'The site gives no zone with coordinates for these bodies.'));
  }
  if (page.range_safety) {
    out.push(h('p', { class: 'quiet' }, `Ellipses are semi-axes; ~ stands before an assumed drag area. Flight.json has one sigma of every input; `
      + `${page.range_safety.method}.`));
  }
  return out;
}
