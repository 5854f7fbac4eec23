// Bundles the pages: a script and a style sheet each, one template, copied into the Python package.
import { build } from 'esbuild';
import { copyFileSync, statSync, readFileSync, writeFileSync } from 'node:fs';

const out = '../src/cosmodrome/report/static';
for (const [from, name] of [['src/main.js', 'report'], ['src/verify/main.js', 'verify']]) {
  await build({
    entryPoints: [from],
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2022',
    charset: 'utf8',
    legalComments: 'none',
    loader: { '.webp': 'dataurl', '.bin': 'binary' },
    outfile: `${out}/${name}.js`,
  });
  await build({
    entryPoints: [`src/${name}.css`],
    bundle: true,
    minify: true,
    outfile: `${out}/${name}.css`,
  });
}
copyFileSync('src/report.html', `${out}/report.html`);
// the licences travel with every copy, so they stand at the head of the built file
const made = ['three', 'uplot'].map((name) => {
  const { version } = JSON.parse(readFileSync(`node_modules/${name}/package.json`, 'utf8'));
  const text = readFileSync(`node_modules/${name}/LICENSE`, 'utf8').trim().replaceAll('*/', '* /');
  return `${name} ${version}\n\n${text}`;
});
const head = [
  'The report page of cosmodrome, Apache-2.0. Made from web/src, see web/README.md.',
  'Coastlines and relief: Natural Earth, public domain. It carries:',
  ...made,
].join('\n\n');
writeFileSync(`${out}/report.js`, `/*!\n${head}\n*/\n${readFileSync(`${out}/report.js`, 'utf8')}`);
for (const name of ['report.js', 'report.css', 'verify.js', 'verify.css', 'report.html']) {
  console.log(name, statSync(`${out}/${name}`).size);
}
