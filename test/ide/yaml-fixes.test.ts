// Mends of YAML: text before, the action, text after. What is mended is recorded of real dbt in fixtures/refusals.

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { codeActions } from '../../server/ide/code-actions.ts'
import { diagnostics } from '../../server/ide/diagnostics.ts'
import { snapshotOf } from '../support/snapshot.ts'

const x = suite('fixes of YAML')

const PROJECT = `
  //- dbt_project.yml
  name: p
  version: 1.0.0
  profile: p
  //- profiles.yml
  p: {target: dev, outputs: {dev: {type: snowflake, account: a, user: u, password: p, database: D, warehouse: w, schema: S, role: r}}}
  //- models/m.sql
  select 1 as id
`

/** The file after the first fix of its first problem that has one. */
async function mended(text: string, file = 'models/s.yml'): Promise<string> {
  const path = `/p/${file}`
  const project = file === 'dbt_project.yml' ? PROJECT.replace(/ {2}\/\/- dbt_project[^]*?(?=\n {2}\/\/- profiles)/, '') : PROJECT
  const { snapshot } = await snapshotOf(`${project}\n  //- ${file}\n${text.replace(/^(?=.)/gm, '  ')}`)
  const problems = diagnostics(snapshot, path)
  const fix = problems.flatMap((problem) => codeActions(snapshot, path, problem.place, [problem])).find((each) => each.edits.length > 0)
  const before = snapshot.files.get(path)?.text ?? snapshot.project.root.file.text
  if (!fix) return `no fix for ${problems.map((each) => each.message).join(' / ')}`
  return fix.edits.toSorted((one, other) => other.span.start - one.span.start).reduce((now, edit) => now.slice(0, edit.span.start) + edit.text + now.slice(edit.span.end), before)
}

x('a key that was meant', async () => {
  assert.is(await mended('models:\n  - name: m\n    config:\n      materialised: table\n'), 'models:\n  - name: m\n    config:\n      materialized: table\n')
  assert.is(await mended('models:\n  - name: m\n    descripton: x\n'), 'models:\n  - name: m\n    description: x\n')
})

x('into config, which is made when it is not there', async () => {
  assert.is(await mended('models:\n  - name: m\n    meta:\n      owner: me\n    columns: []\n'), 'models:\n  - name: m\n    config:\n      meta:\n        owner: me\n    columns: []\n')
  assert.is(await mended('models:\n  - name: m\n    tags: [a]\n    config:\n      materialized: table\n'), 'models:\n  - name: m\n    config:\n      tags: [a]\n      materialized: table\n')
})

x('a key of config that nobody knows goes to meta', async () => {
  assert.is(await mended('models:\n  - name: m\n    config:\n      zebra_crossing: 1\n'), 'models:\n  - name: m\n    config:\n      meta:\n        zebra_crossing: 1\n')
})

x('a plus in dbt_project.yml', async () => {
  assert.is(await mended("name: p\nversion: 1.0.0\nprofile: p\nmodels:\n  p:\n    materialized: table\n", 'dbt_project.yml'), "name: p\nversion: 1.0.0\nprofile: p\nmodels:\n  p:\n    +materialized: table\n")
})

x('a number as text', async () => {
  assert.is(await mended('models:\n  - name: m\n    description: 5\n'), "models:\n  - name: m\n    description: '5'\n")
})

x('arguments of a test', async () => {
  const before = 'models:\n  - name: m\n    columns:\n      - name: id\n        data_tests:\n          - accepted_values:\n              values: [1]\n              severity: warn\n'
  assert.is(await mended(before), 'models:\n  - name: m\n    columns:\n      - name: id\n        data_tests:\n          - accepted_values:\n              arguments:\n                values: [1]\n              severity: warn\n')
})

x('nothing that would need another form of the text', async () => {
  assert.match(await mended('models: [{name: m, meta: {a: 1}}]\n'), /^no fix/)
})

x.run()
