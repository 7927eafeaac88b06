// Bundles the server into one CommonJS file (vscode-languageserver ships CommonJS only), what starts it into a small one, and the VS Code client into another.
// DuckDB is optional and native: it stays outside and is looked up only when it is needed.

import { build } from 'esbuild'
import { chmodSync, copyFileSync, mkdirSync, readFileSync } from 'node:fs'

const { version } = JSON.parse(readFileSync('package.json', 'utf8'))
const common = { bundle: true, platform: 'node', format: 'cjs', target: 'node20', minify: true, legalComments: 'none', metafile: true, logLevel: 'warning' }

await build({
  ...common,
  entryPoints: ['server/main.ts'],
  outfile: 'dist/engine.cjs',
  external: ['@duckdb/node-api'],
  define: { 'process.env.DBT_DEFER_LS_VERSION': JSON.stringify(version), 'import.meta.dirname': '__dirname', 'import.meta.filename': '__filename' },
})
await build({ ...common, entryPoints: ['server/launch.ts'], outfile: 'dist/dbt-defer-ls.cjs', define: { 'import.meta.dirname': '__dirname' }, banner: { js: '#!/usr/bin/env node' } })
chmodSync('dist/dbt-defer-ls.cjs', 0o755)

await build({ ...common, entryPoints: ['client/src/extension.ts'], outfile: 'client/dist/extension.cjs', external: ['vscode'] })
mkdirSync('client/dist', { recursive: true })
for (const file of ['dbt-defer-ls.cjs', 'engine.cjs']) copyFileSync(`dist/${file}`, `client/dist/${file}`)
// Diagnostics link to the paragraph of their code in it.
for (const folder of ['dist', 'client/dist']) copyFileSync('README.md', `${folder}/README.md`)
