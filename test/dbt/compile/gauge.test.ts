// Columns and relations as the classes of four adapters have them: what dbt 1.12.6 compiled of test/fixtures/projects/gauge, byte for byte.
// Recorded by test/conformance/compile.ts --cases --record; that compares all twelve adapters.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { runCli } from '../../../server/cli/run.ts'
import { createProjectHost } from '../../../server/host/project-host.ts'

interface Recorded { readonly target: string; readonly compiled: Readonly<Record<string, string>> }

const golden = JSON.parse(readFileSync(path.join(import.meta.dirname, '../../golden/compile/gauge.json'), 'utf8')) as Readonly<Record<string, Recorded>>
const root = path.join(import.meta.dirname, '../../fixtures/projects/gauge')
const gauge = suite('columns and relations of adapters, recorded from dbt')

for (const [name, { target, compiled }] of Object.entries(golden)) {
  gauge(name, async () => {
    const place = mkdtempSync(path.join(tmpdir(), 'gauge-'))
    let out = ''
    let err = ''
    try {
      const host = createProjectHost({ surroundings: { env: new Map(), cwd: place, home: place }, startedIn: 'process', entry: '' })
      const argv = ['compile', '--project-dir', root, '--profiles-dir', root, '--rules', '1.12', '--target', target, '--target-path', place, '--output', 'jsonl', '--exists', 'none', '--no-defer']
      const code = await runCli(argv, { host, cwd: place, version: '0', io: { out: (text) => { out += text }, err: (text) => { err += text }, color: false } })
      assert.ok(code < 2, err)
    } finally {
      rmSync(place, { recursive: true })
    }
    const records = out.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as { readonly unique_id: string; readonly compiled_code: string | null; readonly unknown: unknown })
    const ours = new Map(records.map((each) => [each.unique_id, each.compiled_code ?? JSON.stringify(each.unknown)]))
    assert.ok(Object.keys(compiled).length >= 2)
    for (const [id, text] of Object.entries(compiled)) assert.is(ours.get(id), text, id)
  })
}

gauge.run()
