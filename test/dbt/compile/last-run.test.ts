// What a node that asks the warehouse takes from dbt's last run: only the unknown parts, only while nothing that they hang on changed, each marked.

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { jsonable } from '../../../server/cli/json-values.ts'
import { compileNode } from '../../../server/dbt/compile/compile.ts'
import { filledFrom } from '../../../server/dbt/compile/fill.ts'
import { lastRun } from '../../../server/dbt/compile/last-run.ts'
import type { CompiledPiece } from '../../../server/dbt/compile/types.ts'
import type { Snapshot } from '../../../server/dbt/snapshot.ts'
import { compiledDocument, withLastRun } from '../../../server/ide/compiled.ts'
import { hintsInside } from '../../../server/ide/compiled-features.ts'
import { lastRunHover } from '../../../server/ide/hover-values.ts'
import { PyDict, PyList, type Value } from '../../../server/jinja/value.ts'
import { snapshotOf, type Scenery } from '../../support/snapshot.ts'

const last = suite('last run')

const PROJECT = `
  //- models/t.sql
  select 1 as id
  //- models/m.sql
  select {{ adapter.execute('select 1') }} as a, {{ adapter.execute('select 2') }} as b from {{ ref('t') }}
`
const TEXT = 'select 7 as a, 8 as b from "dev"."dev_me"."t"'
const STARTED = '2026-01-05T01:00:00.000Z'
const OPTIONS = { target: null, profile: null, vars: {}, which: 'compile' }

/** As real dbt leaves it, of a fixture as it stands. */
function leave({ host, snapshot }: Scenery, text: string, { args = {}, invocation = 'one', macros = {} }: { readonly args?: object; readonly invocation?: string; readonly macros?: object } = {}): void {
  const { targetPath } = snapshot.project
  const nodes = Object.fromEntries([...snapshot.manifest.nodes.values()].map((node) => [node.unique_id, {
    unique_id: node.unique_id, resource_type: node.resource_type, name: node.name, package_name: node.package_name, fqn: node.fqn, raw_code: node.raw_code, config: plain(new PyDict(node.config)),
    unrendered_config: plain(new PyDict(node.unrendered_config)), database: node.database, schema: node.schema, alias: node.alias, access: 'protected', depends_on: node.depends_on, compiled_code: node.name === 'm' ? text : 'select 1 as id',
  }]))
  const metadata = { dbt_schema_version: 'https://schemas.getdbt.com/dbt/manifest/v12.json', dbt_version: '1.12.6', generated_at: STARTED, invocation_id: 'one', adapter_type: 'duckdb', project_name: 'p' }
  host.files.set(`${targetPath}/manifest.json`, JSON.stringify({ metadata, nodes, sources: {}, macros }))
  host.files.set(`${targetPath}/run_results.json`, JSON.stringify({ metadata: { ...metadata, invocation_id: invocation, generated_at: '2026-01-05T01:04:05Z' }, args: { ...OPTIONS, ...args }, results: [{ unique_id: 'model.p.m', status: 'success' }] }))
}

function edit({ host, snapshot }: Scenery, id: string, change: (node: Record<string, unknown>) => object): void {
  const file = `${snapshot.project.targetPath}/manifest.json`
  const manifest = JSON.parse(host.files.get(file) ?? '') as { nodes: Record<string, Record<string, unknown>> }
  host.files.set(file, JSON.stringify({ ...manifest, nodes: { ...manifest.nodes, [id]: change(manifest.nodes[id] ?? {}) } }))
}

function plain(value: Value): unknown {
  const given = jsonable(value)
  if (given instanceof PyDict) return Object.fromEntries(given.items().map(([key, each]) => [String(key), plain(each)]))
  return given instanceof PyList ? given.items.map(plain) : typeof given === 'bigint' ? Number(given) : given
}

/** dbt's own macros are known, as they are where dbt is installed. */
function withMacros(snapshot: Snapshot): Snapshot { return { ...snapshot, world: { ...snapshot.world, macros: { ...snapshot.world.macros, source: 'dbt' } } } }

async function filled(scenery: Scenery) {
  const snapshot = withMacros(scenery.snapshot)
  const node = snapshot.manifest.nodes.get('model.p.m')
  assert.ok(node)
  const compiled = compileNode(snapshot, node)
  assert.ok(compiled)
  assert.is(compiled.compiled_code, null)
  const run = await lastRun(scenery.host, scenery.inputs, snapshot)
  return run ? run.filled(compiled) : compiled
}

last('the unknown parts are those of the last run, marked with their evidence', async () => {
  const scenery = await snapshotOf(PROJECT)
  leave(scenery, TEXT)
  const found = await filled(scenery)
  assert.is(found.compiled_code, TEXT)
  assert.equal(found.evidence.map(({ evidence, as_of }) => [evidence, as_of]), Array.from({ length: 2 }, () => ['run-results', '2026-01-05T01:04:05Z']))
  assert.equal(found.pieces.filter(({ unknown }) => unknown !== null).map(({ text }) => text), ['7', '8'])
})

