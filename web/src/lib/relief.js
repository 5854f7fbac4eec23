// The Moon's relief, which only pages that show the Moon carry.

// a data address, or null where the page has none
export function moonRelief() {
  return globalThis.document?.getElementById('moon-relief')?.textContent.trim() || null;
}
