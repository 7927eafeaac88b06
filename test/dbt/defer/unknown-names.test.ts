// A name that hangs on what only a run tells: nothing that rests on it is stated.

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { compileNode } from '../../../server/dbt/compile/compile.ts'
import { callsIn } from '../../../server/dbt/snapshot.ts'
import { diagnostics } from '../../../server/ide/diagnostics.ts'
import { aboutText } from '../../../server/ide/hover.ts'
import { snapshotOf } from '../../support/snapshot.ts'

const names = suite('names that are not known')

const PROJECT = `
  //- macros/names.sql
  {% macro generate_schema_name(custom_schema_name, node) %}{{ target.schema }}_{{ invocation_id }}_{{ custom_schema_name }}{% endmacro %}
  //- models/one.sql
  {{ config(alias='twin', schema='a') }} select 1 as id from {{ this }}
  //- models/two.sql
  {{ config(alias='twin', schema='b') }} select '{{ model.schema }}'
  //- models/reader.sql
  select * from {{ ref('one') }}
`
const { snapshot } = await snapshotOf(PROJECT)
const file = (name: string): string => [...snapshot.files.keys()].find((path) => path.endsWith(`/${name}.sql`)) ?? ''

names('a ref to it reads an unknown relation', () => {
  const [call] = callsIn(snapshot, file('reader'))
  assert.is(call?.resolution.kind, 'unknown')
  assert.equal([call?.resolution.relation, call?.resolution.dev], [null, null])
  assert.equal(call?.resolution.reason, ['defer-off', 'name-unknown'])
})

names('two of them are not said to be one relation', () => {
  assert.equal(['one', 'two'].flatMap((name) => diagnostics(snapshot, file(name)).filter(({ code }) => code === 'alias-collision')), [])
})

names('neither this nor model states it', () => {
  for (const name of ['one', 'two', 'reader']) {
    const node = snapshot.manifest.nodes.get(`model.p.${name}`)
    const compiled = node && compileNode(snapshot, node)
    assert.is(compiled?.compiled_code, null, name)
    assert.is(compiled?.unknown.length === 0, false, name)
  }
})

names('its hover names no relation', () => {
  const node = snapshot.manifest.nodes.get('model.p.one')
  assert.match(node ? aboutText(snapshot, node) : '', /current target: not known, /)
})

names.run()
