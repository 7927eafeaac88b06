// The recorded answers of real dbt are whole: every case of cases.json has one, and nothing of a machine is in them.

import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { differencesOf } from './conformance/fields.ts'
import { fixtures, readCases } from './conformance/projects.ts'
import { recordedParse } from './conformance/recorded.ts'

const recorded = suite('recorded answers')

recorded('every case and version has an answer', () => {
  const missing = readCases().flatMap((each) => (each.dbt ?? ['1.12']).filter((version) => recordedParse(each.name, version).kind === 'none').map((version) => `${each.name} ${version}`))
  assert.equal(missing, [])
})

recorded('a difference is laid over its base', () => {
  const moved = recordedParse('bay+move-model', '1.12')
  assert.is(moved.kind, 'manifest')
  if (moved.kind !== 'manifest') return
  const node = moved.manifest['nodes']?.['model.bay.a'] as Record<string, unknown>
  assert.equal(node['fqn'], ['bay', 'sub', 'deep', 'a'])
  assert.ok(moved.manifest['nodes']?.['model.bay.b'])
})

recorded('nothing of a machine', () => {
  const folder = path.join(fixtures, 'recorded', 'parse')
  const found = readdirSync(folder).filter((name) => /"\/(tmp|root|home|work|Users)\//.test(readFileSync(path.join(folder, name), 'utf8')))
  assert.equal(found, [])
})

recorded('empty is absent, order of refs does not count, config is told by key', () => {
  const told = new Set(['refs', 'config', 'group'])
  assert.equal(differencesOf({ refs: [{ name: 'a' }, { name: 'b' }], group: null, config: { tags: ['x'] } }, { refs: [{ name: 'b' }, { name: 'a', version: null }], config: { tags: ['x'], meta: {} } }, told), [])
  assert.equal(differencesOf({ config: { alias: 'x' } }, { config: { alias: 'y' } }, told), [{ field: 'config.alias', dbt: 'x', ours: 'y' }])
})

recorded.run()
