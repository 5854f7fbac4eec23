// The left column (facts, events, checks) and the tables of the right-hand tabs.

import { brand } from './brand.js';
import { h } from './lib/dom.js';
import { byCheck } from './lib/findings.js';
import { bodyOf, ROUTINE } from './lib/places.js';
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
    brand(),
    h('h1', {}, page.name),
    h('span', { class: 'spacer' }),
    h('span', { class: `pill ${go ? 'go' : 'nogo'}` },
      `${page.verdict.toUpperCase()} · ${n} check${n === 1 ? '' : 's'}`),
    c.fails ? h('span', { class: 'pill nogo' }, `${c.fails} failed`) : null,
    c.warns ? h('span', { class: 'pill warn' }, `${c.warns} warning${c.warns === 1 ? '' : 's'}`) : null,
    c.not_judged ? h('span', { class: 'pill mute' }, `${c.not_judged} not judged`) : null,
  );
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
  const shown = pickEvents(page);
  const list = h('ol', { class: 'events' });
  const style = timeColumn(shown);
  const rows = shown.map((e) => {
    const own = page.primary.includes(e.object);
    const label = own ? sentence(e.name) : `${sentence(e.object)}: ${e.name}`;
    const button = h(
      'button', {
        type: 'button', class: own ? '' : 'other', onclick: () => clock.set(e.t_s, 'event'),
        title: `${value(e.altitude_m / 1000, 'km')}${bodyOf(page, e) === 'moon' ? ' over the Moon' : ''}, ${value(e.speed_inertial_m_s, 'm/s')}, `
          + latlon(e.latitude_deg, e.longitude_deg),
      },
      h('time', { style }, since(e.t_s)), h('span', {}, label),
    );
    list.append(h('li', {}, button));
    return button;
  });
  clock.on((t) => {
    let at = -1;
    shown.forEach((e, k) => { if (e.t_s <= t + 0.02) at = k; });
    rows.forEach((b, k) => {
      if (b.classList.contains('here') === (k === at)) return;
      b.classList.toggle('here', k === at);
      // keep it in sight inside its own list, without moving the page
      const row = b.parentElement;
      if (k === at && list.scrollHeight > list.clientHeight + 2) {
        list.scrollTop = row.offsetTop - list.offsetTop - list.clientHeight / 2;
      }
    });
  });
  const later = page.events.filter((e) => crafts(page).includes(e.object) && !shown.includes(e));
  const bodies = new Set(later.map((e) => bodyOf(page, e)));
  const where = [bodies.has('earth') && 'Orbit', bodies.has('moon') && 'Moon'].filter(Boolean).join(' and ');
  return h(
    'section', { class: 'grow' }, h('h2', {}, 'Events ', h('small', {}, 'click to jump')), list,
    later.length > 0
      ? h('p', { class: 'quiet' }, `and ${later.length} more in orbit, under ${where}`) : null,
  );
}

// the spacecraft of the line that is followed
const crafts = (page) => page.primary.slice(1);

// as wide as the longest time, so that names stand under each other
function timeColumn(events) {
  return { minWidth: `max(56px, ${Math.max(0, ...events.map((e) => since(e.t_s).length))}ch)` };
}

// everything up to the spacecraft's release, then impacts: what the left column lists; a
// separation is told once, by the vehicle
export function pickEvents(page) {
  // of a flight that begins in orbit: its burns, and where coasts end
  if (!page.site) {
    return page.events.filter((e) => !ROUTINE.test(e.name));
  }
  const stack = page.events.filter((e) => e.object === page.primary[0]);
  const release = stack.length ? stack[stack.length - 1].t_s : 0;
  return page.events.filter(
    (e) => (e.object === page.primary[0]
      || (crafts(page).includes(e.object) ? e.t_s <= release + 1 || (page.moon && !ROUTINE.test(e.name))
        : e.name !== 'separation')),
  );
}

export function checks(page, open) {
  return h(
    'section', { class: 'grow' }, h('h2', {}, 'Checks ', h('small', {}, 'measured against limit')),
    h('ul', { class: 'checks' }, byCheck(page.findings).map((g) => h(
      'li', { class: g.verdict },
      h(
        'button', { type: 'button', onclick: () => open(g.check), title: g.worst.why },
        h('span', { class: 'mark', role: 'img', 'aria-label': SAID[g.verdict] }, MARK[g.verdict] ?? '?'),
        h('span', { class: 'what' }, words(g.check), g.all.length > 1
          ? h('small', { class: 'count' }, ` ×${g.all.length}`) : ''),
        h('span', { class: 'val' }, against(g.worst)),
      ),
    ))),
  );
}

