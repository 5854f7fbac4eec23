// Elements without markup strings: every text goes in as text, so no name can become markup.

export function h(tag, props = {}, ...children) {
  const el = document.createElement(tag);
  for (const [key, v] of Object.entries(props)) {
    if (v === null || v === undefined || v === false) continue;
    if (key === 'class') el.className = v;
    else if (key.startsWith('on')) el.addEventListener(key.slice(2), v);
    else if (key === 'style') Object.assign(el.style, v);
    else el.setAttribute(key, v === true ? '' : v);
  }
  el.append(...children.flat(3).filter((c) => c !== null && c !== undefined && c !== ''));
  return el;
}
