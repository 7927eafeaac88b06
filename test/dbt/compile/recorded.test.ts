import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { assemble } from '../../../server/dbt/assemble.ts'
import { compileNode } from '../../../server/dbt/compile/compile.ts'
import type { Compiled } from '../../../server/dbt/compile/types.ts'
import { createProjectHost } from '../../../server/host/project-host.ts'
import { DEFAULTS, requestOf } from '../../../server/ide/settings.ts'
import type { ProdNode } from '../../support/fixture.ts'
import { manifestText } from '../../support/manifest.ts'

// What dbt 1.12.6 compiled of test/fixtures/projects/foundry, with two of its relations in the warehouse: byte for byte, in three modes.
interface Recorded { readonly compiled: Readonly<Record<string, string>>; readonly refused: Readonly<Record<string, string>>; readonly introspective: readonly string[] }
const golden = JSON.parse(readFileSync(path.join(import.meta.dirname, '../../golden/compile/foundry.json'), 'utf8')) as Readonly<Record<string, Recorded>>
const root = path.join(import.meta.dirname, '../../fixtures/projects/foundry')
const recorded = suite('compiled text recorded from dbt')

async function compileAll(mode: string): Promise<Map<string, Compiled>> {
  const place = mkdtempSync(path.join(tmpdir(), 'compile-'))
  const host = createProjectHost({ surroundings: { env: new Map(), cwd: place, home: place }, startedIn: 'process', entry: '' })
  try {
    writeFileSync(path.join(place, 'exists.json'), JSON.stringify(['metals', 'inc'].map((identifier) => ({ database: 'dev', schema: 'foundry_dev', identifier, type: 'table' }))))
    const base = requestOf(DEFAULTS)
    const cli = { ...base.cli, profilesDir: root, target: 'dev', targetPath: place, defer: mode !== 'none', favorState: mode === 'favor', state: place }
    const request = { ...base, cli, rules: '1.12', exists: path.join(place, 'exists.json') }
    const prod = assemble(host.open(root, { ...request, cli: { ...cli, target: 'prod', defer: false } }, new Map(), null), host.now(), null)
    writeFileSync(path.join(place, 'manifest.json'), stateOf(prod.manifest.nodes.values()))
    const inputs = host.open(root, request, new Map(), null)
    const first = assemble(inputs, host.now(), null)
    const snapshot = assemble({ ...inputs, evidence: await host.evidence(inputs, request, first.manifest) }, host.now(), first)
    return new Map(Array.from(snapshot.manifest.nodes.values()).flatMap((node) => {
      const compiled = compileNode(snapshot, node)
      return compiled ? [[node.unique_id, compiled] as const] : []
    }))
  } finally {
    host.dispose()
    rmSync(place, { recursive: true })
  }
}

function stateOf(nodes: Iterable<Compiled['node']>): string {
  return manifestText(Array.from(nodes).filter((node) => ['model', 'seed', 'snapshot'].includes(node.resource_type)).map((node): ProdNode => ({
    resource_type: node.resource_type, name: node.name, version: null, latest_version: null, database: node.database, schema: node.schema ?? '', identifier: node.alias, columns: [], path: null,
    materialized: String(node.config.get('materialized')), package_name: null, enabled: true,
  })), { project: 'foundry' })
}

for (const [mode, { compiled, refused, introspective }] of Object.entries(golden)) {
  recorded(mode, async () => {
    const ours = await compileAll(mode)
    let equal = 0
    for (const [id, text] of Object.entries(compiled)) {
      const found = ours.get(id)
      // Without dbt's own macros what needs them is unknown, and nothing else may be.
      if (found && found.unknown.length > 0 && found.unknown.every(({ code }) => code === 'missing-macro' || code === 'relation-type-unknown')) continue
      assert.is(found?.compiled_code ?? found?.error?.message ?? JSON.stringify(found?.unknown), text, id)
      equal++
    }
    assert.ok(equal >= 41, `${equal} equal`)
    for (const [id, message] of Object.entries(refused)) assert.is(ours.get(id)?.error?.message.split('\n')[0], message, id)
    for (const id of introspective) {
      // Recorded without a warehouse. That a relation which is not there has no columns is evidence enough, and said.
      if ((ours.get(id)?.evidence.length ?? 0) > 0) continue
      assert.is(ours.get(id)?.compiled_code, null, id)
      assert.is(ours.get(id)?.error, null, id)
      assert.ok(ours.get(id)?.unknown.every(({ place }) => place.path.endsWith('.sql')), id)
    }
  })
}

recorded.run()
