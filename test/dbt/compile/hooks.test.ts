// Hooks of a node, as dbt 1.12.6 sent them to the database.

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { compileNode } from '../../../server/dbt/compile/compile.ts'
import { compileHooks } from '../../../server/dbt/compile/hooks.ts'
import { snapshotOf } from '../../support/snapshot.ts'

const hooks = suite('hooks of a node')

hooks('all are rendered in one context: what one does to model the next sees', async () => {
  const { snapshot } = await snapshotOf(`
    //- models/a.sql
    {{ config(pre_hook="{% do model.update({'seen': 7}) %}{% do model.columns.update({'z': 1}) %}select 1", post_hook="select '{{ model.get('seen') }} {{ model.columns | list }} {{ model.name }}'") }}
    select 1 as x
    //- models/a.yml
    models: [{name: a, columns: [{name: x}]}]
  `)
  const node = snapshot.manifest.nodes.get('model.p.a')
  const compiled = node && compileNode(snapshot, node)
  assert.ok(node && compiled)
  if (node && compiled) assert.equal(compileHooks(snapshot, node, compiled).map(({ when, sql }) => [when, sql]), [['pre-hook', 'select 1'], ['post-hook', "select '7 ['x', 'z'] a'"]])
})

hooks.run()
