// `dbtDefer.pullState` in the editor: offered where the state is missing or old and the setting names a command, run when it is asked for, never in an untrusted workspace.

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { CodeAction } from 'vscode-languageserver'
import { startClient, type Client, type ClientOptions } from '../support/client.ts'
import { manifestText } from '../support/manifest.ts'

const pulls = suite('fetching the state from an editor')

const PROJECT = `
  //- prod
  model users prod.core.users at models/users.sql
  //- models/orders.sql
  select * from {{ ref('us$0ers') }}
  //- models/users.sql
  select 1
`
const DBT_PROJECT = '/p/dbt_project.yml'

/** A project whose state is not there yet. */
async function started(options: ClientOptions & { settings?: string } = {}): Promise<Client> {
  const client = await startClient(PROJECT, {
    ...options,
    host: (host) => {
      host.files.set('/p/.dbt-defer-ls.yml', options.settings ?? 'state: state\nstatePull: fetch   --token=abc it\n')
      host.files.delete('/p/state/manifest.json')
      host.pulled = (_, onLine) => {
        onLine('half of it')
        host.files.set('/p/state/manifest.json', manifestText(client.fixture.prod))
        return Promise.resolve({ kind: 'pulled', changed: true })
      }
      return host
    },
  })
  await client.open('models/orders.sql')
  return client
}

const pull = (client: Client, ...args: unknown[]) => client.request<{ pulled: string[] }>('workspace/executeCommand', { command: 'dbtDefer.pullState', arguments: args })
const shown = (client: Client) => client.messages.filter((each) => each.method === 'window/showMessage').map((each) => (each.params as { message: string }).message)

async function actions(client: Client): Promise<readonly CodeAction[]> {
  await client.diagnostics('dbt_project.yml', (all) => all.some((each) => each.code === 'state-missing'))
  const uri = `file://${DBT_PROJECT}`
  return client.request<CodeAction[]>('textDocument/codeAction', { textDocument: { uri }, range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }, context: { diagnostics: [], only: ['quickfix'] } })
}

pulls('the action at a missing state fetches it, and the trouble is gone', async () => {
  const client = await started()
  const [first] = await actions(client)
  assert.is(first?.title, 'Fetch the state: fetch --token=***** it')
  assert.equal(first?.command?.arguments, ['/p'])
  assert.equal(client.host.pulls, [], 'not before it is asked for')
  assert.equal(await pull(client, '/p'), { pulled: ['/p'] })
  assert.equal(client.host.pulls.map(({ root, directories }) => ({ root, directories })), [{ root: '/p', directories: ['/p/state'] }])
  await client.diagnostics('dbt_project.yml', (all) => !all.some((each) => each.code === 'state-missing'))
  assert.ok(client.messages.some((each) => each.method === '$/progress' && JSON.stringify(each.params).includes('half of it')))
  assert.ok(shown(client).some((each) => /^The state was fetched, made on .*, 1 nodes$/.test(each)), shown(client).join('\n'))
  await client.stop()
})

pulls('a failure is said, and the answers stay', async () => {
  const client = await started()
  client.host.pulled = () => Promise.resolve({ kind: 'failed', why: 'exit code 1' })
  assert.equal(await pull(client), { pulled: [] })
  assert.ok(shown(client).some((each) => each.startsWith('the state was not fetched: exit code 1. Mend the setting statePull (fetch   --token=***** it)')))
  await client.stop()
})

pulls('two at once are one', async () => {
  const client = await started()
  const { host } = client
  let finish: () => void = () => undefined
  const gate = new Promise<void>((resolve) => { finish = resolve })
  host.pulled = async () => { await gate; return { kind: 'pulled', changed: false } }
  const one = pull(client)
  await client.until('it runs', () => host.pulls.length === 1)
  assert.equal(await pull(client), { pulled: [] })
  assert.ok(shown(client).includes('the state is being fetched already'))
  finish()
  assert.equal(await one, { pulled: ['/p'] })
  assert.is(host.pulls.length, 1)
  await client.stop()
})

pulls('without a setting the way is told, and no action is offered', async () => {
  const client = await started({ settings: 'state: state\n' })
  assert.not((await actions(client)).some((each) => each.command?.command === 'dbtDefer.pullState'))
  assert.equal(await pull(client), { pulled: [] })
  assert.ok(shown(client).some((each) => each.startsWith('nothing says how the state is fetched.')))
  await client.stop()
})

pulls('an untrusted workspace runs nothing and is offered nothing', async () => {
  const client = await started({ initializationOptions: { trusted: false } })
  assert.not((await actions(client)).some((each) => each.command?.command === 'dbtDefer.pullState'))
  assert.equal(await pull(client, '/p'), { pulled: [] })
  assert.equal(client.host.pulls, [])
  assert.ok(shown(client).includes('this workspace is not trusted: no command of it is run'))
  await client.stop()
})

pulls.run()
