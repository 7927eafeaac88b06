// Before the state has been read nobody says that there is none.

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Hover, MarkupContent } from 'vscode-languageserver'
import { startClient } from '../support/client.ts'

const pending = suite('a state that is still being read')

pending('is unknown, then known', async () => {
  let release: () => void = () => undefined
  const released = new Promise<void>((resolve) => { release = resolve })
  const client = await startClient(`
    //- models/a.sql
    select * from {{ ref('b$0b') }}
    //- models/bb.sql
    select 1
    //- prod
    model bb prod.core.bb
  `, { host: (host) => ({ ...host, evidence: async (inputs, request, manifest) => { await released; return host.evidence(inputs, request, manifest) } }) })
  await client.open('models/a.sql')
  const text = async () => ((await client.ask<Hover | null>('textDocument/hover'))?.contents as MarkupContent | undefined)?.value ?? ''
  let before = ''
  for (let tries = 0; (before === '' || before.includes('The project is still being read')) && tries < 200; tries++) { await new Promise((resolve) => { setTimeout(resolve, 10) }); before = await text() }
  assert.match(before, /unknown\*\*: the state is still being read/)
  assert.not.match(before, /there is no state/)
  release()
  let after = ''
  for (let tries = 0; !after.includes('prod:') && tries < 200; tries++) { await new Promise((resolve) => { setTimeout(resolve, 10) }); after = await text() }
  assert.match(after, /prod: `"prod"\."core"\."bb"`/)
  await client.stop()
})

pending.run()
