// The troubles of defer: each has a diagnostic at a useful place, one code action that mends it, and a line of doctor.

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { NO_PRODUCTION, type RunResult } from '../../server/dbt/state/evidence.ts'
import type { Evidence } from '../../server/dbt/inputs.ts'
import { codeActions } from '../../server/ide/code-actions.ts'
import { allDiagnostics } from '../../server/ide/diagnostics.ts'
import { cli } from '../support/cli.ts'
import { snapshotOf } from '../support/snapshot.ts'

const troubles = suite('troubles of defer')

interface Wanted { readonly severity: string; readonly file: string; readonly says: RegExp; readonly action: string; readonly command: readonly unknown[] }

async function trouble(code: string, template: string, wanted: Wanted, options: Parameters<typeof snapshotOf>[1] = {}): Promise<void> {
  const { snapshot } = await snapshotOf(template, options)
  const all = [...allDiagnostics(snapshot).values()].flat()
  const found = all.find((each) => each.code === code && each.place.path === wanted.file)
  assert.ok(found, `no ${code} among ${all.map((each) => `${each.code}: ${each.message}`).join('\n')}`)
  assert.is(found.severity, wanted.severity)
  assert.is(found.place.path, wanted.file)
  assert.match(found.message, wanted.says)
  const actions = codeActions(snapshot, found.place.path, found.place, [found]).filter((each) => each.fixes.includes(code))
  const action = actions.find((each) => each.title === wanted.action)
  assert.ok(action, `no action "${wanted.action}" among ${actions.map((each) => each.title).join(', ')}`)
  assert.equal([action.command?.name, ...action.command?.arguments ?? []], wanted.command)
}

const SHOP = `
  //- models/users.sql
  select 1
  //- models/report.sql
  select * from {{ ref('users') }}
`
const PROD = `
  //- prod
  model users prod.core.users at models/users.sql as view
`
const PROJECT = '/p/dbt_project.yml'
const run = (more: Partial<RunResult>): RunResult => ({ unique_id: 'model.p.users', status: 'success', relation_name: null, seconds: 1, bytes: null, completed_at: '2026-01-05T01:00:00Z', message: null, ...more })
const warehouse = (relations: readonly string[], databases: readonly string[]): Evidence['listing'] => ({ kind: 'list', evidence: 'warehouse', as_of: '2026-01-05T03:00:00Z', complete: true, databases: new Set(databases), relations: new Map(relations.map((each) => [each.replaceAll('.', '\0'), 'table'])) })

troubles('a state that is missing', () => trouble('state-missing', `${SHOP}
  //- .dbt-defer-ls.yml
  state: gone
  defer: true
`, { severity: 'error', file: PROJECT, says: /gone/, action: 'Use no state, and switch defer off', command: ['dbtDefer.setState', null, null, false] }))

troubles('a state that is old', () => trouble('state-stale', `${SHOP}${PROD}
  //- .dbt-defer-ls.yml
  state: state
  defer: true
  staleAfterDays: 1
`, { severity: 'warning', file: PROJECT, says: /^The state was made on 2026-01-02T03:04:05.*, 3 days ago$/, action: 'Read the state again', command: ['dbtDefer.refresh'] }))

