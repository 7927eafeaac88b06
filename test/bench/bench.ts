// npm run bench [-- [--full] [--sizes 100,1000] [--manifests 1,10] [--lines 20000] [--only models|properties|state|manifest|start] [--profiles DIRECTORY] [--dbt PROGRAM] [--jinja PYTHON] DIRECTORY…]
// Generated projects and any given ones. With --dbt, `PROGRAM parse` of each given directory is timed in the same run; with --jinja, jinja2's parse and render by a Python
// that has jinja2 and dbt-common. dist/ is built first. Only ratios of one run mean something.
// --full adds 10,000 models and a state of 150 MB.

import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { compileLater } from '../../server/host/code-cache.ts'
import { measureModels, measureProperties, measureState, type Programs } from './editing.ts'
import { bundleEcho, usedServer } from './editor.ts'
import { generateProject } from './generate.ts'
import { measureManifests } from './manifest.ts'
import { measureProject, timed, type Measured } from './project.ts'
import { measureStart } from './start.ts'
import { milliseconds, printTable, type Row } from './table.ts'

// As the bundle does it.
compileLater()
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    full: { type: 'boolean', default: false }, sizes: { type: 'string' }, manifests: { type: 'string' }, lines: { type: 'string', default: '20000' }, only: { type: 'string' },
    profiles: { type: 'string' }, dbt: { type: 'string' }, jinja: { type: 'string' },
  },
})
const numbers = (text: string): number[] => text.split(',').map(Number).filter((each) => each > 0)
const sizes = numbers(values.sizes ?? (values.full ? '100,1000,10000' : '100,1000'))
const megabytes = numbers(values.manifests ?? (values.full ? '1,10,150' : '1,10'))
const wanted = (part: string): boolean => values.only === undefined || values.only === part
const place = mkdtempSync(path.join(tmpdir(), 'bench-'))
try {
  execFileSync(process.execPath, ['.ci/build.mjs'], { cwd: path.resolve(import.meta.dirname, '../..'), stdio: 'inherit' })
  const small = path.join(place, 'small')
  generateProject(small, 10)
  const programs = { server: await usedServer(place, small, path.join(small, 'models', 'area_0', 'model_3.sql')), echo: await bundleEcho(place) }
  const rows: Row[] = []
  const section = async (part: string, measure: () => Promise<readonly Row[]>): Promise<void> => {
    if (!wanted(part)) return
    process.stderr.write(`${part} …\n`)
    rows.push(...await measure())
  }
  await section('start', measureStart)
  await section('manifest', () => measureManifests(place, megabytes))
  await section('models', () => models(programs))
  await section('properties', () => measureProperties(programs, path.join(place, 'wide'), Number(values.lines)))
  await section('state', async () => {
    const root = path.join(place, 'state')
    generateProject(root, 200)
    const measured: Row[] = []
    for (const size of megabytes) measured.push(...await measureState(programs, root, size))
    return measured
  })
  rows.push(...positionals.flatMap((directory) => given(path.resolve(directory))))
  printTable(rows)
} finally {
  rmSync(place, { recursive: true, force: true })
}

async function models(programs: Programs): Promise<Row[]> {
  const rows: Row[] = []
  const typed: { readonly size: number; readonly key: number; readonly compiled: number }[] = []
  for (const size of sizes) {
    const root = path.join(place, `models_${size}`)
    generateProject(root, size)
    rows.push(...measureProject(root, null).rows)
    const measured = await measureModels(programs, root, size)
    rows.push(...measured.rows)
    typed.push({ size, key: measured.typed.p50, compiled: measured.compiled })
  }
  const [first, last] = [typed[0], typed.at(-1)]
  if (!first || !last || first === last) return rows
  const against = (what: string, one: number, other: number): Row => ({ what: `${what}, ${last.size} models`, ours: milliseconds(one), against: `${first.size} models: ${milliseconds(other)}`, ratio: one / other, goal: 1.2 })
  return [...rows, against('keystroke, median', last.key, first.key), against('compiled view, median', last.compiled, first.compiled)]
}

function given(directory: string): Row[] {
  const { rows, cold, evaluated } = measureProject(directory, values.profiles ?? directory)
  const more: Row[] = values.jinja === undefined ? [] : cpythonJinja(values.jinja, path.basename(directory), evaluated)
  const program = values.dbt
  if (program === undefined) return [...rows, ...more]
  const peer = timed(() => spawnSync(program, ['parse', '--no-partial-parse', '--project-dir', directory, '--profiles-dir', values.profiles ?? directory, '--target-path', path.join(place, 'target')], { stdio: 'ignore' }))
  return [...rows, ...more, { what: `${path.basename(directory)}: cold index`, ours: milliseconds(cold), against: `dbt parse (exit ${peer.value.status}): ${milliseconds(peer.took)}`, ratio: cold / peer.took, goal: null }]
}

/** Models parsed and evaluated, macros followed, against jinja2's parsing and rendering of the same files without following any: CPU of both. */
function cpythonJinja(python: string, name: string, { files: paths, cpu }: Measured['evaluated']): Row[] {
  const run = spawnSync(python, [path.join(import.meta.dirname, 'cpython_jinja.py')], { encoding: 'utf8', input: paths.join('\n') })
  if (run.status !== 0) throw new Error(`${python} cpython_jinja.py: ${run.stderr}`)
  const { files, parse, render } = JSON.parse(run.stdout) as { readonly files: number; readonly parse: number; readonly render: number }
  const took = (parse + render) * 1000
  return [{ what: `${name}: ${files} models parsed and evaluated`, ours: milliseconds(cpu), against: `jinja2 in CPython: ${milliseconds(took)}`, ratio: cpu / took, goal: 0.05 }]
}
