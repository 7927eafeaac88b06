// Diagnostics as they travel: pushed, pulled, and never both for one document.

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Diagnostic } from 'vscode-languageserver'
import { startClient } from '../support/client.ts'

const diagnostics = suite('diagnostics on the wire')

const BROKEN = `
  //- models/a.sql
  select * from {{ ref('nope') }}
  //- models/b.sql
  select * from {{ ref('neither') }}
`
const PULLING = { textDocument: { diagnostic: { dynamicRegistration: false } }, workspace: { diagnostics: { refreshSupport: true }, workspaceFolders: true } }

interface Report { readonly kind: string; readonly items: Diagnostic[] }

diagnostics('a client that pulls a document is pushed nothing more of it', async () => {
  const client = await startClient(BROKEN, { capabilities: PULLING })
  await client.open('models/a.sql')
  const uri = client.uri('models/a.sql')
  const pulled = await client.request<Report>('textDocument/diagnostic', { textDocument: { uri } })
  assert.equal(pulled.items.map((each) => each.code), ['ref-not-found'])
  await client.diagnostics('models/b.sql', (all) => all.length === 1)
  assert.equal(client.published.filter((each) => each.uri === uri).at(-1)?.diagnostics ?? [], [])
  await client.close('models/a.sql')
  await client.diagnostics('models/a.sql', (all) => all.length === 1)
  await client.stop()
})

diagnostics('a client that cannot be told to pull again is pushed as well', async () => {
  const client = await startClient(BROKEN, { capabilities: { textDocument: { diagnostic: {} } } })
  await client.open('models/a.sql')
  await client.request<Report>('textDocument/diagnostic', { textDocument: { uri: client.uri('models/a.sql') } })
  await client.diagnostics('models/a.sql', (all) => all.length === 1)
  await client.stop()
})

diagnostics('each code links to its paragraph', async () => {
  const client = await startClient(BROKEN)
  await client.open('models/a.sql')
  const [problem] = await client.diagnostics('models/a.sql', (all) => all.length === 1)
  assert.is(problem?.codeDescription?.href, 'file:///docs/README.md#ref-not-found')
  await client.stop()
})

diagnostics.run()
