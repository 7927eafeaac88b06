// A server that starts with the facts of an earlier start has them at once, and keeps evaluating from there.

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { assemble } from '../../server/dbt/assemble.ts'
import type { FactsRead, FactsStore } from '../../server/dbt/ports.ts'
import { keepingSteps } from '../../server/dbt/warm.ts'
import { seal, unseal } from '../../server/host/facts-bytes.ts'
import { DEFAULTS, requestOf } from '../../server/ide/settings.ts'
import { createDocuments } from '../../server/lsp/documents.ts'
import { createWorkspace, type Workspace } from '../../server/lsp/workspace.ts'
import { parseFixture } from '../support/fixture.ts'
import { dumpOf } from '../support/manifest-of.ts'
import { memoryHost, type MemoryHost } from '../support/memory-host.ts'

const x = suite('a warm server')

const PROJECT = `
  //- dbt_project.yml
  name: p
  version: 1.0.0
  profile: p
  //- profiles.yml
  p: {target: dev, outputs: {dev: {type: duckdb, path: dev.duckdb, schema: main}}}
  //- models/a.sql
  select 1 as id
  //- models/b.sql
  select * from {{ ref('a') }}
`

function memoryStore(): FactsStore {
  const kept = new Map<string, Uint8Array>()
  return {
    directory: '/cache', off: null, salt: () => 'salt',
    read(place): FactsRead {
      const bytes = kept.get(place)
      const unsealed = bytes ? unseal(bytes, 'test') : null
      return unsealed?.kind === 'ok' ? { kind: 'found', pages: unsealed.pages } : { kind: 'none', why: null }
    },
    write(place, written) { kept.set(place, seal(written, 'test')); return Promise.resolve(null) },
  }
}

function served(host: MemoryHost): Workspace {
  return createWorkspace({ host, documents: createDocuments(() => true), log: () => undefined, settingsFor: () => DEFAULTS, onChange: () => undefined, onReleased: () => undefined })
}

async function keep(host: MemoryHost): Promise<void> {
  const inputs = host.open('/p', requestOf(DEFAULTS), new Map(), null)
  const steps = keepingSteps(host.facts, assemble(inputs, host.now(), null), inputs)
  let step = steps.next()
  while (!step.done) step = steps.next()
  assert.type(step.value, 'function')
  if (typeof step.value === 'function') assert.is(await step.value(), null)
}

x('what another start kept is there when the project is open', async () => {
  const host: MemoryHost = Object.assign(memoryHost(parseFixture(PROJECT)), { facts: memoryStore() })
  const cold = served(host)
  assert.is((await cold.open('/p')).snapshot().manifest.final, false)
  cold.dispose()
  await keep(host)
  host.files.set('/p/models/b.sql', "select 2 from {{ ref('a') }}")
  const warm = served(host)
  const project = await warm.open('/p')
  assert.is(project.snapshot().manifest.final, true)
  const settled = await project.whenSettled()
  const fresh = assemble(host.open('/p', requestOf(DEFAULTS), new Map(), null), host.now(), null)
  assert.equal(JSON.parse(dumpOf(settled.manifest)), JSON.parse(dumpOf(fresh.manifest)))
  // Property files are made again from scratch: nothing is known of how the kept facts came about.
  host.files.set('/p/models/_m.yml', 'models: [{name: a, description: new}]')
  warm.refresh()
  for (let turn = 0; turn < 100 && project.snapshot().manifest.nodes.get('model.p.a')?.description !== 'new'; turn++) await new Promise((resolve) => { setTimeout(resolve, 10) })
  assert.is(project.snapshot().manifest.nodes.get('model.p.a')?.description, 'new')
  warm.dispose()
})

x('a state that names its dbt is read before anything is evaluated, which is done once', async () => {
  const host = memoryHost(parseFixture(`${PROJECT}\n  //- prod\n  model a prod.core.a`))
  const read: string[] = []
  const { stateEvidence } = host
  host.stateEvidence = async (...args) => { read.push('read'); return { ...await stateEvidence(...args), stateVersion: '1.10.0' } }
  const workspace = createWorkspace({ host, documents: createDocuments(() => true), log: () => undefined, settingsFor: () => ({ ...DEFAULTS, state: 'state' }), onChange: (_project, cause) => { read.push(cause) }, onReleased: () => undefined })
  const project = await workspace.open('/p')
  assert.is(project.snapshot().manifest.final, false)
  const evaluated = await project.whenEvaluated()
  const settled = await project.whenSettled()
  assert.is(evaluated.evidence.state, null)
  assert.ok(settled.evidence.state)
  assert.is(settled.manifest, evaluated.manifest)
  assert.is(settled.project.rules.name, '1.10')
  assert.equal(read, ['open', 'read', 'open', 'read', 'state'])
  workspace.dispose()
})

x.run()
