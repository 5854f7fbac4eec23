// Numbers and instants for people.

const two = (n) => String(n).padStart(2, '0');

// T+M:SS, or T+H:MM:SS from an hour on; whole seconds, `tenths` on request
export function since(t, tenths = false) {
  const sign = t < -0.5 ? '-' : '+';
  const unit = tenths ? 10 : 1;
  const n = Math.round(Math.abs(t) * unit);
  const s = Math.floor(n / unit);
  const tail = tenths ? `.${n % unit}` : '';
  const h = Math.floor(s / 3600);
  const m = Math.floor(s / 60) % 60;
  return h > 0
    ? `T${sign}${h}:${two(m)}:${two(s % 60)}${tail}`
    : `T${sign}${m}:${two(s % 60)}${tail}`;
}

// UTC of a time since lift-off; a leap second inside the flight would shift it by one second
export function utc(liftOffUtc, t) {
  const d = new Date(Date.parse(liftOffUtc) + t * 1000);
  return `${d.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

// A number with as many digits as a reader wants: about five significant, groups of thousands
export function value(x, unit = '') {
  if (x === null || x === undefined || !Number.isFinite(x)) return '';
  const a = Math.abs(x);
  let text;
  if (a !== 0 && (a < 1e-3 || a >= 1e7)) text = x.toExponential(2).replace('e', 'e');
  else {
    const digits = a >= 1000 ? 0 : a >= 100 ? 1 : a >= 10 ? 2 : a >= 1 ? 3 : 4;
    text = x.toFixed(digits);
    if (text.includes('.')) text = text.replace(/\.?0+$/, '');
    const [whole, part] = text.split('.');
    const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, '\u202f');
    text = part ? `${grouped}.${part}` : grouped;
  }
  if (text.startsWith('-')) text = `\u2212${text.slice(1)}`;
  const glued = unit === '°' || unit === 'deg' ? '°' : unit ? `\u202f${unit}` : '';
  return text + glued;
}

export function mass(kg) {
  return kg >= 10000 ? `${(kg / 1000).toFixed(1)} t` : `${kg.toFixed(0)} kg`;
}

export function latlon(lat, lon) {
  const ns = lat >= 0 ? 'N' : 'S';
  const ew = lon >= 0 ? 'E' : 'W';
  return `${Math.abs(lat).toFixed(2)}° ${ns}, ${Math.abs(lon).toFixed(2)}° ${ew}`;
}

export function sentence(name) {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
