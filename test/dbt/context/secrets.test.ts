// Secrets of the profile: a text that shows one is unknown, and none of them is anywhere in what is said of it.

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { compileNode } from '../../../server/dbt/compile/compile.ts'
import { snapshotOf } from '../../support/snapshot.ts'

const test = suite('secrets of the profile')

const SECRETS = ['TOP1', 'TOP2', 'TOP3', 'TOP4', 'TOP5']
const PROJECT = `
  //- dbt_project.yml
  name: p
  profile: p
  //- profiles.yml
  p:
    target: dev
    outputs:
      dev:
        {type: duckdb, path: "md:db?motherduck_token=TOP1", schema: main, settings: {motherduck_token: TOP2, threads: 4}, attach: [{path: "postgres:host=h password=TOP3", type: postgres}],
         filesystems: [{fs: s3, secret: TOP4}], extensions: ["{{ env_var('DBT_ENV_SECRET_X') }}"]}
  //- models/a.sql
  {{ target }}
  //- models/b.sql
  {{ target.path }}{{ target.attach[0].path }}
  //- models/c.sql
  {{ target.settings.motherduck_token }}{{ target.settings|tojson }}{{ target.filesystems }}{{ target.extensions }}
  //- models/d.sql
  {{ target.settings.threads }} {{ target.settings.keys()|list }} {{ target.schema }} {{ target.filesystems[0].fs }} {{ 'secret' if target.settings.motherduck_token else '' }}
`

for (const name of ['a', 'b', 'c']) {
  test(name, async () => {
    const { snapshot } = await snapshotOf(PROJECT, { env: { DBT_ENV_SECRET_X: 'TOP5' } })
    const node = snapshot.manifest.nodes.get(`model.p.${name}`)
    const compiled = node ? compileNode(snapshot, node) : null
    assert.is(compiled?.compiled_code, null)
    assert.is(compiled?.unknown[0]?.code, 'secret')
    const said = JSON.stringify(compiled?.unknown)
    for (const secret of SECRETS) assert.not.match(said, secret)
  })
}

test('what is no secret is shown', async () => {
  const { snapshot } = await snapshotOf(PROJECT.replace(" {{ 'secret' if target.settings.motherduck_token else '' }}", ''), { env: { DBT_ENV_SECRET_X: 'TOP5' } })
  const node = snapshot.manifest.nodes.get('model.p.d')
  assert.is(node ? compileNode(snapshot, node)?.compiled_code : null, "4 ['motherduck_token', 'threads'] main s3")
})

test.run()
