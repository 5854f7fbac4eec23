// The left column (facts, events, checks) and the tables of the right-hand tabs.

import { h } from './lib/dom.js';
import { latlon, sentence, since, value } from './lib/format.js';

export const MARK = { holds: '✓', fails: '✗', warns: '!', 'not-judged': '·' };
const SAID = {
  holds: 'holds', fails: 'fails', warns: 'warning', 'not-judged': 'not judged',
};

export function header(page) {
  const c = page.checks;
  const n = c.holds + c.fails + c.warns + c.not_judged;
  const go = page.verdict === 'go';
  return h(
    'header', { class: 'top' },
    h('span', { class: 'brand' }, mark(), 'cosmodrome'),
    h('h1', {}, page.name),
    h('span', { class: 'spacer' }),
    h('span', { class: `pill ${go ? 'go' : 'nogo'}` },
      `${page.verdict.toUpperCase()} · ${n} check${n === 1 ? '' : 's'}`),
    c.fails ? h('span', { class: 'pill nogo' }, `${c.fails} failed`) : null,
    c.warns ? h('span', { class: 'pill warn' }, `${c.warns} warning${c.warns === 1 ? '' : 's'}`) : null,
    c.not_judged ? h('span', { class: 'pill mute' }, `${c.not_judged} not judged`) : null,
  );
}

function mark() {
  const ns = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(ns, 'svg');
  svg.setAttribute('viewBox', '0 0 20 20');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(ns, 'path');
  path.setAttribute('d', 'M10 1.5 L13 9 L18.5 18 H1.5 L7 9 Z M10 10 L6 16 H14 Z');
  path.setAttribute('fill', 'currentColor');
  path.setAttribute('fill-rule', 'evenodd');
  svg.append(path);
  return svg;
}

export function facts(page) {
  return h(
    'section', {}, h('h2', {}, 'Mission'),
    h('dl', { class: 'facts' }, page.facts.map(
      (f) => h('div', {}, h('dt', {}, f.label), h('dd', {}, f.value)),
    )),
  );
}

export function events(page, clock) {
  const list = h('ol', { class: 'events' });
  const shown = pickEvents(page);
  const rows = shown.map((e) => {
    const own = page.primary.includes(e.object);
    const label = own ? sentence(e.name) : `${sentence(e.object)}: ${e.name}`;
    const button = h(
      'button', {
        type: 'button', class: own ? '' : 'other', onclick: () => clock.set(e.t_s, 'event'),
        title: `${value(e.altitude_m / 1000, 'km')}, ${value(e.speed_inertial_m_s, 'm/s')}, `
          + latlon(e.latitude_deg, e.longitude_deg),
      },
      h('time', {}, since(e.t_s)), h('span', {}, label),
    );
    list.append(h('li', {}, button));
    return button;
  });
  clock.on((t) => {
    let at = -1;
    shown.forEach((e, k) => { if (e.t_s <= t + 0.02) at = k; });
    rows.forEach((b, k) => {
      if (b.classList.contains('here') !== (k === at)) b.classList.toggle('here', k === at);
    });
  });
  const later = page.events.filter((e) => e.object === page.primary[1]).length;
  return h(
    'section', {}, h('h2', {}, 'Events ', h('small', {}, 'click to jump')), list,
    later > 0 ? h('p', { class: 'quiet' }, `and ${later} more in orbit, under Orbit`) : null,
  );
}

// everything up to the spacecraft's release, then impacts: what the left column lists; a
// separation is told once, by the vehicle
export function pickEvents(page) {
  const stack = page.events.filter((e) => e.object === page.primary[0]);
  const release = stack.length ? stack[stack.length - 1].t_s : 0;
  return page.events.filter(
    (e) => (e.object === page.primary[0]
      || (e.object === page.primary[1] ? e.t_s <= release + 1 : e.name !== 'separation')),
  );
}