const words = (check) => sentence(check.replace(/-/g, ' '));

export function against(f) {
  if (f.measured === null) return '';
  let [m, l] = [value(f.measured), value(f.limit)];
  if (m === l && f.verdict !== 'holds') [m, l] = [f.measured, f.limit].map((x) => x.toPrecision(7));
  const u = unit(f) === 'deg' ? '°' : unit(f) ? `\u202f${unit(f)}` : '';
  return f.limit === null ? `${m}${u}` : `${m} / ${l}${u}`;
}

const unit = (f) => (f.unit === '1' ? '' : f.unit.replace(/\^2/g, '²'));

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
const kind = (c) => (isNumber(c) ? 'num' : typeof c === 'string' && c.length < 13 ? 'tight' : '');
const isNumber = (c) => typeof c === 'string' && /^[+\u2212-]?[\d\u202f.]+(e[+\u2212-]?\d+)?([\u202f ]?(km|m\/s|kg|s|°|%))?$/.test(c);

export function findingsDetail(page) {
  return h('div', { class: 'cards' }, byCheck(page.findings).map((g) => h(
    'details', { class: `card ${g.verdict}`, 'data-check': g.check, open: g.verdict === 'fails' || g.verdict === 'warns' },
    h('summary', {}, h('span', { class: 'mark', 'aria-hidden': 'true' }, MARK[g.verdict] ?? '?'),
      words(g.check), h('span', { class: 'tag' },
        `${SAID[g.verdict] ?? g.verdict}${g.all.length > 1 ? ` ×${g.all.length}` : ''}`)),
    g.all.map((f) => h(
      'div', { class: `one ${f.verdict}` },
      h('p', {}, g.all.length > 1 ? h('span', { class: 'mark', 'aria-hidden': 'true' }, MARK[f.verdict] ?? '?') : null, f.why),
      h('dl', {},
        ...pair('measured', f.measured === null ? '' : value(f.measured, unit(f))),
        ...pair('limit', f.limit === null ? '' : value(f.limit, unit(f))),
        ...pair('margin', f.margin === null ? '' : value(f.margin, unit(f))),
        ...pair('where', [f.object, f.where].filter(Boolean).join(': ')),
        ...pair('roads', f.roads.filter(Boolean).join(' — '))),
    )),
  )));
}

function pair(name, text) {
  return text ? [h('dt', {}, name), h('dd', {}, text)] : [];
}

