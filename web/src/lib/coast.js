// Unpacks coastlines: polylines of [lon, lat] degrees from zig-zag variable-length integers.

export function coastlines(bytes) {
  const lines = [];
  let at = 0;
  const take = () => {
    let z = 0;
    let place = 1;
    let byte;
    do {
      byte = bytes[at++];
      z += (byte & 127) * place;
      place *= 128;
    } while (byte > 127);
    return z % 2 ? -(z + 1) / 2 : z / 2;
  };
  while (at < bytes.length) {
    const n = take();
    const line = new Float32Array(2 * n);
    let x = 0;
    let y = 0;
    for (let k = 0; k < n; k++) {
      x += take();
      y += take();
      line[2 * k] = x / 100;
      line[2 * k + 1] = y / 100;
    }
    lines.push(line);
  }
  return lines;
}
