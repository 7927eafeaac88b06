// Models of other projects that are known by their manifest alone: hover, definition, completion.

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { CompletionList, Hover, InlayHint, LocationLink } from 'vscode-languageserver'
import { startClient } from '../support/client.ts'

const upstream = suite('models known by a manifest')

const ORDERS = `{"name": "orders", "package_name": "up", "resource_type": "model", "database": "up", "schema": "prod", "alias": "orders", "relation_name": "up.prod.orders", "access": "public", "original_file_path": "models/orders.sql", "description": "All orders.", "columns": {"id": {"name": "id", "data_type": "int", "description": "The key."}}, "config": {"enabled": true}}`
const MANIFEST = `{"metadata": {"project_name": "up"}, "parent_map": {"model.up.orders": []},
"nodes": {
"model.up.orders": ${ORDERS},
"model.up.inner": ${ORDERS.replaceAll('orders', 'inner').replace('public', 'protected')}}}`

const PROJECT = (manifest: string): string => `
  select * from {{ ref('up', 'or$0ders') }}
  //- dbt_loom.config.yml
  manifests: [{name: up, type: file, config: {path: ${manifest}}}]
  //- /far/manifest.json
  ${MANIFEST.replaceAll('\n', '\n  ')}
  //- /near/target/manifest.json
  ${MANIFEST.replaceAll('\n', '\n  ')}
  //- /near/dbt_project.yml
  name: up
  //- /near/models/orders.sql
  select 1 as id
`

upstream('without their files: the entry of the manifest', async () => {
  const client = await startClient(PROJECT('/far/manifest.json'))
  await client.open('models/test.sql')
  const hints = await client.request<InlayHint[]>('textDocument/inlayHint', { textDocument: { uri: client.uri('models/test.sql') }, range: { start: { line: 0, character: 0 }, end: { line: 9, character: 0 } } })
  assert.equal(hints.map((each) => each.label), ['→ up.prod.orders'])
  const hover = await client.ask<Hover>('textDocument/hover')
  assert.match((hover.contents as { value: string }).value, /"up"\."prod"\."orders"[^]*another project[^]*model `orders` in up[^]*known by \/far\/manifest\.json[^]*All orders\.[^]*`id` int: The key\./)
  const [found] = await client.ask<LocationLink[]>('textDocument/definition')
  assert.is(found?.targetUri, 'file:///far/manifest.json')
  assert.equal(found?.targetSelectionRange.start, { line: 2, character: 0 })
  await client.stop()
})

upstream('with their files at hand: the file', async () => {
  const client = await startClient(PROJECT('/near/target/manifest.json'))
  await client.open('models/test.sql')
  const found = await client.ask<LocationLink[]>('textDocument/definition')
  assert.equal(found.map((each) => each.targetUri), ['file:///near/models/orders.sql'])
  await client.stop()
})

upstream('completion offers public ones, as the first argument their project', async () => {
  const client = await startClient(PROJECT('/far/manifest.json'))
  await client.open('models/test.sql')
  const labels = async (text: string, character: number): Promise<string[]> => {
    await client.edit('models/test.sql', text)
    return (await client.request<CompletionList>('textDocument/completion', { textDocument: { uri: client.uri('models/test.sql') }, position: { line: 0, character } })).items.map((each) => each.label)
  }
  assert.ok((await labels("{{ ref('') }}", 8)).includes('orders'))
  assert.equal(await labels("{{ ref('up', '') }}", 14), ['orders'])
  assert.not((await labels("{{ ref('') }}", 8)).includes('inner'))
  await client.stop()
})

upstream.run()
