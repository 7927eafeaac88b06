// What is modified and what a run would do, as editors see it: badges, symbols, status and plans follow every keystroke, saved or not.

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { CodeLens, SymbolInformation } from 'vscode-languageserver'
import type { PlanShown } from '../../server/lsp/plans.ts'
import type { StatusNotification } from '../../server/lsp/status.ts'
import { startClient, type Client } from '../support/client.ts'

const modified = suite('modified in editors')

const PROJECT = `
  //- prod
  model users prod.core.users at models/users.sql as view
  //- dev
  dev_me.users
  //- models/orders.sql
  select * from {{ ref('users') }}
  //- models/users.sql
  select 1
`
const USERS = 'models/users.sql'

const statuses = (client: Client) => client.messages.filter((each) => each.method === 'dbtDefer/status').map((each) => each.params as StatusNotification)
const whyOf = (client: Client) => statuses(client).at(-1)?.modified?.nodes.map((each) => `${each.unique_id}: ${each.why}`) ?? []
const symbols = async (client: Client, query: string) => (await client.request<SymbolInformation[]>('workspace/symbol', { query })).map((each) => each.name)
const lenses = async (client: Client) => (await client.request<CodeLens[]>('textDocument/codeLens', { textDocument: { uri: client.uri(USERS) } })).map((each) => each.command?.title)
const run = (client: Client, command: string, ...args: unknown[]) => client.request<unknown>('workspace/executeCommand', { command, arguments: args })

modified('lens, symbols and status say it for unsaved text, and take it back', async () => {
  const client = await startClient(PROJECT, { initializationOptions: { statusNotifications: true } })
  await client.open(USERS)
  await client.until('a status with the new model alone', () => statuses(client).at(-1)?.modified?.count === 1)
  assert.equal(whyOf(client), ['model.p.orders: new: not in the state'])
  assert.not.ok((await lenses(client)).some((title) => title?.startsWith('modified')))
  await client.edit(USERS, "{{ config(materialized='table', tags=['x']) }} select 2")
  await client.until('a status with the edit', () => statuses(client).at(-1)?.modified?.count === 2)
  assert.equal(whyOf(client), ['model.p.orders: new: not in the state', 'model.p.users: .body; .configs: materialized'])
  assert.ok((await lenses(client)).includes('modified (.body; .configs: materialized)'))
  assert.equal(await symbols(client, 'modified'), ['orders (modified new: not in the state)', 'users (modified .body; .configs: materialized)'])
  assert.equal(await symbols(client, 'state:modified use'), ['users (modified .body; .configs: materialized)'])
  await client.edit(USERS, 'select 1')
  await client.until('a status as before', () => statuses(client).at(-1)?.modified?.count === 1)
  await client.stop()
})

modified('behind the badge: production\'s text beside the file, or the reasons where the text is the same', async () => {
  const client = await startClient(PROJECT, { initializationOptions: { statusNotifications: true }, capabilities: { workspace: { textDocumentContent: {} } } })
  await client.open(USERS)
  await client.until('a status', () => statuses(client).at(-1)?.modified?.count === 1)
  await client.edit(USERS, 'select 2')
  const explained = await run(client, 'dbtDefer.explainModified', 'model.p.users') as { reasons: string[]; left: { uri: string }; right: { uri: string }; title: string }
  assert.equal([explained.reasons, explained.right.uri, explained.title], [["the file's text changed"], client.uri(USERS), "users: production's text ↔ here"])
  assert.is((await client.request<{ text: string }>('workspace/textDocumentContent', { uri: explained.left.uri })).text, 'select 1')
  assert.equal(await run(client, 'dbtDefer.explainModified', 'model.p.orders'), { reasons: ['the state has no such node'] })
  await client.stop()
})

modified('without a state nothing is called modified', async () => {
  const client = await startClient('\n  //- models/a.sql\n  select 1\n', { initializationOptions: { statusNotifications: true } })
  await client.open('models/a.sql')
  await client.until('a status', () => statuses(client).some((each) => !each.busy))
  assert.is(statuses(client).at(-1)?.modified, null)
  await client.stop()
})

modified('what a run would do, and what it would do otherwise', async () => {
  const client = await startClient(PROJECT)
  await client.open(USERS)
  const plan = async (...words: string[]) => await run(client, 'dbtDefer.plan', 'run', 'model.p.orders', ...words) as PlanShown
  assert.match((await plan()).text, /^### 1 built, 0 tests, 0 deferred, 0 missing, 0 unknown\n\n`dbt run --select p\.orders --target dev --defer --state state`/)
  assert.is((await plan()).command_line, 'dbt run --select p.orders --target dev --defer --state state')
  assert.match((await plan('favor-state')).text, /^### favor-state\n(.*\n)*\*\*Read elsewhere\*\* \(1\)\n- `model\.p\.orders` → `model\.p\.users`: dev "dev"\."dev_me"\."users" → prod "prod"\."core"\."users"/)
  assert.match((await plan('drop=users')).text, /→ prod "prod"\."core"\."users"/)
  assert.match((await plan('no-favor-state')).text, /^### no-favor-state: nothing changes/)
  assert.is(await run(client, 'dbtDefer.plan', 'run', 'model.p.orders', 'nonsense'), null)
  assert.is(await run(client, 'dbtDefer.plan', 'explode', ''), null)
  await client.stop()
})

modified.run()
