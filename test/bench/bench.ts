// npm run bench [-- [--sizes 100,1000,10000] [--manifests 1,10,150] [--profiles DIRECTORY] [--dbt PROGRAM] DIRECTORY…]
// Generated projects and any given ones. With --dbt, `PROGRAM parse` of each given directory is timed in the same run. Only ratios of one run mean something.

import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { generateProject, writeWide } from './generate.ts'
import { measureManifest } from './manifest.ts'
import { measureProject, timed, yamlKeystrokes, type Measured } from './project.ts'
import { measureStart } from './start.ts'
import { milliseconds, printTable, type Row } from './table.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { sizes: { type: 'string', default: '100,1000,10000' }, manifests: { type: 'string', default: '1,10,150' }, profiles: { type: 'string' }, dbt: { type: 'string' } },
})
const numbers = (text: string): number[] => text.split(',').map(Number).filter((each) => each > 0)
const place = mkdtempSync(path.join(tmpdir(), 'bench-'))
try {
  printTable([...await measureStart(), ...generated(), ...numbers(values.manifests).map(measureManifest), ...positionals.flatMap((directory) => given(path.resolve(directory)))])
} finally {
  rmSync(place, { recursive: true, force: true })
}

function generated(): Row[] {
  const measured = numbers(values.sizes).map((size): Measured => {
    const root = path.join(place, `models_${size}`)
    generateProject(root, size)
    return measureProject(root, null)
  })
  const rows = measured.flatMap((each) => each.rows)
  const [first, last] = [measured[0], measured.at(-1)]
  if (!first || !last) return rows
  if (first !== last) rows.push({ what: `keystroke, ${last.models} models`, ours: milliseconds(last.keystroke), against: `${first.models} models: ${milliseconds(first.keystroke)}`, ratio: last.keystroke / first.keystroke, goal: 1.2 })
  const root = path.join(place, 'wide')
  generateProject(root, 100)
  return [...rows, yamlKeystrokes(root, writeWide(root, 20_000))]
}

function given(directory: string): Row[] {
  const { rows, cold } = measureProject(directory, values.profiles ?? directory)
  const program = values.dbt
  if (program === undefined) return [...rows]
  const peer = timed(() => spawnSync(program, ['parse', '--no-partial-parse', '--project-dir', directory, '--profiles-dir', values.profiles ?? directory, '--target-path', path.join(place, 'target')], { stdio: 'ignore' }))
  return [...rows, { what: `${path.basename(directory)}: cold index`, ours: milliseconds(cold), against: `dbt parse (exit ${peer.value.status}): ${milliseconds(peer.took)}`, ratio: cold / peer.took, goal: null }]
}
