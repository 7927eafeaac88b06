// Every trouble of defer as a person meets it: the diagnostic in the editor, a line of doctor, the one action that is offered, that action carried out (in the server,
// in a shell, by a dbt that builds what it is told), and then no diagnostic of that code any more and no error that was not there before.

import { execFileSync } from 'node:child_process'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { CodeAction, Diagnostic } from 'vscode-languageserver'
import type { Evidence } from '../../server/dbt/inputs.ts'
import { NO_PRODUCTION, type RunResult } from '../../server/dbt/state/evidence.ts'
import { runCli } from '../../server/cli/run.ts'
import type { ProjectHost } from '../../server/dbt/ports.ts'
import { startClient, type Client } from '../support/client.ts'
import { parseFixture } from '../support/fixture.ts'
import { manifestText } from '../support/manifest.ts'
import { memoryHost, type MemoryHost } from '../support/memory-host.ts'

const troubles = suite('troubles of defer, mended')

interface World {
  readonly env: Record<string, string>
  /** What is known besides; changed by what the action did. */
  evidence: Partial<Evidence>
  /** How often the state and what exists have been read. */
  reads?: number
  /** What happens in the world when the server reads the state again. */
  readonly renewed?: (host: MemoryHost, world: World) => void
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
const OWN = `
  //- prod
  model users dev.dev_me.users at models/users.sql
`
const PROJECT = '/p/dbt_project.yml'
const REPORT = '/p/models/report.sql'

async function start(template: string, world: World): Promise<Client> {
  const client = await startClient(template, { env: world.env, host: (memory) => inWorld(memory, world) })
  await client.open('models/report.sql')
  return client
}

function inWorld(memory: MemoryHost, world: World): ProjectHost {
  return {
    ...memory,
    async evidence(inputs, request, manifest) {
      const read = { ...await memory.evidence(inputs, request, manifest), ...world.evidence }
      world.reads = (world.reads ?? 0) + 1
      return read
    },
  }
}

/** What `doctor` prints that is not fine. */
async function doctorSays(template: string, world: World): Promise<readonly string[]> {
  const fixture = parseFixture(template)
  let out = ''
  const io = { out: (text: string) => { out += text }, err: () => undefined, color: false }
  await runCli(['doctor'], { host: inWorld(memoryHost(fixture, world.env), { ...world }), io, cwd: fixture.root, version: '0.0.0-test' })
  return out.split(/\n(?! )/).filter((line) => /^(note|wrong) /.test(line))
}

function shown(client: Client): readonly (Diagnostic & { readonly uri: string })[] {
  const last = new Map(client.published.map((each) => [each.uri, each.diagnostics]))
  return [...last].flatMap(([uri, diagnostics]) => diagnostics.map((each) => ({ ...each, uri })))
}

/** Everything is evaluated, and the state is read. */
async function settled(client: Client, world: World): Promise<void> {
  await client.until('the state', () => (world.reads ?? 0) > 0)
  const answers = async () => client.request<{ busy: boolean }[]>('workspace/executeCommand', { command: 'dbtDefer.status' })
  let status = await answers()
  for (let tries = 0; tries < 500 && (status.length === 0 || status.some((each) => each.busy)); tries++) {
    await new Promise((resolve) => { setTimeout(resolve, 5) })
    status = await answers()
  }
  assert.ok(status.length > 0 && status.every((each) => !each.busy), 'the project is read')
}

/** The lines that a person would paste, run by a shell; what its environment is then. */
function shell(lines: string, env: Record<string, string>): Record<string, string> {
  const printed = execFileSync('/bin/sh', ['-c', `${lines}\nenv`], { env: { ...env, PATH: process.env['PATH'] ?? '' }, encoding: 'utf8' })
  return Object.fromEntries(printed.split('\n').flatMap((line) => (line.startsWith('DBT_') ? [[line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)] as const] : [])))
}

interface Expected { readonly file: string; readonly title: RegExp }

