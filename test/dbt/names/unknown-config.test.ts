// Config that only a running dbt knows: it stays unknown in the config, nothing is refused and nothing breaks on it.

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { firstUnknown } from '../../../server/jinja/unknown-within.ts'
import { snapshotOf } from '../../support/snapshot.ts'

const configs = suite('config that is not known')

configs('of dbt_project.yml: only what has it', async () => {
  const { snapshot } = await snapshotOf(`
    //- dbt_project.yml
    name: p
    profile: p
    models:
      p:
        tagged: {+labels: {run: "{{ invocation_id }}", b: x}, +tags: ["x", "{{ invocation_id }}"]}
        named: {+schema: "{{ run_started_at }}"}
    exposures: {+meta: {run: "{{ invocation_id }}"}}
    //- models/plain.sql
    select 1
    //- models/tagged.sql
    select 1
    //- models/named.sql
    select 1
    //- models/e.yml
    exposures: [{name: e, type: dashboard, owner: {email: a@b.c}}]
  `)
  const { nodes, others } = snapshot.manifest
  const code = (name: string): string | undefined => firstUnknown(nodes.get(`model.p.${name}`)?.config.values() ?? [])?.code
  assert.equal([code('plain'), code('tagged'), code('named')], [undefined, 'config-member', 'config-member'])
  assert.equal(nodes.get('model.p.tagged')?.tags, ['x'])
  assert.is(nodes.get('model.p.named')?.unknown.some((one) => one.code === 'config-member'), true)
  assert.is(firstUnknown(others.get('exposure.p.e')?.config.values() ?? [])?.code, 'config-member')
})

configs('of config(): whatever its shape', async () => {
  const shapes = ['invocation_id', "{'a': invocation_id}", '[invocation_id]', "[{'a': invocation_id}]"]
  const keys = ['tags', 'meta', 'grants', 'docs', 'contract', 'access', 'group', 'enabled', 'full_refresh', 'alias', 'quoting', 'persist_docs', 'materialized']
  const all = keys.flatMap((key) => shapes.map((value, index) => `//- models/${key}_${index}.sql\n{{ config(${key}=${value}) }} select 1`))
  const { snapshot } = await snapshotOf(all.join('\n'))
  const nodes = [...snapshot.manifest.nodes.values()]
  assert.equal(nodes.flatMap(({ problems }) => problems).filter(({ severity }) => severity === 'error'), [])
  assert.is(nodes.length, all.length)
  for (const node of nodes.filter(({ name }) => /^(tags|meta|grants)_[02]$/.test(name))) assert.is(firstUnknown(node.config.values())?.code, 'invocation', node.name)
})

configs.run()
