// What is wrong somewhere costs its own place the answer and nothing else.

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { LocationLink } from 'vscode-languageserver'
import { startClient, type Client } from '../support/client.ts'

const bad = suite('bad projects')

const SOUND = `
  select * from {{ ref('us$0ers') }}
  //- models/users.sql
  select 1 as id
`

async function answers(client: Client): Promise<void> {
  const [found] = await client.ask<LocationLink[]>('textDocument/definition')
  assert.is(found?.targetUri, client.uri('models/users.sql'))
}

interface Case { readonly name: string; readonly files: string; readonly at: string; readonly code: string }

const CASES: readonly Case[] = [
  { name: 'one entry twice', at: 'models/two.yml', code: 'name-duplicate', files: `
    //- models/one.yml
    models: [{name: users, description: one}]
    //- models/two.yml
    models: [{name: users, description: two}]
  ` },
  { name: 'one variable of the environment that is not set', at: 'models/envy.sql', code: 'env-var-missing', files: `
    //- models/envy.sql
    select '{{ env_var('NOT_THERE') }}' from {{ ref('users') }}
  ` },
  { name: 'one package that is not installed', at: 'packages.yml', code: 'package-not-installed', files: `
    //- packages.yml
    packages: [{package: some/where, version: 1.0.0}]
  ` },
  { name: 'one circle', at: 'models/a.sql', code: 'dependency-cycle', files: `
    //- models/a.sql
    select * from {{ ref('b') }}
    //- models/b.sql
    select * from {{ ref('a') }}
  ` },
  { name: 'one name twice', at: 'models/sub/users.sql', code: 'name-duplicate', files: `
    //- models/sub/users.sql
    select 2
  ` },
  { name: 'one property file that is no YAML', at: 'models/broken.yml', code: 'yaml-syntax', files: `
    //- models/broken.yml
    models: [{name: users, : ]]
  ` },
  { name: 'a hostile state', at: 'dbt_project.yml', code: 'state-unreadable', files: `
    //- .dbt-defer-ls.yml
    state: prod
    defer: true
    //- prod/manifest.json
    {"__proto__": {"x": 1}, "nodes": {"constructor": ${'['.repeat(20_000)}${']'.repeat(20_000)}}}
  ` },
]

for (const { name, files, at, code } of CASES) {
  bad(name, async () => {
    const client = await startClient(`${SOUND}${files.replaceAll(/^ {4}/gm, '  ')}`)
    await client.open('models/test.sql')
    await client.diagnostics(at, (all) => all.some((each) => each.code === code))
    await answers(client)
    const own = client.published.findLast((each) => each.uri === client.uri('models/test.sql'))
    assert.equal(own?.diagnostics ?? [], [], 'the sound model is not blamed')
    await client.stop()
  })
}

bad('10,000 files at once, as a change of branch makes them', async () => {
  const client = await startClient(SOUND)
  await client.open('models/test.sql')
  await answers(client)
  const made = Array.from({ length: 10_000 }, (_, index) => `/p/models/many/m${index}.sql`)
  for (const path of made) client.host.files.set(path, "select * from {{ ref('users') }}")
  await client.connection.sendNotification('workspace/didChangeWatchedFiles', { changes: made.map((path) => ({ uri: client.uri(path), type: 1 })) })
  await answers(client)
  let found: readonly { readonly name: string }[] = []
  const started = Date.now()
  while (found.length === 0 && Date.now() - started < 60_000) {
    found = (await client.request<{ name: string }[]>('workspace/symbol', { query: 'm9999' })).filter((each) => each.name === 'm9999')
    await new Promise((resolve) => { setTimeout(resolve, 50) })
  }
  assert.is(found.length, 1)
  await answers(client)
  await client.stop()
})

bad.run()