async function mended(code: string, template: string, { file, title }: Expected, given: Partial<World> = {}): Promise<void> {
  let world: World = { env: {}, evidence: {}, ...given }
  let client = await start(template, world)
  try {
    await client.until(code, () => shown(client).some((each) => each.code === code))
    const before = shown(client)
    const found = before.find((each) => each.code === code)
    assert.ok(found)
    assert.is(found.uri, client.uri(file))
    const message = typeof found.message === 'string' ? found.message : found.message.value
    const lines = await doctorSays(template, world)
    assert.ok(lines.some((line) => line.includes(`${code}: `) || line.includes(message.split('\n')[0] ?? '')), `doctor has a line for it: ${lines.join('\n')}`)
    const answered = await client.request<CodeAction[]>('textDocument/codeAction', { textDocument: { uri: found.uri }, range: found.range, context: { diagnostics: [found] } })
    const actions = answered.filter((each) => each.kind === 'quickfix' && each.diagnostics?.some((one) => one.code === code))
    assert.is(actions.length, 1, `one action that mends ${code}: ${actions.map((each) => each.title).join(' | ')}`)
    const [action] = actions
    assert.ok(action)
    assert.match(action.title, title)
    ;[client, world] = await apply(client, action, template, world)
    await settled(client, world)
    // A server that has just been started publishes nothing for a healthy project.
    await client.until(`no ${code}`, () => !shown(client).some((each) => each.code === code))
    await new Promise((resolve) => { setTimeout(resolve, 50) })
    const after = shown(client).filter((each) => each.code === code || (each.severity === 1 && !before.some((one) => one.code === each.code)))
    assert.equal(after.map((each) => `${String(each.code)}: ${each.message}`), [])
  } finally {
    await client.stop()
  }
}

async function apply(client: Client, action: CodeAction, template: string, world: World): Promise<[Client, World]> {
  const { host } = client
  for (const [uri, edits] of Object.entries(action.edit?.changes ?? {})) {
    const path = uri.slice('file://'.length)
    const lines = (host.files.get(path) ?? '').split('\n')
    const at = ({ line, character }: { line: number; character: number }) => lines.slice(0, line).reduce((sum, each) => sum + each.length + 1, character)
    let text = lines.join('\n')
    for (const { range, newText } of edits.toReversed()) text = text.slice(0, at(range.start)) + newText + text.slice(at(range.end))
    host.files.set(path, text)
    host.touch(path)
  }
  const { command } = action
  if (!command) return [client, world]
  if (command.command === 'dbtDefer.run') {
    host.dbt = ['1 of 1 OK']
    await client.request('workspace/executeCommand', { command: command.command, arguments: command.arguments })
    await client.until('dbt', () => host.runs.length > 0)
    build(client, world)
    await client.request('workspace/executeCommand', { command: 'dbtDefer.refresh' })
    return [client, world]
  }
  if (command.command === 'dbtDefer.refresh') world.renewed?.(host, world)
  const answer = await client.request<{ text: string } | null>('workspace/executeCommand', { command: command.command, arguments: command.arguments })
  if (command.command !== 'dbtDefer.copyRelation') return [client, world]
  assert.ok(answer)
  if (answer.text.startsWith('git ')) {
    const { git } = world.evidence
    assert.ok(git)
    assert.is(answer.text, `git merge ${git.base}`)
    world.evidence = { ...world.evidence, git: { ...git, ahead: 0 } }
    await client.request('workspace/executeCommand', { command: 'dbtDefer.refresh' })
    return [client, world]
  }
  // Another shell, another editor.
  const env = shell(answer.text, world.env)
  await client.stop()
  const next: World = { ...world, env, reads: 0 }
  return [await start(template, next), next]
}

/** What dbt was told to select is there afterwards, just built. */
function build({ host, fixture }: Client, world: World): void {
  const at = host.runs[0]?.indexOf('--select') ?? -1
  const names = host.runs[0]?.[at + 1]?.split(' ').map((each) => each.split('.').at(-1) ?? '') ?? []
  assert.ok(names.length > 0 && names.every((name) => fixture.files.has(`/p/models/${name}.sql`)), `what ${JSON.stringify(host.runs)} selects`)
  host.dev = [...host.dev ?? [], ...names.map((name) => ({ database: 'dev', schema: 'dev_me', identifier: name, type: 'table' }))]
  const { listing } = world.evidence
  if (listing) world.evidence = { ...world.evidence, listing: { ...listing, relations: new Map([...listing.relations, ...names.map((name) => [`dev\0dev_me\0${name}`, 'table'] as const)]) } }
  world.evidence = { ...world.evidence, built: new Map(names.map((name) => [`model.p.${name}`, { built: '2026-01-05T03:04:00Z', changed: '2026-01-02T00:00:00Z' }])) }
}