export function checks(page, open) {
  return h(
    'section', {}, h('h2', {}, 'Checks ', h('small', {}, 'measured against limit')),
    h('ul', { class: 'checks' }, page.findings.map((f, k) => h(
      'li', { class: f.verdict },
      h(
        'button', { type: 'button', onclick: () => open(k), title: f.why },
        h('span', { class: 'mark', role: 'img', 'aria-label': SAID[f.verdict] }, MARK[f.verdict] ?? '?'),
        h('span', { class: 'what' }, sentence(f.check)),
        h('span', { class: 'val' }, against(f)),
      ),
    ))),
  );
}

export function against(f) {
  if (f.measured === null) return '';
  const m = value(f.measured);
  const unit = f.unit === 'deg' ? '°' : f.unit ? `\u202f${f.unit}` : '';
  return f.limit === null ? `${m}${unit}` : `${m} / ${value(f.limit)}${unit}`;
}

export function table(heads, rows, label) {
  return h(
    'div', { class: 'scroll' },
    h(
      'table', { 'aria-label': label },
      h('thead', {}, h('tr', {}, heads.map((t) => h('th', { scope: 'col' }, t)))),
      h('tbody', {}, rows.map((cells) => h(
        'tr', {}, cells.map((c) => h('td', { class: kind(c) }, c)),
      ))),
    ),
  );
}

// numbers stand right; short words and times do not break
const kind = (c) => (isNumber(c) ? 'num' : typeof c !== 'string' || c.length < 13 ? 'tight' : '');
const isNumber = (c) => typeof c === 'string' && /^[+\u2212-]?[\d\u202f.]+(e[+\u2212-]?\d+)?([\u202f ]?(km|m\/s|kg|s|°|%))?$/.test(c);

export function findingsDetail(page) {
  return h('div', { class: 'cards' }, page.findings.map((f, k) => h(
    'article', { class: `card ${f.verdict}`, id: `finding-${k}` },
    h('h3', {}, h('span', { class: 'mark', 'aria-hidden': 'true' }, MARK[f.verdict] ?? '?'),
      sentence(f.check), h('span', { class: 'tag' }, SAID[f.verdict] ?? f.verdict)),
    h('p', {}, f.why),
    h('dl', {},
      ...pair('measured', f.measured === null ? '' : value(f.measured, f.unit)),
      ...pair('limit', f.limit === null ? '' : value(f.limit, f.unit)),
      ...pair('margin', f.margin === null ? '' : value(f.margin, f.unit)),
      ...pair('where', f.where),
      ...pair('roads', f.roads.filter(Boolean).join(' — ')),
      ...pair('object', f.object)),
  )));
}

function pair(name, text) {
  return text ? [h('dt', {}, name), h('dd', {}, text)] : [];
}

export function ledger(page) {
  const out = [];
  for (const l of page.ledger) {
    out.push(
      h('h3', {}, `Velocity, ${l.chapter}`),
      table(['', 'm/s'], [
        ['delta-v from propellant', value(l.delta_v_m_s)],
        ...Object.entries(l.losses_m_s).map(([k, v]) => [`lost to ${k}`, value(v)]),
      ], 'Velocity ledger'),
      h('h3', {}, 'Burns'),
      table(['stage', 'from', 'to', 'propellant kg', 'other kg', 'delta-v m/s'], l.burns.map((b) => [
        b.stage, since(b.start_s, true), since(b.end_s, true), value(b.propellant_kg),
        value(b.consumables_kg), value(b.delta_v_m_s),
      ]), 'Burns'),
      h('h3', {}, 'Left at the end, and dropped on the way'),
      table(['', 'kg'], [
        ...Object.entries(l.propellant_left_kg).map(([k, v]) => [`${k}, propellant left`, value(v)]),
        ...Object.entries(l.separated_kg).map(([k, v]) => [`${k}, separated`, value(v)]),
      ], 'Masses'),
    );
  }
  const falls = page.objects.filter((o) => o.impact);
  if (falls.length) {
    out.push(
      h('h3', {}, 'Drop points'),
      table(['body', 'at', 'place', 'range km'], falls.map((o) => [
        o.label, since(o.impact.t_s), latlon(o.impact.latitude_deg, o.impact.longitude_deg),
        value(o.impact.range_km),
      ]), 'Drop points'),
    );
  }
  for (const s of page.solves) {
    out.push(
      h('h3', {}, `How the numbers were found: ${s.chapter}, ${s.object}`),
      h('p', { class: 'quiet' }, `${s.method}: ${s.status}`),
      table(['', ''], [
        ...Object.entries(s.residuals).map(([k, v]) => [k, value(v)]),
        ...Object.entries(s.budget).map(([k, v]) => [k, value(v)]),
      ], 'Residuals and budget'),
    );
    if (s.audit.length) {
      out.push(table(
        ['force', 'largest m/s²', 'mean m/s²', 'source'],
        s.audit.map((a) => [a.force, value(a.largest_m_s2), value(a.mean_m_s2), a.source]), 'Forces',
      ));
    }
  }
  return out.length ? out : [h('p', { class: 'quiet' }, 'No leg carries a ledger.')];
}

