// A project with a ref() macro of its own, around dbt's: where its text goes in the compiled SQL, as dbt 1.12.6 compiled it.

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { compileNode } from '../../../server/dbt/compile/compile.ts'
import { resolvedCalls } from '../../../server/dbt/snapshot.ts'
import { snapshotOf } from '../../support/snapshot.ts'

const overridden = suite("the project's own ref()")

const OWN = `
  //- macros/ref.sql
  {% macro ref(model_name) %}{% do return(builtins.ref(model_name).include(database=false)) %}{% endmacro %}
  {% macro big(n) %}
  with a as (select * from {{ ref(n) }}), b as (select * from {{ ref('b') }}) select * from a join b using (x)
  {% endmacro %}
  {% macro quiet(n) %}{% set r = ref(n) %}{{ r.identifier }}{% endmacro %}
  //- models/a.sql
  select 1 as x
  //- models/b.sql
  select 1 as x
  //- models/m.sql
  {{ big('a') }}
  union all select * from {{ ref('a') }} -- {{ quiet('b') }}
  {% set s = ref('b') %}{{ s }}
`

overridden('each call reads what the macro gave back for it, inside other macros and far from where it is printed too', async () => {
  const { snapshot } = await snapshotOf(OWN)
  const node = snapshot.manifest.nodes.get('model.p.m')
  const { schema } = node ?? { schema: '' }
  assert.ok(node)
  if (!node) return
  assert.equal(resolvedCalls(snapshot, node).map(({ call, resolution }) => [call.args[0], call.via.length, resolution.relation]), [
    ['a', 2, `"${schema}"."a"`], ['b', 2, `"${schema}"."b"`], ['a', 1, `"${schema}"."a"`], ['b', 2, `"${schema}"."b"`], ['b', 1, `"${schema}"."b"`],
  ])
})

overridden('the parts of a compiled view know what they read', async () => {
  const { snapshot } = await snapshotOf(OWN)
  const node = snapshot.manifest.nodes.get('model.p.m')
  const compiled = node && compileNode({ world: snapshot.world, deferring: snapshot.deferring, files: snapshot.files, preview: true }, node)
  assert.equal(compiled?.pieces.filter((piece) => piece.resolutions.length > 0).map((piece) => [piece.text, piece.resolutions.map((each) => each.target)]), [
    [`"${node?.schema}"."a"`, ['model.p.a']], [`"${node?.schema}"."b"`, ['model.p.b']], [`"${node?.schema}"."a"`, ['model.p.a']], [`"${node?.schema}"."b"`, ['model.p.b']],
  ])
})

overridden.run()
