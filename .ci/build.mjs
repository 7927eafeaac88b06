// Bundles the server into one CommonJS file (vscode-languageserver ships CommonJS only), with what runs it before it, and the VS Code client into another.
// DuckDB is optional and native: it stays outside and is looked up only when it is needed.

import { build } from 'esbuild'
import { chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'

const { version } = JSON.parse(readFileSync('package.json', 'utf8'))
const common = { bundle: true, platform: 'node', format: 'cjs', target: 'node20', minify: true, legalComments: 'none', metafile: true, logLevel: 'warning' }

const inFile = { 'import.meta.dirname': '__dirname', 'import.meta.filename': '__filename' }
const program = await textOf({ entryPoints: ['server/main.ts'], external: ['@duckdb/node-api'], define: { 'process.env.DBT_DEFER_LS_VERSION': JSON.stringify(version), ...inFile } })
const launch = await textOf({ entryPoints: ['server/launch.ts'], define: inFile, banner: { js: '#!/usr/bin/env node' } })
// One other character, and V8 holds the whole source with two bytes for each.
if (/[^\0-\x7f]/.test(program)) throw new Error(`the bundle is not ASCII: ${/.{0,40}[^\0-\x7f].{0,40}/.exec(program)?.[0]}`)
mkdirSync('dist', { recursive: true })
// As server/host/code-cache.ts reads it.
writeFileSync('dist/dbt-defer-ls.cjs', `${launch.trimEnd()}\n//program\n${program.replace(/^/gm, '//')}`)
chmodSync('dist/dbt-defer-ls.cjs', 0o755)

await build({ ...common, entryPoints: ['client/src/extension.ts'], outfile: 'client/dist/extension.cjs', external: ['vscode'] })
mkdirSync('client/dist', { recursive: true })
copyFileSync('dist/dbt-defer-ls.cjs', 'client/dist/dbt-defer-ls.cjs')
// Diagnostics link to the paragraph of their code in it.
for (const folder of ['dist', 'client/dist']) copyFileSync('README.md', `${folder}/README.md`)

async function textOf(options) {
  const { outputFiles: [{ text }] } = await build({ ...common, ...options, write: false })
  return text
}