const setting = (text: string) => `
  //- .dbt-defer-ls.yml
  ${text.split('; ').join('\n  ')}
`
const warehouse = (relations: readonly string[], databases: readonly string[]): NonNullable<Evidence['listing']> => ({ kind: 'list', evidence: 'warehouse', as_of: '2026-01-05T03:00:00Z', complete: true, databases: new Set(databases), relations: new Map(relations.map((each) => [each.replaceAll('.', '\0'), 'table'])) })
const run = (more: Partial<RunResult>): RunResult => ({ unique_id: 'model.p.users', status: 'success', relation_name: null, seconds: 1, bytes: null, completed_at: '2026-01-05T01:00:00Z', message: null, ...more })
const production = (result: RunResult): Partial<Evidence> => ({ production: { ...NO_PRODUCTION, results: new Map([['model.p.users', result]]) }, listing: warehouse(['prod.core.users'], ['dev', 'prod']) })
const NONE_AND_OFF = { file: PROJECT, title: /^Use no state, and switch defer off$/ }

// The five that everybody meets.
troubles('the state is missing', () => mended('state-missing', SHOP + setting('state: gone; defer: true'), NONE_AND_OFF))
troubles('the state is missing, said by variables', () => mended('state-missing', SHOP, { file: PROJECT, title: /^Copy "unset DBT_STATE DBT_DEFER"$/ }, { env: { DBT_STATE: 'gone', DBT_DEFER: 'true' } }))
troubles('the state is old', () => mended('state-stale', SHOP + PROD + setting('state: state; defer: true; staleAfterDays: 1'), { file: PROJECT, title: /^Read the state again$/ }, {
  renewed: (host) => { host.files.set('/p/state/manifest.json', manifestText(parseFixture(PROD).prod).replace(/"generated_at":\s*"[^"]*"/, '"generated_at":"2026-01-05T03:00:00Z"')) },
}))
troubles('the state is a file', () => mended('state-is-file', SHOP + PROD + setting('state: state/manifest.json; defer: true'), { file: PROJECT, title: /^Use the directory \/p\/state$/ }))
troubles('the state is a file, said by a deprecated variable', () => mended('state-is-file', SHOP + PROD + setting('defer: true'), { file: PROJECT, title: /^Copy "export DBT_STATE=\/p\/state; unset DBT_ARTIFACT_STATE_PATH"$/ }, { env: { DBT_ARTIFACT_STATE_PATH: '/p/state/manifest.json' } }))
troubles('the state is half written', () => mended('state-unreadable', `${SHOP}${setting('state: state; defer: true')}
  //- state/manifest.json
  {"metadata": {
`, NONE_AND_OFF))
troubles('a model is not in the state', () => mended('prod-missing', `${SHOP}
  //- models/deep.sql
  select 1
  //- models/users.sql
  select * from {{ ref('deep') }}
  //- prod
  model report prod.core.report at models/report.sql
  //- dev
  dev_me.something
`, { file: REPORT, title: /^Build 'deep users' with dbt$/ }))
troubles('a leftover shadows production', () => mended('dev-shadows-prod', `${SHOP}${PROD}
  //- dev
  dev_me.users
`, { file: REPORT, title: /^Favor the state \(--favor-state\)$/ }))
troubles('a leftover shadows production, and a deprecated variable forbids to favor', () => mended('dev-shadows-prod', `${SHOP}${PROD}
  //- dev
  dev_me.users
`, { file: REPORT, title: /^Copy "unset DBT_FAVOR_STATE_MODE; export DBT_FAVOR_STATE=true"$/ }, { env: { DBT_FAVOR_STATE_MODE: 'false' } }))
troubles('the state is the target path', () => mended('state-is-target-path', SHOP + PROD + setting('state: state; targetPath: state; defer: true'), NONE_AND_OFF))
troubles('the state is the target path, without defer', () => mended('state-is-target-path', SHOP + PROD + setting('state: state; targetPath: state; defer: false'), { file: PROJECT, title: /^Use no state$/ }))

// Their kin.
troubles('the state is of this very target', () => mended('state-same-target', SHOP + OWN, NONE_AND_OFF))
troubles('the state is of another project', () => mended('state-wrong-project', `${SHOP}${PROD}
  //- dbt_project.yml
  name: other
  profile: p
`, NONE_AND_OFF))
troubles('the state knows nothing of this project', () => mended('state-empty', `${SHOP}
  //- prod
  model strange prod.core.strange at models/strange.sql
`, NONE_AND_OFF))
troubles('the state is of another adapter', () => mended('state-wrong-adapter', `${SHOP}${PROD}
  //- profiles.yml
  p: {target: dev, outputs: {dev: {type: postgres, host: h, user: u, password: x, port: 1, dbname: d, schema: s}}}
`, NONE_AND_OFF))
troubles('the state is of another adapter, said by variables', () => mended('state-wrong-adapter', `${SHOP}${PROD}${setting('rules: auto')}
  //- profiles.yml
  p: {target: dev, outputs: {dev: {type: postgres, host: h, user: u, password: x, port: 1, dbname: d, schema: s}}}
`, { file: PROJECT, title: /^Copy "unset DBT_ENGINE_STATE DBT_DEFER_TO_STATE"$/ }, { env: { DBT_ENGINE_STATE: 'state', DBT_DEFER_TO_STATE: '1' } }))
troubles('state and defer-state are mixed up', () => mended('state-swapped', `${SHOP}${OWN}
  //- other/manifest.json
  ${manifestText(parseFixture(SHOP + PROD).prod).replaceAll('\n', ' ')}
${setting('state: other; deferState: state; defer: true')}`, { file: PROJECT, title: /^Swap state and defer-state$/ }))
troubles('defer is on without a state', () => mended('defer-without-state', SHOP, { file: PROJECT, title: /^Switch defer off$/ }, { env: { DBT_DEFER: '1' } }))
troubles('defer is on without a state, by a variable that beats every switch', () => mended('defer-without-state', SHOP, { file: PROJECT, title: /^Copy "unset DBT_DEFER_TO_STATE"$/ }, { env: { DBT_DEFER_TO_STATE: '1' } }))
troubles('a variable is misspelt', () => mended('flag-unknown', SHOP, { file: PROJECT, title: /DBT_FAVOR_STATE/ }, { env: { DBT_FAVOUR_STATE: '1' } }))
troubles('a variable is deprecated', () => mended('flag-deprecated', SHOP, { file: PROJECT, title: /DBT_DEFER=/ }, { env: { DBT_DEFER_TO_STATE: '0' } }))
troubles('a variable that this dbt does not read', () => mended('flag-unknown', SHOP + PROD + setting("rules: '1.8'"), { file: PROJECT, title: /DBT_STATE=/ }, { env: { DBT_ENGINE_STATE: 'state' } }))
for (const [name, flags] of [['alone in its map', '{defer: true}'], ['in a flow map', '{defer: true, send_anonymous_usage_stats: false}'], ['last in a flow map', '{send_anonymous_usage_stats: false, defer: true}']] as const) {
  troubles(`defer under flags:, ${name}`, () => mended('flag-without-effect', `${SHOP}${PROD}${setting('state: state')}
  //- dbt_project.yml
  name: p
  profile: p
  flags: ${flags}
`, { file: PROJECT, title: /^Take 'defer' out, and set it here$/ }))
}
troubles('state under flags:, in lines of their own', () => mended('flag-without-effect', `${SHOP}${PROD}${setting('defer: true')}
  //- dbt_project.yml
  name: p
  profile: p
  flags:
    state: state
    use_colors: false
`, { file: PROJECT, title: /^Take 'state' out, and set it here$/ }))
const git = { branch: 'mine', base: 'origin/main', mergeBase: { commit: 'c'.repeat(40), date: '2026-01-04T00:00:00Z' }, behind: 0, ahead: 0, by: 'date' as const }
troubles('the state is from before the branch', () => mended('state-behind', SHOP + PROD, { file: PROJECT, title: /^Read the state again$/ }, { evidence: { git: { ...git, behind: 3 } }, renewed: (_, world) => { world.evidence = { git } } }))
troubles('the state went on without the branch', () => mended('state-ahead', SHOP + PROD, { file: PROJECT, title: /^Copy "git merge origin\/main"$/ }, { evidence: { git: { ...git, ahead: 1 } } }))
troubles('a relation is older than its model', () => mended('dev-outdated', `${SHOP}
  //- prod
  model users prod.core.users at models/other.sql
  //- dev
  dev_me.users
`, { file: REPORT, title: /^Build 'users' with dbt$/ }, { evidence: { built: new Map([['model.p.users', { built: '2026-01-01T00:00:00Z', changed: '2026-01-02T00:00:00Z' }]]) } }))
// A production that drifted, failed or is old is read no more once the model is built here; of a model that is the same here as there, that is a leftover then.
troubles('drift', () => mended('prod-relation-missing', SHOP + PROD, { file: REPORT, title: /^Build 'users' with dbt$/ }, { evidence: { listing: warehouse(['prod.core.other'], ['dev', 'prod']) } }))
troubles('the last production run failed', () => mended('prod-stale', SHOP + PROD, { file: REPORT, title: /^Build 'users' with dbt$/ }, { evidence: production(run({ status: 'error', message: 'Runtime Error' })) }))
troubles('production is old', () => mended('prod-stale', SHOP + PROD, { file: REPORT, title: /^Build 'users' with dbt$/ }, { evidence: production(run({ completed_at: '2025-11-05T01:00:00Z' })) }))
troubles('production cannot be read from here', () => mended('prod-unreachable', SHOP + PROD, { file: REPORT, title: /^Switch defer off$/ }, { evidence: { listing: warehouse(['dev.dev_me.x'], ['dev']) } }))
troubles('production cannot be read from here, and a variable defers', () => mended('prod-unreachable', SHOP + PROD + setting('state: state'), { file: REPORT, title: /^Copy "unset DBT_DEFER_TO_STATE"$/ }, { env: { DBT_DEFER_TO_STATE: '1' }, evidence: { listing: warehouse(['dev.dev_me.x'], ['dev']) } }))
troubles("production's sources are stale", () => mended('source-stale', `
  //- models/report.sql
  select * from {{ source('till', 'sales') }}
  //- models/s.yml
  sources: [{name: till, tables: [{name: sales}]}]
${PROD}`, { file: REPORT, title: /^Read the state again$/ }, {
  evidence: { production: { ...NO_PRODUCTION, freshness: new Map([['source.p.till.sales', { status: 'error', max_loaded_at: '2026-01-01T00:00:00Z', snapshotted_at: null }]]) } },
  renewed: (_, world) => { world.evidence = { production: { ...NO_PRODUCTION, freshness: new Map([['source.p.till.sales', { status: 'pass', max_loaded_at: '2026-01-05T01:00:00Z', snapshotted_at: null }]]) } } },
}))

troubles('a healthy project has none of them', async () => {
  for (const [dev, defer] of [['', true], ['\n  //- dev\n  dev_me.something\n', true], ['', false]] as const) {
    const world: World = { env: { DBT_TARGET: 'dev', DBT_ENV_CUSTOM: 'x', MY_DBT_DEFFER: '1' }, evidence: { git, ...production(run({})) } }
    const client = await start(`${SHOP}${PROD}  model report prod.core.report at models/report.sql as view${dev}${setting(`state: state; defer: ${String(defer)}`)}`, world)
    try {
      await settled(client, world)
      await new Promise((resolve) => { setTimeout(resolve, 100) })
      assert.equal(shown(client).map((each) => `${String(each.code)}: ${each.message}`), [])
    } finally {
      await client.stop()
    }
  }
})

troubles.run()