troubles('a state that differs widely', () => trouble('state-stale', `${SHOP}${PROD}
  ${Array.from({ length: 10 }, (_, at) => `model m${at} prod.core.m${at} at models/m${at}.sql`).join('\n  ')}
  ${Array.from({ length: 10 }, (_, at) => `//- models/m${at}.sql\n  select ${at}`).join('\n  ')}
  //- models/m1.sql
  select 'another text'
`, { severity: 'information', file: PROJECT, says: /of the models have another text there$/, action: 'Read the state again', command: ['dbtDefer.refresh'] }, { evidence: {} }))

const git = { branch: 'mine', base: 'origin/main', mergeBase: { commit: 'c'.repeat(40), date: '2026-01-04T00:00:00Z' }, behind: 0, ahead: 0, by: 'date' as const }
troubles('a state from before the branch', () => trouble('state-behind', SHOP + PROD, { severity: 'warning', file: PROJECT, says: /this branch left origin\/main later .*, 3 commits on: what they changed counts as modified/, action: 'Read the state again', command: ['dbtDefer.refresh'] }, { evidence: { git: { ...git, behind: 3 } } }))
troubles('a state that went on without the branch', () => trouble('state-ahead', SHOP + PROD, { severity: 'information', file: PROJECT, says: /has 1 commit of origin\/main that this branch lacks/, action: 'Copy "git merge origin/main"', command: ['dbtDefer.copyRelation', 'git merge origin/main'] }, { evidence: { git: { ...git, ahead: 1 } } }))

troubles('--state is the target path', () => trouble('state-is-target-path', `${SHOP}${PROD}
  //- .dbt-defer-ls.yml
  state: state
  targetPath: state
  defer: true
`, { severity: 'warning', file: PROJECT, says: /the project with itself/, action: 'Use no state, and switch defer off', command: ['dbtDefer.setState', null, null, false] }))

troubles('a state of this very target', () => trouble('state-same-target', `${SHOP}
  //- prod
  model users dev.dev_me.users at models/users.sql
  model report dev.dev_me.report at models/report.sql
`, { severity: 'warning', file: PROJECT, says: /the manifest of another target/, action: 'Use no state, and switch defer off', command: ['dbtDefer.setState', null, null, false] }))

troubles('a state of another project', () => trouble('state-wrong-project', `${SHOP}${PROD}
  //- dbt_project.yml
  name: other
  profile: p
`, { severity: 'warning', file: PROJECT, says: /of the project 'p', this is 'other'/, action: 'Use no state, and switch defer off', command: ['dbtDefer.setState', null, null, false] }))

troubles('a state without a node of this project', () => trouble('state-empty', `${SHOP}
  //- prod
  model strange prod.core.strange at models/strange.sql
`, { severity: 'warning', file: PROJECT, says: /holds no model, seed or snapshot of this project/, action: 'Use no state, and switch defer off', command: ['dbtDefer.setState', null, null, false] }))

troubles('a state of another adapter', () => trouble('state-wrong-adapter', `${SHOP}${PROD}
  //- profiles.yml
  p: {target: dev, outputs: {dev: {type: postgres, host: h, user: u, password: x, port: 1, dbname: d, schema: s}}}
`, { severity: 'warning', file: PROJECT, says: /made with the adapter duckdb, the current target uses postgres/, action: 'Use no state, and switch defer off', command: ['dbtDefer.setState', null, null, false] }))

troubles('state and defer-state mixed up', async () => {
  const other = (await snapshotOf(SHOP + PROD)).snapshot.evidence.state
  await trouble('state-swapped', `${SHOP}
  //- prod
  model users dev.dev_me.users at models/users.sql
  //- .dbt-defer-ls.yml
  state: other
  deferState: state
  defer: true
`, { severity: 'warning', file: PROJECT, says: /are the two mixed up/, action: 'Swap state and defer-state', command: ['dbtDefer.setState', '/p/state', '/p/other'] }, { evidence: { state: other } })
})

troubles('defer switched on by a variable, without a state', () => trouble('defer-without-state', SHOP, { severity: 'error', file: PROJECT, says: /required for deferral/, action: 'Switch defer off', command: ['dbtDefer.setDefer', false] }, { env: { DBT_DEFER: '1' } }))

troubles('a variable spelled wrongly', () => trouble('flag-unknown', SHOP, { severity: 'information', file: PROJECT, says: /Did you mean DBT_FAVOR_STATE/, action: 'Copy "export DBT_FAVOR_STATE=…; unset DBT_FAVOUR_STATE"', command: ['dbtDefer.copyRelation', 'export DBT_FAVOR_STATE="$DBT_FAVOUR_STATE"; unset DBT_FAVOUR_STATE'] }, { env: { DBT_FAVOUR_STATE: '1' } }))

troubles('a deprecated variable, with what it does in this version', () => trouble('flag-deprecated', SHOP, { severity: 'warning', file: PROJECT, says: /deprecated: dbt 1.12 lets it beat the command line and DBT_DEFER$/, action: 'Copy "export DBT_DEFER=…; unset DBT_DEFER_TO_STATE"', command: ['dbtDefer.copyRelation', 'export DBT_DEFER="$DBT_DEFER_TO_STATE"; unset DBT_DEFER_TO_STATE'] }, { env: { DBT_DEFER_TO_STATE: '0' } }))

troubles('a variable that this dbt does not read yet', () => trouble('flag-unknown', `${SHOP}
  //- .dbt-defer-ls.yml
  rules: '1.8'
`, { severity: 'warning', file: PROJECT, says: /dbt 1.8 does not read DBT_ENGINE_STATE; it reads DBT_STATE/, action: 'Copy "export DBT_STATE=…; unset DBT_ENGINE_STATE"', command: ['dbtDefer.copyRelation', 'export DBT_STATE="$DBT_ENGINE_STATE"; unset DBT_ENGINE_STATE'] }, { env: { DBT_ENGINE_STATE: 'x' } }))

troubles('defer under flags: of dbt_project.yml', () => trouble('flag-without-effect', `${SHOP}
  //- dbt_project.yml
  name: p
  profile: p
  flags: {defer: true}
`, { severity: 'warning', file: PROJECT, says: /does nothing with it: give --defer or set DBT_DEFER/, action: "Take 'defer' out, and set it here", command: ['dbtDefer.setDefer', true] }))

troubles('not in the state: build first, and which selection does it', () => trouble('prod-missing', `
  //- models/report.sql
  select * from {{ ref('fresh') }}
  //- models/fresh.sql
  select * from {{ ref('fresher') }} {{ ref('between') }} {{ ref('users') }}
  //- models/fresher.sql
  select 1
  //- models/between.sql
  {{ config(materialized='ephemeral') }} select * from {{ ref('deep') }}
  //- models/deep.sql
  select 1
  //- models/users.sql
  select 1
  //- prod
  model users prod.core.users at models/users.sql
  //- dev
  dev_me.something
`, { severity: 'error', file: '/p/models/report.sql', says: /build it first \(dbt build --select deep fresh fresher\)/, action: "Build 'deep fresh fresher' with dbt", command: ['dbtDefer.run', 'build', 'deep fresh fresher'] }))

troubles('a leftover that shadows production', () => trouble('dev-shadows-prod', `${SHOP}${PROD}
  //- dev
  dev_me.users
`, { severity: 'warning', file: '/p/models/report.sql', says: /perhaps a leftover/, action: 'Favor the state (--favor-state)', command: ['dbtDefer.setFavorState', true] }))

troubles('a dev relation older than its model', () => trouble('dev-outdated', `${SHOP}
  //- prod
  model users prod.core.users at models/other.sql
  //- dev
  dev_me.users
`, { severity: 'information', file: '/p/models/report.sql', says: /was built 2026-01-01T00:00:00Z, before 'users' changed \(2026-01-02T00:00:00Z\)/, action: "Build 'users' with dbt", command: ['dbtDefer.run', 'run', 'model.p.users'] },
{ evidence: { built: new Map([['model.p.users', { built: '2026-01-01T00:00:00Z', changed: '2026-01-02T00:00:00Z' }]]) } }))

troubles('drift: the state names a relation that the warehouse lacks', () => trouble('prod-relation-missing', SHOP + PROD, { severity: 'warning', file: '/p/models/report.sql', says: /The state has "prod"."core"."users", but it was not in the warehouse/, action: "Build 'users' with dbt", command: ['dbtDefer.run', 'run', 'model.p.users'] }, { evidence: { listing: warehouse(['prod.core.other'], ['dev', 'prod']) } }))

troubles('production in a database that this target cannot read', () => trouble('prod-unreachable', SHOP + PROD, { severity: 'warning', file: '/p/models/report.sql', says: /in the database prod, which this target neither is nor attaches/, action: 'Switch defer off', command: ['dbtDefer.setDefer', false] }, { evidence: { listing: warehouse(['dev.dev_me.x'], ['dev']) } }))

troubles('a database that the profile attaches can be read', async () => {
  const { snapshot } = await snapshotOf(`${SHOP}${PROD}
  //- profiles.yml
  p: {target: dev, outputs: {dev: {type: duckdb, path: /p/dev.duckdb, schema: dev_me, attach: [{path: /elsewhere/prod.duckdb}]}}}
`, { evidence: { listing: warehouse(['dev.dev_me.x'], ['dev']) } })
  assert.equal([...allDiagnostics(snapshot).values()].flat(), [])
})

troubles('the last production run failed', () => trouble('prod-stale', SHOP + PROD, { severity: 'warning', file: '/p/models/report.sql', says: /did not build 'users' \(2026-01-05T01:00:00Z \(2 h ago\)\): error, Runtime Error/, action: "Build 'users' with dbt", command: ['dbtDefer.run', 'run', 'model.p.users'] },
  { evidence: { production: { ...NO_PRODUCTION, results: new Map([['model.p.users', run({ status: 'error', message: 'Runtime Error\n  more' })]]) }, listing: warehouse(['prod.core.users'], ['dev', 'prod']) } }))

troubles('production is old', () => trouble('prod-stale', SHOP + PROD, { severity: 'information', file: '/p/models/report.sql', says: /'users' was last built in production \(2025-11-05T01:00:00Z \(61 days ago\)\)/, action: "Build 'users' with dbt", command: ['dbtDefer.run', 'run', 'model.p.users'] },
  { evidence: { production: { ...NO_PRODUCTION, results: new Map([['model.p.users', run({ completed_at: '2025-11-05T01:00:00Z' })]]) }, listing: warehouse(['prod.core.users'], ['dev', 'prod']) } }))

troubles("production's sources are stale", () => trouble('source-stale', `
  //- models/report.sql
  select * from {{ source('till', 'sales') }}
  //- models/s.yml
  sources: [{name: till, tables: [{name: sales}]}]
${PROD}`, { severity: 'warning', file: '/p/models/report.sql', says: /said error: loaded 2026-01-01T00:00:00Z \(4 days ago\)/, action: 'Read the state again', command: ['dbtDefer.refresh'] },
{ evidence: { production: { ...NO_PRODUCTION, freshness: new Map([['source.p.till.sales', { status: 'error', max_loaded_at: '2026-01-01T00:00:00Z', snapshotted_at: null }]]) } } }))

troubles('doctor has a line for each', async () => {
  const { out } = await cli(`${SHOP}${PROD}
  //- dev
  dev_me.users
`, 'doctor', { DBT_FAVOUR_STATE: '1' })
  assert.match(out, /note {2}environment: .*DBT_FAVOUR_STATE/)
  assert.match(out, /ok {4}state: /)
  assert.match(out, /ok {4}branch: no git/)
  assert.match(out, /note {2}dev-shadows-prod: 1 refs that read a leftover of the current target, the first in \/p\/models\/report\.sql\n {8}drop it, or --favor-state/)
})

troubles.run()
