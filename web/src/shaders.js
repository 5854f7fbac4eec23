// Relief by day, a dim blue outline by night, a thin bright rim of air. Colours stay in sRGB.

export const EARTH_VERTEX = `
varying vec2 vUv;
varying vec3 vNormal;
varying vec3 vWorld;
void main() {
  vUv = uv;
  vNormal = normalize(mat3(modelMatrix) * normal);
  vec4 world = modelMatrix * vec4(position, 1.0);
  vWorld = world.xyz;
  gl_Position = projectionMatrix * viewMatrix * world;
}`;

export const EARTH_FRAGMENT = `
uniform sampler2D map;
uniform vec3 sun;
uniform float near;
varying vec2 vUv;
varying vec3 vNormal;
varying vec3 vWorld;
void main() {
  vec3 n = normalize(vNormal);
  vec3 eye = normalize(cameraPosition - vWorld);
  // close to the ground the relief is a smear: fade towards a softer, flatter shade of itself
  vec3 c = texture2D(map, vUv, near * 2.2).rgb;
  float grey = dot(c, vec3(0.3, 0.59, 0.11));
  c = mix(vec3(grey), c, 0.82 - 0.25 * near);
  c = pow(c, vec3(1.35)) * 0.86;
  float light = dot(n, sun);
  float day = smoothstep(-0.14, 0.32, light);
  vec3 night = c * vec3(0.10, 0.13, 0.19) + vec3(0.004, 0.008, 0.016);
  vec3 lit = c * (0.62 + 0.42 * max(light, 0.0));
  vec3 color = mix(night, lit, day);
  float rim = pow(1.0 - max(dot(n, eye), 0.0), 3.2);
  color += vec3(0.20, 0.46, 0.86) * rim * (0.18 + 0.82 * day) * 0.72;
  gl_FragColor = vec4(color, 1.0);
}`;

export const AIR_VERTEX = `
varying vec3 vNormal;
varying vec3 vWorld;
void main() {
  vNormal = normalize(mat3(modelMatrix) * normal);
  vec4 world = modelMatrix * vec4(position, 1.0);
  vWorld = world.xyz;
  gl_Position = projectionMatrix * viewMatrix * world;
}`;

export const AIR_FRAGMENT = `
uniform vec3 sun;
varying vec3 vNormal;
varying vec3 vWorld;
void main() {
  // nearest approach of the line of sight to the centre says how deep it looks into the air
  vec3 ray = normalize(vWorld - cameraPosition);
  vec3 closest = cameraPosition - ray * dot(cameraPosition, ray);
  float h = length(closest) - 0.9985;
  float glow = exp(-max(h, 0.0) * 230.0) * 0.85 + exp(-max(h, 0.0) * 80.0) * 0.25;
  glow *= 1.0 - smoothstep(0.010, 0.0212, h);
  float day = smoothstep(-0.25, 0.3, dot(normalize(closest), sun));
  gl_FragColor = vec4(vec3(0.32, 0.62, 1.0) * glow * (0.12 + 0.88 * day), 1.0);
}`;


// The Moon: relief lit by the Sun without air, the night dim enough to tell.
export const MOON_FRAGMENT = `
uniform sampler2D map;
uniform float mapped;
uniform vec3 sun;
uniform float near;
varying vec2 vUv;
varying vec3 vNormal;
varying vec3 vWorld;
void main() {
  float relief = mix(0.55, texture2D(map, vUv, near * 1.5).r, mapped);
  float light = dot(normalize(vNormal), sun);
  float day = smoothstep(-0.03, 0.16, light);
  float lit = relief * (0.58 + 0.5 * sqrt(max(light, 0.0)));
  vec3 color = mix(relief * vec3(0.21, 0.235, 0.29), lit * vec3(1.0, 0.985, 0.955), day);
  gl_FragColor = vec4(color, 1.0);
}`;