export function ledger(page) {
  const out = [];
  for (const l of page.ledger) {
    out.push(
      h('h3', {}, `Velocity, ${l.chapter}${page.lines?.length ? `, ${sentence(l.object)}` : ''}`),
      table(['', 'm/s'], [
        ['delta-v from propellant', value(l.delta_v_m_s)],
        ...Object.entries(l.losses_m_s).map(([k, v]) => [`lost to ${k}`, value(v)]),
      ], 'Velocity ledger'),
      h('h3', {}, 'Burns: propellant, other mass, delta-v'),
      table(['stage', 'from', 'to', 'kg', 'other kg', 'm/s'], l.burns.map((b) => [
        b.stage, since(b.start_s), since(b.end_s), value(b.propellant_kg),
        value(b.consumables_kg), value(b.delta_v_m_s),
      ]), 'Burns'),
      h('h3', {}, 'Left at the end, and dropped on the way'),
      table(['', 'kg'], [
        ...Object.entries(l.propellant_left_kg).map(([k, v]) => [`${k}, propellant left`, value(v)]),
        ...Object.entries(l.separated_kg).map(([k, v]) => [`${k}, separated`, value(v)]),
      ], 'Masses'),
    );
  }
  const plain = page.solves.filter((s) => !Object.keys(s.residuals).length && !s.audit.length);
  for (const s of page.solves) {
    if (plain.includes(s)) continue;
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
  for (const method of new Set(plain.map((s) => s.method))) {
    const of = plain.filter((s) => s.method === method).map((s) => s.object);
    out.push(h('p', { class: 'quiet' }, `${of.join(', ')}: ${method}`));
  }
  return out.length ? out : [h('p', { class: 'quiet' }, 'No leg carries a ledger.')];
}

export function sources(page) {
  return [
    page.payload?.published.length
      ? h('div', {}, h('h3', {}, 'Published for this vehicle'),
        h('ul', { class: 'plain' }, page.payload.published.map((x) => h('li', {}, x))))
      : null,
    ...[...new Set(page.sources.map((s) => s.of))].flatMap((of) => [
      h('h3', {}, `Figures of ${of}, estimated first`),
      table(['figure', 'source'], page.sources.filter((s) => s.of === of).map((s) => [
        h('span', {}, s.figure.replace(/([._])/g, '$1\u200b'), h('br'),
          h('small', { class: `status ${s.status}` }, s.status)),
        s.note ? `${s.source} (${s.note})` : s.source,
      ]), `Sources of figures of ${of}`),
    ]),
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

// the orbits that were reached about a body, and what happened in orbit about it
export function orbitTables(page, clock, body = 'earth') {
  const about = (o) => o && (o.body ?? 'earth') === body;
  if (!page.orbit && body === 'earth') return [h('p', { class: 'quiet' }, 'No orbit was reached.')];
  const first = page.site ? 'Orbit at release' : 'Orbit at the start';
  const later = page.events.filter((e) => crafts(page).includes(e.object) && bodyOf(page, e) === body);
  const style = timeColumn(later);
  return [
    ...(about(page.orbit) ? elements(page.orbit, first) : []),
    ...(about(page.reached) ? elements(page.reached, 'Orbit after the last burn') : []),
    h('h3', {}, `Events ${body === 'moon' ? 'about the Moon' : 'in orbit'} (${later.length})`),
    h('div', { class: 'scroll tall' }, h('ol', { class: 'events' }, later.map((e) => h(
      'li', {}, h(
        'button', { type: 'button', onclick: () => clock.set(e.t_s, 'event') },
        h('time', { style }, since(e.t_s)), h('span', {}, sentence(e.name)),
        h('span', { class: 'at' }, latlon(e.latitude_deg, e.longitude_deg)),
      ),
    )))),
    ...overflights(page, body),
  ];
}

// when the places that are to be photographed are flown over in their light
function overflights(page, body) {
  const seen = (page.overflights ?? []).filter((o) => o.body === body);
  if (!seen.length) return [];
  const deg = (x) => `${x.toFixed(1)}°`;
  return [
    h('h3', {}, `Places photographed (${seen.length})`),
    table(['place', 'best, UTC', 'lasts', 'off nadir', 'Sun', 'range'], seen.map((o) => [
      sentence(o.site.replace(/-/g, ' ')), o.best_utc.slice(0, 19).replace('T', ' '),
      value(o.duration_s, 's'), deg(o.best_off_nadir_deg),
      deg(o.sun_elevation_deg) + (o.sun_share !== undefined && o.sun_share !== null && o.sun_share < 1 ? ' *' : ''),
      value(o.range_m / 1000, 'km'),
    ]), 'Overflights'),
    seen.some((o) => o.sun_share < 1 && o.sun_share !== null)
      ? h('p', { class: 'quiet' }, '* ground around the place hides the Sun, in part or wholly') : null,
  ];
}

function elements(o, when) {
  const row = (name, key, digits, unit = '') => [
    name, `${o.mean[key].toFixed(digits)}${unit}`, `${o.osculating[key].toFixed(digits)}${unit}`,
  ];
  const lunar = o.body === 'moon';
  const [low, high, axes] = lunar
    ? ['perilune', 'apolune', 'Moon’s equator of date'] : ['perigee', 'apogee', 'true equator of date'];
  return [
    h('h3', {}, `${when}, ${axes}`),
    table(['', 'mean', 'osculating'], [
      ['semi-major axis', `${(o.mean.a_m / 1000).toFixed(3)} km`, `${(o.osculating.a_m / 1000).toFixed(3)} km`],
      row('eccentricity', 'e', 6), row('inclination', 'i_deg', 4, '°'),
      row('node', 'raan_deg', 4, '°'), row(`${low} argument`, 'argp_deg', 3, '°'),
    ], 'Elements'),
    h('p', { class: 'quiet' },
      `Mean by ${o.mean.theory}. ${sentence(low)} ${value(o.perigee_altitude_m / 1000)} km, ${high} `
      + `${value(o.apogee_altitude_m / 1000)} km.${o.ltan === null ? '' : ` LTAN ${o.ltan}.`}`
      + (o.node_rate_deg_day === null ? '' : ` Node drift ${o.node_rate_deg_day.toFixed(4)}° a day.`)),
  ];
}
