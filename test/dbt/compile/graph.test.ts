// Jinja's `graph` of large projects: making it costs a template nothing, and going through it is no bomb.

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { compileNode } from '../../../server/dbt/compile/compile.ts'
import { graphDict } from '../../../server/dbt/compile/graph-dict.ts'
import { metered } from '../../../server/jinja/meter.ts'
import { snapshotOf } from '../../support/snapshot.ts'

const graph = suite('graph')
const MANY = 400
const models = Array.from({ length: MANY }, (_, index) => `  //- models/many/m${index}.sql\n  select ${index} as x\n`).join('')

graph('whoever asks first does not pay for it', async () => {
  const { snapshot } = await snapshotOf(models)
  const { project, manifest } = snapshot.deferring
  assert.is(metered({ steps: 10, bytes: 10 }, () => graphDict(project, manifest).has('nodes')), true)
})

graph('a template may look through all of it, however many there are, and still not go on for ever', async () => {
  const text = (rounds: number): string => `${models}  //- models/a.sql\n  {% set ns = namespace(n=0) %}{% for i in range(${rounds}) %}{% for node in graph.nodes.values() | selectattr('resource_type', 'equalto', 'model') %}{% set ns.n = ns.n + 1 %}{% endfor %}{% endfor %}{{ ns.n }}\n`
  const compiled = async (rounds: number) => {
    const { snapshot } = await snapshotOf(text(rounds))
    const node = snapshot.manifest.nodes.get('model.p.a')
    return node ? compileNode(snapshot, node) : null
  }
  assert.is((await compiled(1))?.compiled_code, String(MANY + 1))
  assert.is((await compiled(5000))?.error?.code, 'evaluation-budget')
})

graph.run()
