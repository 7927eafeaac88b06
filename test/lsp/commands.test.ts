// Commands, settings and the status notification: each switch changes the answers, and wrong ones are said.

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { InlayHint } from 'vscode-languageserver'
import type { StatusNotification } from '../../server/lsp/status.ts'
import { startClient, type Client } from '../support/client.ts'

const commands = suite('commands')

const PROJECT = `
  //- prod
  model users prod.core.users at models/users.sql
  //- dev
  dev_me.users
  //- models/orders.sql
  select * from {{ ref('us$0ers') }}
  //- models/users.sql
  select 1
`
const ORDERS = 'models/orders.sql'

async function hint(client: Client): Promise<string> {
  const hints = await client.request<InlayHint[]>('textDocument/inlayHint', { textDocument: { uri: client.uri(ORDERS) }, range: { start: { line: 0, character: 0 }, end: { line: 1, character: 0 } } })
  return String(hints[0]?.label)
}

async function hintBecomes(client: Client, wanted: string): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    if (await hint(client) === wanted) return
    await new Promise((resolve) => { setTimeout(resolve, 10) })
  }
  assert.is(await hint(client), wanted)
}

const run = (client: Client, command: string, ...args: unknown[]) => client.request<unknown>('workspace/executeCommand', { command, arguments: args })
const shown = (client: Client) => client.messages.filter((each) => each.method.startsWith('window/show')).map((each) => (each.params as { message: string }).message)

commands('a command with a state or target that is not there says so at once, and once', async () => {
  const client = await startClient(PROJECT)
  await client.open(ORDERS)
  await hintBecomes(client, '→ dev.dev_me.users')
  await run(client, 'dbtDefer.setState', 'prdo', null, true)
  await client.until('the trouble is said', () => shown(client).some((each) => each.includes('no manifest.json in /p/prdo')))
  await run(client, 'dbtDefer.setFavorState', true)
  const targets = async () => (await run(client, 'dbtDefer.status') as StatusNotification[]).map((each) => each.targets)
  const known = await targets()
  assert.ok((known[0]?.length ?? 0) > 0)
  await run(client, 'dbtDefer.setTarget', 'nowhere')
  await client.until('the next one is said', () => shown(client).some((each) => each.includes("does not have a target named 'nowhere'")))
  assert.equal(await targets(), known, 'what can be chosen instead')
  assert.is(shown(client).filter((each) => each.includes('prdo')).length, 1)
  await client.stop()
})

commands('the status is busy until the state has been read', async () => {
  const gate = { open: () => undefined as void }
  const opened = new Promise<void>((resolve) => { gate.open = resolve })
  const client = await startClient(PROJECT, { host: (host) => ({ ...host, evidence: async (...given) => { await opened; return host.evidence(...given) } }) })
  await client.open(ORDERS)
  await client.ask('textDocument/hover')
  const busy = async () => (await run(client, 'dbtDefer.status') as StatusNotification[]).map((each) => each.busy)
  for (let tries = 0; tries < 20; tries++) {
    assert.equal(await busy(), [true])
    await new Promise((resolve) => { setTimeout(resolve, 10) })
  }
  gate.open()
  await hintBecomes(client, '→ dev.dev_me.users')
  assert.equal(await busy(), [false])
  await client.stop()
})

commands('each switch changes the answer', async () => {
  const client = await startClient(PROJECT)
  await client.open(ORDERS)
  assert.is(await hint(client), '→ dev.dev_me.users')
  await run(client, 'dbtDefer.setFavorState', true)
  await hintBecomes(client, '→ prod.core.users (prod)')
  await run(client, 'dbtDefer.setDefer', false)
  await hintBecomes(client, '→ dev.dev_me.users')
  await run(client, 'dbtDefer.setDefer', true)
  await run(client, 'dbtDefer.setFavorState', false)
  await run(client, 'dbtDefer.setExists', 'none')
  await hintBecomes(client, '→ prod.core.users (prod)')
  await run(client, 'dbtDefer.setDefer', false)
  await run(client, 'dbtDefer.setTarget', 'prod')
  await hintBecomes(client, '→ prod.core.users')
  await client.stop()
})

