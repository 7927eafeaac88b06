// `to: ref(…)` of foreign keys: never looks whether the relation exists. As dbt 1.11.16 and 1.12.6 answered for the project `pier`.

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { cli } from '../../support/cli.ts'

const keys = suite('foreign keys')

const PIER = `
  //- models/parents.sql
  select 1 as id
  //- models/child.sql
  {{ config(materialized='table') }} select 1 as id
  //- models/m.yml
  models:
    - name: child
      config: {contract: {enforced: true}}
      columns:
        - {name: id, data_type: int, constraints: [{type: foreign_key, to: "ref('parents')", to_columns: [id]}]}
  //- prod
  model parents prod.core.parents at models/parents.sql
  model child prod.core.child at models/child.sql as table
`
async function to(options: string): Promise<unknown> {
  const { out, err } = await cli(PIER, `resolve --output jsonl --defer --exists all ${options}`)
  const [record] = out.split('\n').filter(Boolean).map((line) => JSON.parse(line) as { kind: string; relation: string; reason: readonly string[] })
  assert.ok(record, err)
  return [record.kind, record.relation, record.reason]
}

keys('1.11: the state\'s, even where everything is built', async () => assert.equal(await to('--rules 1.11'), ['prod', '"prod"."core"."parents"', ['state-wins']]))
keys('1.12: with everything selected the current one', async () => assert.equal(await to('--rules 1.12'), ['dev', '"dev"."dev_me"."parents"', ['selected']]))
keys('1.12: of an unselected target the state\'s', async () => assert.equal(await to('--rules 1.12 --select child'), ['prod', '"prod"."core"."parents"', ['not-selected', 'state-wins']]))
keys('1.10: never deferred', async () => assert.equal(await to('--rules 1.10'), ['dev', '"dev"."dev_me"."parents"', []]))
keys('1.8: no ref at all', async () => assert.is((await cli(PIER, 'resolve --output jsonl --defer --exists all --rules 1.8')).out, ''))

keys.run()
