// The state directory over its life: read, replaced, half-written, of a wrong version, gone, a file; and a big one in a worker.

import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { versionProblem } from '../../server/dbt/state/versions.ts'
import { makeStateReader, type StateReader } from '../../server/host/state.ts'
import { askToStop, makeSignals, scanFile } from '../../server/host/state-worker.ts'
import { deferProject } from '../support/defer-project.ts'

const state = suite('state directory')
const real = readFileSync(path.resolve(import.meta.dirname, '../fixtures/select/manifest.json'), 'utf8')
const entry = path.resolve(import.meta.dirname, '../support/worker-entry.mjs')
let directory = ''
let reader: StateReader
const manifest = (): string => path.join(directory, 'manifest.json')

state.before.each(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'state-'))
  reader = makeStateReader({ directory, shownAs: 'prod-run', entry })
})
state.after.each(() => {
  reader.dispose()
  rmSync(directory, { recursive: true, force: true })
})

state('missing, then there, then half-written, then whole again', async () => {
  assert.is((await reader.refresh()).problem?.message, 'Could not find manifest in --state path: "prod-run"')
  writeFileSync(manifest(), real)
  const first = await reader.refresh()
  assert.is(first.problem, null)
  assert.ok(first.manifest?.nodes.has('model.pier.orders'))
  writeFileSync(manifest(), real.slice(0, 5000))
  const torn = await reader.refresh()
  assert.is(torn.problem?.code, 'state-unreadable')
  assert.match(torn.problem?.message ?? '', /^Could not read WritableManifest at ".*manifest\.json" as JSON: /)
  assert.is(torn.manifest, first.manifest, 'the last good one is kept')
  writeFileSync(manifest(), real)
  const again = await reader.refresh()
  assert.is(again.problem, null)
})

state('unchanged files are not read again', async () => {
  writeFileSync(manifest(), real)
  const one = await reader.refresh()
  assert.is(await reader.refresh(), one)
})

state('a wrong version is read, and said', async () => {
  writeFileSync(manifest(), real.replace('manifest/v12.json', 'manifest/v20.json'))
  const { manifest: read } = await reader.refresh()
  assert.ok(read)
  assert.match(versionProblem(read, deferProject('pier', '1.12').rules)?.message ?? '', /^Expected a schema version of "https:\/\/schemas\.getdbt\.com\/dbt\/manifest\/v12\.json" in .*, but found ".*v20\.json"\. Are you running with a different version of dbt\?$/)
  assert.is(versionProblem(read, deferProject('pier', '2').rules), null)
})

state('gone, and a file instead of a directory', async () => {
  writeFileSync(manifest(), real)
  const first = await reader.refresh()
  rmSync(directory, { recursive: true })
  const gone = await reader.refresh()
  assert.is(gone.problem?.code, 'state-missing')
  assert.is(gone.manifest, first.manifest)
  writeFileSync(directory, 'x')
  assert.is((await reader.refresh()).problem?.message, "Invalid value for '--state': Directory 'prod-run' is a file.")
  rmSync(directory)
  mkdirSync(directory)
})

state('a path that the operating system refuses is a state that is not there', async () => {
  symlinkSync(path.join(directory, 'circle'), path.join(directory, 'circle'))
  writeFileSync(manifest(), real)
  for (const name of ['circle', 'x'.repeat(300), 'manifest.json/below']) {
    const { problem } = await makeStateReader({ directory: path.join(directory, name), entry }).refresh()
    assert.is(problem?.code, 'state-missing', name)
  }
})

state('a big manifest is read in a worker', async () => {
  const big = JSON.parse(real) as { nodes: { [id: string]: object }; docs?: object }
  big.docs = { padding: 'x'.repeat(3 << 20) }
  writeFileSync(manifest(), JSON.stringify(big))
  const { manifest: read, problem } = await reader.refresh()
  assert.is(problem, null)
  assert.is(read?.nodes.size, Object.keys(big.nodes).length)
  assert.is(read?.nodes.get('model.pier.orders')?.alias, 'orders')
})

state('a torn big manifest is explained from the worker', async () => {
  writeFileSync(manifest(), `{"docs": {"a": "${'x'.repeat(3 << 20)}`)
  assert.match((await reader.refresh()).problem?.message ?? '', /Unterminated string starting at: line 1 column 16 \(char 15\)$/)
})

state('a read that nobody wants any more ends after the chunk in hand', () => {
  writeFileSync(manifest(), real)
  const signals = makeSignals()
  const job = { job: 'state', path: manifest(), wants: 'all', signals } as const
  assert.ok(scanFile(job).ok)
  askToStop(signals)
  const stopped = scanFile(job)
  assert.match(stopped.ok ? '' : stopped.problem.message, /reading was stopped$/)
})

state('the process may end while a thread reads', () => {
  writeFileSync(manifest(), `{"docs": {"a": "${'x'.repeat(30 << 20)}"}}`)
  const program = "const { makeStateReader } = await import(process.argv[1]); void makeStateReader({ directory: process.argv[2], entry: process.argv[3] }).refresh(); setTimeout(() => process.exit(7), 1500)"
  const { status, signal } = spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program, path.resolve(import.meta.dirname, '../../server/host/state.ts'), directory, entry])
  assert.equal([status, signal], [7, null])
})

state.run()