commands('a state that appears is read by refresh', async () => {
  const client = await startClient(PROJECT)
  const manifest = client.host.files.get('/p/state/manifest.json') ?? ''
  client.host.files.delete('/p/state/manifest.json')
  await client.open(ORDERS)
  const [problem] = await client.diagnostics('dbt_project.yml', (all) => all.length > 0)
  assert.is(problem?.code, 'state-missing')
  client.host.files.set('/p/state/manifest.json', manifest)
  client.host.dev = [{ database: null, schema: 'dev_me', identifier: 'other', type: 'table' }]
  await run(client, 'dbtDefer.refresh')
  await hintBecomes(client, '→ prod.core.users (prod)')
  await client.diagnostics('dbt_project.yml', (all) => all.length === 0)
  await client.stop()
})

commands('a state outside of the project is followed, also one that is named later', async () => {
  const client = await startClient(PROJECT)
  const manifest = client.host.files.get('/p/state/manifest.json') ?? ''
  client.host.files.set('/elsewhere/manifest.json', manifest.replaceAll('prod', 'other'))
  await run(client, 'dbtDefer.setFavorState', true)
  await client.open(ORDERS)
  await hintBecomes(client, '→ prod.core.users (prod)')
  await run(client, 'dbtDefer.setState', '/elsewhere')
  await hintBecomes(client, '→ other.core.users (prod)')
  await client.until('the watcher', () => client.host.watched?.project.flags.state.value === '/elsewhere')
  client.host.files.set('/elsewhere/manifest.json', manifest.replaceAll('prod', 'third'))
  client.host.touch('/elsewhere/manifest.json')
  await hintBecomes(client, '→ third.core.users (prod)')
  await client.stop()
})

commands('settings written into .dbt-defer-ls.yml count at once', async () => {
  const client = await startClient(PROJECT)
  await client.open(ORDERS)
  await hintBecomes(client, '→ dev.dev_me.users')
  client.host.files.set('/p/.dbt-defer-ls.yml', 'state: state\ndefer: true\nfavorState: true\n')
  client.host.touch('/p/.dbt-defer-ls.yml')
  await hintBecomes(client, '→ prod.core.users (prod)')
  await client.stop()
})

commands('what is asked for while a project is being read waits for it', async () => {
  // Reading takes its time.
  const client = await startClient(PROJECT, { host: (host) => ({
    ...host,
    * openSteps(...given) {
      for (const until = performance.now() + 100; performance.now() < until;) yield
      return yield* host.openSteps(...given)
    },
  }) })
  const opened = client.open(ORDERS)
  const symbols = client.request<{ name: string }[] | null>('workspace/symbol', { query: 'users' })
  const switched = run(client, 'dbtDefer.setFavorState', true)
  await Promise.all([opened, switched])
  assert.ok((await symbols)?.some(({ name }) => name === 'users'))
  await hintBecomes(client, '→ prod.core.users (prod)')
  await client.stop()
})

commands('but the definition of a ref, which needs no more than the names of the files', async () => {
  const gate = { open: false }
  const client = await startClient(PROJECT, { host: (host) => ({
    ...host,
    * openSteps(...given) {
      while (!gate.open) yield
      return yield* host.openSteps(...given)
    },
  }) })
  await client.open(ORDERS)
  const targets = await client.ask<{ targetUri: string }[]>('textDocument/definition')
  assert.equal(targets.map((each) => each.targetUri), [client.uri('models/users.sql')])
  gate.open = true
  await hintBecomes(client, '→ dev.dev_me.users')
  await client.stop()
})