export function sources(page) {
  return [
    page.payload.published.length
      ? h('div', {}, h('h3', {}, 'Published for this vehicle'),
        h('ul', { class: 'plain' }, page.payload.published.map((x) => h('li', {}, x))))
      : null,
    h('h3', {}, 'Figures of site and vehicle, estimated first'),
    table(['of', 'figure', 'status', 'source'], page.sources.map((s) => [
      s.of, s.figure.replace(/([._])/g, '$1\u200b'), h('span', { class: `status ${s.status}` }, s.status),
      s.note ? `${s.source} (${s.note})` : s.source,
    ]), 'Sources of figures'),
    h('h3', {}, 'Data'),
    table(['data', 'source, licence'], page.data.map((d) => [
      h('span', {}, d.name.replace(/_/g, ' '), d.first ? h('br') : null,
        d.first ? h('small', { class: 'quiet' }, `${d.first} to ${d.last}`) : null),
      [d.source, d.licence, d.note].filter(Boolean).join('; '),
    ]), 'Data vintage'),
    page.citations.length ? h('h3', {}, 'Methods') : null,
    h('ul', { class: 'plain' }, page.citations.map((x) => h('li', {}, x))),
    h('h3', {}, 'Made by'),
    h('p', { class: 'quiet' }, Object.entries(page.provenance).map(
      ([k, v]) => `${k} ${typeof v === 'object' ? JSON.stringify(v) : v}`,
    ).join(', ')),
  ];
}

export function orbitTables(page, clock) {
  const o = page.orbit;
  if (!o) return [h('p', { class: 'quiet' }, 'No orbit was reached.')];
  const row = (name, key, digits, unit = '') => [
    name, `${o.mean[key].toFixed(digits)}${unit}`, `${o.osculating[key].toFixed(digits)}${unit}`,
  ];
  const later = page.events.filter((e) => e.object === page.primary[1]);
  return [
    h('h3', {}, 'Orbit at release, true equator of date'),
    table(['', 'mean', 'osculating'], [
      ['semi-major axis', `${(o.mean.a_m / 1000).toFixed(3)} km`, `${(o.osculating.a_m / 1000).toFixed(3)} km`],
      row('eccentricity', 'e', 6), row('inclination', 'i_deg', 4, '°'),
      row('node', 'raan_deg', 4, '°'), row('perigee argument', 'argp_deg', 3, '°'),
    ], 'Elements'),
    h('p', { class: 'quiet' },
      `Mean by ${o.mean.theory}. Perigee ${value(o.perigee_altitude_m / 1000)} km, apogee `
      + `${value(o.apogee_altitude_m / 1000)} km. LTAN ${o.ltan}.`
      + (o.node_rate_deg_day === null ? '' : ` Node drift ${o.node_rate_deg_day.toFixed(4)}° a day.`)),
    h('h3', {}, `Events in orbit (${later.length})`),
    h('div', { class: 'scroll tall' }, h('ol', { class: 'events' }, later.map((e) => h(
      'li', {}, h(
        'button', { type: 'button', onclick: () => clock.set(e.t_s, 'event') },
        h('time', {}, since(e.t_s)), h('span', {}, sentence(e.name)),
        h('span', { class: 'at' }, latlon(e.latitude_deg, e.longitude_deg)),
      ),
    )))),
  ];
}
