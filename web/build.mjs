// Bundles the page: one script, one style sheet, one template, copied into the Python package.
import { build } from 'esbuild';
import { copyFileSync, statSync, readFileSync, writeFileSync } from 'node:fs';

const out = '../src/cosmodrome/report/static';
await build({
  entryPoints: ['src/main.js'],
  bundle: true,
  minify: true,
  format: 'iife',
  target: 'es2022',
  charset: 'utf8',
  legalComments: 'none',
  loader: { '.webp': 'dataurl', '.bin': 'binary' },
  outfile: `${out}/report.js`,
});
await build({
  entryPoints: ['src/report.css'],
  bundle: true,
  minify: true,
  outfile: `${out}/report.css`,
});
copyFileSync('src/report.html', `${out}/report.html`);
// say in the built file what it carries; the licences stand in web/README.md
const version = (name) =>
  JSON.parse(readFileSync(`node_modules/${name}/package.json`, 'utf8')).version;
const banner =
  `/* cosmodrome report page, Apache-2.0. Carries three.js ${version('three')} (MIT, Copyright` +
  ` 2010-2025 three.js authors), uPlot ${version('uplot')} (MIT, Copyright 2022 Leon Sorokin),` +
  ` coastlines and relief from Natural Earth (public domain). */\n`;
writeFileSync(`${out}/report.js`, banner + readFileSync(`${out}/report.js`, 'utf8'));
for (const name of ['report.js', 'report.css', 'report.html']) {
  console.log(name, statSync(`${out}/${name}`).size);
}
