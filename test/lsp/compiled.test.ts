// The compiled document: through workspace/textDocumentContent, or as a file, following every edit.

import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { startClient } from '../support/client.ts'

const compiled = suite('compiled documents')

const PROJECT = `
  //- models/orders.sql
  select * from {{ ref('us$0ers') }}
  //- models/users.sql
  select 1
`
const SHOW = 'dbtDefer.showCompiled'

interface Shown { readonly uri: string; readonly path: string | null; readonly exact: boolean }

compiled('as a document of the scheme dbt-compiled', async () => {
  const client = await startClient(PROJECT, { capabilities: { workspace: { textDocumentContent: {} } } })
  const refreshed: string[] = []
  client.connection.onRequest('workspace/textDocumentContent/refresh', ({ uri }: { uri: string }) => { refreshed.push(uri); return null })
  assert.equal(client.initialized.capabilities.workspace?.textDocumentContent, { schemes: ['dbt-compiled'] })
  await client.open('models/orders.sql')
  const shown = await client.request<Shown>('workspace/executeCommand', { command: SHOW, arguments: [client.uri('models/orders.sql')] })
  assert.ok(shown.uri.startsWith('dbt-compiled:'))
  assert.is(shown.exact, true)
  const { text } = await client.request<{ text: string }>('workspace/textDocumentContent', { uri: shown.uri })
  assert.match(text, /^select \* from "\w+"\."\w+"\."users"$/)
  await client.edit('models/orders.sql', "select 2 from {{ ref('users') }}")
  await client.until('refresh', () => refreshed.length > 0)
  assert.equal(refreshed, [shown.uri])
  assert.match((await client.request<{ text: string }>('workspace/textDocumentContent', { uri: shown.uri })).text, /^select 2 from/)
  await client.stop()
})

compiled('as a file for other clients', async () => {
  const place = mkdtempSync(path.join(tmpdir(), 'compiled-'))
  const client = await startClient(PROJECT, { env: { DBT_TARGET_PATH: place } })
  await client.open('models/orders.sql')
  const shown = await client.request<Shown>('workspace/executeCommand', { command: SHOW, arguments: [client.uri('models/orders.sql')] })
  assert.ok(shown.path?.startsWith(place), String(shown.path))
  const file = shown.path ?? ''
  assert.match(readFileSync(file, 'utf8'), /^select \* from/)
  await client.edit('models/orders.sql', 'select {{ run_started_at }} from {{ ref("users") }}')
  await client.until('the file', () => existsSync(file) && readFileSync(file, 'utf8').startsWith('select {{ run_started_at }} from "'))
  await client.stop()
  rmSync(place, { recursive: true })
})

compiled('nothing to show for what is no node', async () => {
  const client = await startClient(PROJECT)
  assert.is(await client.request('workspace/executeCommand', { command: SHOW, arguments: [client.uri('dbt_project.yml')] }), null)
  assert.is(await client.request('workspace/executeCommand', { command: SHOW, arguments: [7] }), null)
  await client.stop()
})

compiled.run()