commands('a wrong argument and a wrong command are said', async () => {
  const client = await startClient(PROJECT)
  await run(client, 'dbtDefer.setDefer', 'yes')
  await run(client, 'dbtDefer.nonsense')
  await client.until('messages', () => shown(client).length >= 2)
  assert.match(shown(client)[0] ?? '', 'defer needs a boolean')
  assert.match(shown(client)[1] ?? '', 'no such command')
  assert.not(client.messages.some((each) => each.method === 'window/showMessageRequest'), 'clients that answer no requests see it too')
  assert.equal(await run(client, 'dbtDefer.copyRelation', '"a"."b"'), { text: '"a"."b"' })
  await client.stop()
})

commands('actions at a place, and those of the whole model only when a person asks', async () => {
  const client = await startClient(PROJECT)
  await client.open(ORDERS)
  await hint(client)
  const kinds = async (line: number, character: number, context: object) => {
    const at = { line, character }
    const actions = await client.request<{ title: string; kind?: string }[]>('textDocument/codeAction', { textDocument: { uri: client.uri(ORDERS) }, range: { start: at, end: at }, context: { diagnostics: [], ...context } })
    return [...new Set(actions.map((each) => each.kind))].toSorted()
  }
  // Kinds under `source` are for whole files: VS Code and coc.nvim leave them out of what they offer at the cursor.
  assert.equal(await kinds(0, 20, { triggerKind: 1 }), ['dbt', 'dbt.model'])
  assert.equal(await kinds(0, 20, {}), ['dbt', 'dbt.model'])
  assert.equal(await kinds(0, 20, { triggerKind: 2 }), ['dbt'])
  assert.equal(await kinds(0, 2, { triggerKind: 2 }), [], 'no light bulb on every line')
  assert.equal(await kinds(0, 2, { only: ['dbt'] }), ['dbt.model'])
  assert.equal(await kinds(0, 20, { only: ['source'] }), [])
  await client.stop()
})

commands('dbt is run with the flags of what is shown, and only when trusted', async () => {
  const client = await startClient(PROJECT)
  await client.open(ORDERS)
  await hint(client)
  await run(client, 'dbtDefer.run', 'run', 'model.p.orders')
  await client.until('a refusal', () => shown(client).some((each) => each.includes('no dbt was found')))
  client.host.dbt = ['Running with dbt=1.12.6', 'Completed successfully']
  const answer = await run(client, 'dbtDefer.run', 'run', 'model.p.orders') as { code: number; command: string }
  assert.is(answer.code, 0)
  assert.is(answer.command, 'dbt run --select p.orders --target dev --defer --state /p/state')
  await client.until('progress', () => client.messages.some((each) => each.method === '$/progress' && JSON.stringify(each.params).includes('Completed')))
  await run(client, 'dbtDefer.run', 'run-operation', 'drop_all')
  assert.is(client.host.runs.length, 2)
  await client.stop()
  // A switch that has not been read yet counts: dbt must not run in the target that was left.
  const switching = await startClient(PROJECT)
  switching.host.dbt = ['Completed successfully']
  await switching.open(ORDERS)
  await hint(switching)
  await run(switching, 'dbtDefer.setTarget', 'prod')
  assert.match((await run(switching, 'dbtDefer.run', 'run', 'model.p.orders') as { command: string }).command, /--target prod/)
  await run(switching, 'dbtDefer.setDefer', false)
  assert.match((await run(switching, 'dbtDefer.plan', 'run', 'model.p.orders') as { command_line: string }).command_line, /--target prod(?!.*--defer)/)
  await switching.stop()
  const elsewhere = await startClient(PROJECT, { initializationOptions: { profile: 'p', targetPath: '/built' } })
  elsewhere.host.dbt = ['Completed successfully']
  await elsewhere.open(ORDERS)
  assert.is((await run(elsewhere, 'dbtDefer.run', 'run', 'model.p.orders') as { command: string }).command, 'dbt run --select p.orders --target dev --profile p --target-path /built --defer --state /p/state')
  await elsewhere.stop()
  // A workspace's own settings reach the server through the client's configuration.
  const untrusted = await startClient(PROJECT, { initializationOptions: { trusted: false }, capabilities: { workspace: { configuration: true } }, configuration: () => ({ trusted: true }) })
  untrusted.host.dbt = ['x']
  untrusted.host.files.set('/p/.dbt-defer-ls.yml', 'trusted: true\n')
  await untrusted.open(ORDERS)
  await untrusted.connection.sendNotification('workspace/didChangeConfiguration', { settings: { dbtDefer: { trusted: true } } })
  await hint(untrusted)
  await run(untrusted, 'dbtDefer.run', 'run', 'model.p.orders')
  assert.equal(untrusted.host.runs, [])
  assert.ok(shown(untrusted).some((each) => each.includes('not trusted')))
  await untrusted.stop()
})

