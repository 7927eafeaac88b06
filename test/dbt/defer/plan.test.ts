// The plan of a command and the problems of a state, over the recorded project `strait`.

import { readFileSync } from 'node:fs'
import path from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { assumed } from '../../../server/dbt/defer/existence.ts'
import { planOf } from '../../../server/dbt/defer/plan.ts'
import { stateProblems, type StateFacts } from '../../../server/dbt/defer/state-problems.ts'
import type { DeferWorld } from '../../../server/dbt/defer/types.ts'
import { edgesOf } from '../../../server/dbt/graph/select-edges.ts'
import type { ManifestNode, ResourceCall } from '../../../server/dbt/nodes/types.ts'
import { openState } from '../../../server/dbt/state/open.ts'
import { scanBytes } from '../../../server/dbt/state/scan.ts'
import { WANTS_ALL } from '../../../server/dbt/state/wants.ts'
import { deferProject } from '../../support/defer-project.ts'
import { manifestFromJson } from '../../support/manifest-from-json.ts'

const directory = path.resolve(import.meta.dirname, '../../fixtures/defer')
const read = manifestFromJson(readFileSync(path.join(directory, 'strait.dev.json'), 'utf8')).manifest
const manifest = { ...read, nodes: new Map(Array.from(read.nodes, ([id, node]) => [id, { ...node, calls: node.refs.map((ref): ResourceCall => ({ kind: 'ref', args: ref.package === null ? [ref.name] : [ref.package, ref.name], version: ref.version, invalid: null, span: { start: 0, end: 0 }, path: '', nameSpan: null, via: [], certain: true })) } satisfies ManifestNode])) }
const pack = scanBytes(readFileSync(path.join(directory, 'strait.state/manifest.json')), WANTS_ALL)
const opened = pack ? openState(pack, '../state', '/state/manifest.json') : null
if (!opened || 'code' in opened) throw new Error('no state')
const state = opened
const project = deferProject('strait', '1.12', { packages: Array.from(new Set(Array.from(manifest.nodes.values(), (node) => node.package_name))) })
const world: DeferWorld = { project, manifest, defer: true, favorState: false, state, listing: assumed('none'), selected: null, command: 'run' }
const options = { command: 'run' as const, edges: edgesOf(manifest), fullRefresh: false, production: new Map(), shownOptions: ['--select', 'x'] }

const plan = suite('plan and state problems')

plan('what is built first is read from dev, what is outside from prod', () => {
  const made = planOf(world, { ...options, selected: ['model.strait.ship_log', 'model.strait.ships'] })
  assert.equal(made.nodes.map((node) => node.unique_id), ['model.strait.ships', 'model.strait.ship_log'])
  assert.is(made.outside.find(({ target }) => target === 'seed.strait.ports')?.resolution.kind, 'prod')
  assert.is(made.outside.some(({ target }) => target === 'model.strait.ships'), false)
  assert.is(made.commandLine, 'dbt run --select x --defer --state ../state')
})

plan('without defer, what is not there is missing', () => {
  const made = planOf({ ...world, defer: false }, { ...options, selected: ['model.strait.ships'] })
  assert.equal(made.missing.map(({ target, certain }) => [target, certain]), [['seed.strait.ports', true]])
})

const facts: StateFacts = {
  project, manifest, defer: { value: true, from: '--defer' }, statePath: '/state', deferStatePath: null, targetPath: '/p/target', shownState: '../state',
  state, compared: null, problem: null, git: null, now: '2026-01-06T06:00:00Z', staleAfterDays: 7, place: { path: '/p/dbt_project.yml', start: 0, end: 0 },
}
const codes = (more: Partial<StateFacts>): readonly string[] => stateProblems({ ...facts, ...more }).map(({ code }) => code)

plan('a good state has no problems', () => assert.equal(codes({}), []))
plan('each trouble has its code', () => {
  assert.equal(codes({ statePath: null }), ['defer-without-state'])
  assert.equal(codes({ targetPath: '/state' }), ['state-is-target-path'])
  assert.equal(codes({ now: '2026-02-06T06:00:00Z' }), ['state-stale'])
  assert.equal(codes({ state: null, problem: { code: 'state-is-file', message: 'm', path: '/state' } }), ['state-is-file'])
  assert.equal(codes({ project: deferProject('other', '1.12') }), ['state-wrong-project'])
  assert.equal(codes({ state: { ...state, info: { ...state.info, schema_version: 20 } } }), ['state-version'])
  const own = JSON.parse(readFileSync(path.join(directory, 'strait.dev.json'), 'utf8')) as { metadata: object }
  const same = scanBytes(new TextEncoder().encode(JSON.stringify({ ...own, metadata: { dbt_schema_version: 'https://schemas.getdbt.com/dbt/manifest/v12.json' } })), WANTS_ALL)
  const of = same ? openState(same, 's', 's') : null
  assert.equal(codes({ state: of && !('code' in of) ? of : null }), ['state-same-target'])
})

plan.run()
