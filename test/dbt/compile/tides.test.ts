// What dbt 1.12.6 compiled of test/fixtures/projects/tides: --sample, batches of microbatch models, --empty, unit tests, hooks; byte for byte.
// Recorded by test/conformance/compile.ts --cases --record, with the relations that dbt asked for. What needs dbt's own macros is unknown here.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { runCli } from '../../../server/cli/run.ts'
import { createProjectHost } from '../../../server/host/project-host.ts'

interface Recorded { readonly args: readonly string[]; readonly command: string; readonly exists: readonly unknown[]; readonly modes: { readonly none: { readonly compiled: Readonly<Record<string, string>>; readonly introspective: readonly string[] } } }
interface RecordLine { readonly unique_id: string; readonly compiled_code: string | null; readonly unknown: readonly { readonly code: string; readonly message: string }[]; readonly batch?: { readonly id: string }; readonly evidence?: readonly unknown[]; readonly hooks?: readonly { readonly when: string; readonly sql: string | null; readonly transaction: boolean }[] }

const golden = JSON.parse(readFileSync(path.join(import.meta.dirname, '../../golden/compile/tides.json'), 'utf8')) as Readonly<Record<string, Recorded>>
const root = path.join(import.meta.dirname, '../../fixtures/projects/tides')
const tides = suite('compiled text of tides, recorded from dbt')

async function compile(exists: readonly unknown[], argv: readonly string[]): Promise<Map<string, RecordLine>> {
  const place = mkdtempSync(path.join(tmpdir(), 'tides-'))
  writeFileSync(path.join(place, 'exists.json'), JSON.stringify(exists))
  let out = ''
  let err = ''
  try {
    const host = createProjectHost({ surroundings: { env: new Map(), cwd: place, home: place }, startedIn: 'process', entry: '' })
    const code = await runCli(['compile', '--project-dir', root, '--profiles-dir', root, '--rules', '1.12', '--target-path', place, '--output', 'jsonl', '--exists', path.join(place, 'exists.json'), ...argv], { host, cwd: place, version: '0', io: { out: (text) => { out += text }, err: (text) => { err += text }, color: false } })
    assert.ok(code < 2, err)
  } finally {
    rmSync(place, { recursive: true })
  }
  return new Map(out.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as RecordLine).map((line) => [line.batch ? `${line.unique_id}@${line.batch.id}` : line.unique_id, line]))
}

for (const [name, { args, exists, modes: { none } }] of Object.entries(golden)) {
  tides(name, async () => {
    const ours = new Map([...await compile(exists, ['--no-defer', ...args]), ...name === 'tides-none' ? await compile(exists, ['--command', 'test', '--resource-type', 'unit_test']) : []])
    let equal = 0
    for (const [id, text] of Object.entries(none.compiled)) {
      const found = ours.get(id)
      if (found && found.unknown.length > 0 && found.unknown.every(({ code }) => code === 'missing-macro')) continue
      assert.is(found?.compiled_code ?? JSON.stringify(found?.unknown), text, id)
      equal++
    }
    assert.ok(equal >= Object.keys(none.compiled).length - 5, `${equal} of ${Object.keys(none.compiled).length} equal`)
    for (const id of none.introspective) assert.is(ours.get(id)?.compiled_code, null, id)
  })
}

tides('hooks of a node', async () => {
  const high = (await compile([], ['-s', 'high'])).get('model.tides.high')
  assert.equal(high?.hooks?.map(({ when, sql, transaction }) => [when, sql, transaction]), [
    ['pre-hook', `insert into notes values ('before high', '"dev"."dev_tides"."high"', True)`, true],
    ['post-hook', 'analyze "dev"."dev_tides"."high"', true],
    ['post-hook', 'vacuum "dev"."dev_tides"."harbours"', false],
  ])
})

tides('a sample that counts back from the start is not known where it shows', async () => {
  const ours = await compile([], ['--sample', '3 days', '-s', 'high', 'harbours', 'daily'])
  assert.equal(ours.get('model.tides.high')?.unknown.map(({ code }) => code), ['now'])
  assert.ok(ours.get('model.tides.daily')?.unknown.some(({ code }) => code === 'batches'), 'batches of an unknown period')
  assert.is.not(ours.get('model.tides.harbours')?.compiled_code, null)
})

tides.run()
