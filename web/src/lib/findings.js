// Findings by check: each check once, with its worst finding; red first, as they come.

const ORDER = { fails: 0, warns: 1, 'not-judged': 2, holds: 3 };

// room left for its limit; the smaller, the worse
function room(f) {
  return f.margin === null || !f.limit ? Infinity : f.margin / Math.abs(f.limit);
}

export function byCheck(findings) {
  const groups = new Map();
  findings.forEach((f, k) => {
    if (!groups.has(f.check)) groups.set(f.check, []);
    groups.get(f.check).push({ ...f, index: k });
  });
  return [...groups].map(([check, all]) => {
    const worst = all.reduce((a, b) => {
      const d = ORDER[b.verdict] - ORDER[a.verdict];
      return d < 0 || (d === 0 && room(b) < room(a)) ? b : a;
    });
    return { check, verdict: worst.verdict, worst, all };
  });
}
