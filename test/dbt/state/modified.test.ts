// `state:` against real dbt: test/conformance/state/record.py edited a project in many ways and asked dbt 1.12's selectors; ours must answer the same.

import { readFileSync } from 'node:fs'
import path from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { STATE_CHECKS, type StateCheck } from '../../../server/dbt/graph/select-types.ts'
import { compareState } from '../../../server/dbt/state/modified.ts'
import { openState } from '../../../server/dbt/state/open.ts'
import { scanBytes } from '../../../server/dbt/state/scan.ts'
import { WANTS_ALL } from '../../../server/dbt/state/wants.ts'
import { deferProject } from '../../support/defer-project.ts'
import { manifestFromJson } from '../../support/manifest-from-json.ts'

interface Case {
  readonly name: string
  readonly changed: { readonly [section: string]: { readonly [id: string]: unknown } }
  readonly answers: { readonly [check: string]: readonly string[] | string }
  readonly warnings: readonly string[]
}

const directory = path.resolve(import.meta.dirname, '../../fixtures/state')
const base = readFileSync(path.join(directory, 'base.json'))
const cases = JSON.parse(readFileSync(path.join(directory, 'cases.json'), 'utf8')) as readonly Case[]
const pack = scanBytes(base, WANTS_ALL)
const opened = pack ? openState(pack, 'state', 'state/manifest.json') : null
const { rules } = deferProject('pier', '1.12')

const modified = suite('state: as dbt 1.12')

for (const each of cases) {
  modified(each.name, () => {
    assert.ok(opened && !('code' in opened))
    const { manifest } = manifestFromJson(edited(each))
    const comparison = compareState(manifest, opened, { rules, adapterType: 'duckdb', moreUnrendered: true, comparedPackages: (name) => name === 'pier' || name === 'tides', now: '2026-11-22T00:00:00Z' })
    const members = [...manifest.nodes.values(), ...manifest.sources.values(), ...manifest.others.values()].filter(({ enabled, resource_type: type }) => enabled && type !== 'group' && type !== 'doc').map(({ unique_id: id }) => id)
    for (const check of STATE_CHECKS) {
      const wanted = each.answers[check]
      if (wanted === undefined) continue
      const error = comparison.answers.error(check as StateCheck)
      if (typeof wanted === 'string') {
        assert.ok(error !== null && unindented(wanted).includes(unindented(error)), `${check}: dbt says ${wanted}\nwe say ${error}`)
        continue
      }
      assert.is(error, null, check)
      const got = members.filter((id) => comparison.answers.matches(check as StateCheck, id)).toSorted()
      assert.equal(got, wanted, `${check}\n${got.filter((id) => !wanted.includes(id)).map((id) => JSON.stringify(comparison.reasons(id))).join('\n')}`)
    }
    const warned = comparison.answers.warnings('modified').map((text) => /unversioned model (\S+) /.exec(text)?.[1]).toSorted()
    if (typeof each.answers.modified !== 'string') assert.equal(Array.from(new Set(warned)), each.warnings)
  })
}

modified.run()

function edited({ changed }: Case): string {
  const manifest = JSON.parse(base.toString('utf8')) as { [section: string]: { [id: string]: unknown } }
  for (const [section, entries] of Object.entries(changed)) {
    for (const [id, entry] of Object.entries(entries)) {
      const into = manifest[section]
      if (!into) continue
      if (entry === null) delete into[id]
      else into[id] = entry
    }
  }
  return JSON.stringify(manifest)
}

function unindented(text: string): string {
  return text.split('\n').map((line) => line.trim()).join('\n')
}