commands('settings in layers: project file, initializationOptions, configuration, command', async () => {
  const client = await startClient(PROJECT, { initializationOptions: { dbtDefer: { favorState: true, nonsense: 1 } } })
  await client.open(ORDERS)
  await hintBecomes(client, '→ prod.core.users (prod)')
  await client.until('a warning', () => shown(client).some((each) => each.includes('unknown setting nonsense')))
  await client.connection.sendNotification('workspace/didChangeConfiguration', { settings: { dbtDefer: { favorState: false } } })
  await hintBecomes(client, '→ dev.dev_me.users')
  await run(client, 'dbtDefer.setFavorState', true)
  await hintBecomes(client, '→ prod.core.users (prod)')
  assert.is(shown(client).filter((each) => each.includes('nonsense')).length, 1)
  await client.stop()
})

commands('configuration is pulled where the client answers', async () => {
  let favor = true
  const client = await startClient(PROJECT, { capabilities: { workspace: { configuration: true } }, configuration: (section) => (section === 'dbtDefer' ? { favorState: favor } : null) })
  await client.open(ORDERS)
  await hintBecomes(client, '→ prod.core.users (prod)')
  favor = false
  await client.connection.sendNotification('workspace/didChangeConfiguration', { settings: null })
  await hintBecomes(client, '→ dev.dev_me.users')
  await client.stop()
})

commands('status is told to who asks', async () => {
  const client = await startClient(PROJECT, { initializationOptions: { statusNotifications: true } })
  await client.open(ORDERS)
  const last = () => client.messages.findLast((each) => each.method === 'dbtDefer/status')?.params as StatusNotification | undefined
  await client.until('status', () => last()?.busy === false && last()?.counts.dev === 1)
  const status = last()
  assert.is(status?.target, 'dev')
  assert.equal(status?.targets, ['dev', 'prod'])
  assert.is(status?.defer, true)
  assert.is(status?.state?.generated_at, '2026-01-02T03:04:05.000000Z')
  await run(client, 'dbtDefer.setDefer', false)
  await client.until('status of no defer', () => last()?.defer === false)
  await client.stop()
})

commands('two projects that change together are both told of', async () => {
  const project = (name: string) => `
    //- /mono/${name}/dbt_project.yml
    name: ${name}
    profile: p
    //- /mono/${name}/profiles.yml
    p: {target: dev, outputs: {dev: {type: duckdb, path: /mono/${name}.duckdb, schema: s}}}
    //- /mono/${name}/models/a.sql
    select 1
  `
  const client = await startClient(project('one') + project('two'), { initializationOptions: { statusNotifications: true } })
  const told = (name: string) => client.messages.filter((each) => each.method === 'dbtDefer/status').map((each) => each.params as StatusNotification).findLast((each) => each.project === name)
  await client.open('/mono/one/models/a.sql')
  await client.open('/mono/two/models/a.sql')
  await client.until('both', () => told('one')?.busy === false && told('two')?.busy === false)
  await run(client, 'dbtDefer.setTarget', 'nowhere')
  await client.until('both again', () => told('one')?.target === null && told('two')?.target === null)
  await client.stop()
})

commands.run()