last('in the editor each of them is marked with its age', async () => {
  const scenery = await snapshotOf(PROJECT)
  leave(scenery, TEXT)
  const snapshot = withMacros(scenery.snapshot)
  const before = compiledDocument(snapshot, '/p/models/m.sql')
  assert.ok(before)
  const document = await withLastRun(snapshot, before, () => lastRun(scenery.host, scenery.inputs, snapshot))
  assert.is(document.text, TEXT)
  assert.ok(document.evidence.length > 0)
  const marks = document.marks.filter(({ kind }) => kind === 'evident')
  assert.equal(marks.map(({ start, end }) => document.text.slice(start, end)), ['7', '8'])
  assert.equal(hintsInside(snapshot, document, { start: 0, end: TEXT.length }).map(({ label }) => label).slice(0, 2), ["← dbt's last run, 2 h old", "← dbt's last run, 2 h old"])
  const hovered = lastRunHover(snapshot, document, snapshot.files.get('/p/models/m.sql')?.text.indexOf('2') ?? 0)
  assert.match(hovered?.text ?? '', /^dbt's last run had here\n\n```sql\n8\n```\n\n- `.*`: answered from the last run .*manifest\.json, 2 h old$/)
})

for (const [what, change] of Object.entries<(scenery: Scenery) => void>({
  'another target': (scenery) => leave(scenery, TEXT, { args: { target: 'prod' } }),
  'other variables': (scenery) => leave(scenery, TEXT, { args: { vars: { a: 1 } } }),
  'deferred': (scenery) => leave(scenery, TEXT, { args: { defer: true, state: 'x' } }),
  'results of another run': (scenery) => leave(scenery, TEXT, { invocation: 'two' }),
  'a macro that is gone': (scenery) => leave(scenery, TEXT, { macros: { 'macro.p.ref': { unique_id: 'macro.p.ref', name: 'ref', package_name: 'p', macro_sql: '{% macro ref() %}{% endmacro %}' } } }),
  'dbt_project.yml written since': (scenery) => { leave(scenery, TEXT); scenery.host.changed.set('/p/dbt_project.yml', Date.parse(STARTED) + 1) },
  'a text that the known parts do not stand in': (scenery) => leave(scenery, TEXT.replace('dev_me', 'dev_you')),
  'another body': (scenery) => { leave(scenery, TEXT); edit(scenery, 'model.p.m', (node) => ({ ...node, raw_code: `${String(node['raw_code'])} -- old` })) },
  'another body of what it reads': (scenery) => { leave(scenery, TEXT); edit(scenery, 'model.p.t', (node) => ({ ...node, raw_code: 'select 2 as id' })) },
  'another rendered config': (scenery) => { leave(scenery, TEXT); edit(scenery, 'model.p.m', (node) => ({ ...node, config: { ...node['config'] as object, materialized: 'table' } })) },
})) {
  last(`not of ${what}`, async () => {
    const scenery = await snapshotOf(PROJECT)
    change(scenery)
    assert.is((await filled(scenery)).compiled_code, null)
  })
}

for (const [text, args, kept] of [
  ["{{ env_var('X', '') }}", {}, false],
  ['{{ run_started_at }}', {}, false],
  ['-- {{ this }}', { which: 'compile' }, true],
  ['-- {{ this }}', { which: 'run' }, false],
] as const) {
  last(`text that hangs on more than the warehouse: ${text} ${JSON.stringify(args)}`, async () => {
    const scenery = await snapshotOf(`
      //- models/m.sql
      {% if adapter.execute('select 1')[1].rows[0][0] %}${text}{% endif %}
    `)
    leave(scenery, 'anything', { args })
    assert.is((await filled(scenery)).compiled_code, kept ? 'anything' : null)
  })
}

const piece = (text: string | null): CompiledPiece => ({ start: 0, end: 0, text, source: null, unknown: text === null ? { code: 'adapter', message: '', place: { path: '', start: 0, end: 0 } } : null, resolutions: [], cte: null, sites: [], literal: false })
for (const [name, pieces, text, expected] of [
  ['one gap', ['a', null, 'c'], 'abc', ['a', 'b', 'c']],
  ['an empty gap', ['a', null, 'c'], 'ac', ['a', '', 'c']],
  ['gaps at both ends', [null, 'b', null], 'abc', ['a', 'b', 'c']],
  ['two ways to read it', [null, 'x', null], 'axbxc', ['axbxc']],
  ['gaps side by side', ['a', null, null, 'd'], 'abcd', ['a', 'bc', 'd']],
  ['ends that would overlap', ['ab', null, 'ba'], 'aba', null],
  ['known text that is not there', ['a', null, 'x', null, 'c'], 'abc', null],
  ['another end', ['a', null, 'c'], 'abd', null],
  ['nothing unknown', ['a', 'b'], 'ab', ['a', 'b']],
] as const) {
  last(`read off: ${name}`, () => {
    const found = filledFrom(pieces.map(piece), text)
    assert.equal(found?.map((each) => each.text) ?? null, expected)
    if (found?.some(({ unknown }) => unknown)) assert.is(found.at(-1)?.end, text.length)
  })
}

last.run()
