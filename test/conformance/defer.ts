// The defer matrix: our `compile` and `resolve` against what real dbt compiled: recorded (test/fixtures/defer, made by record_defer.py), or now.
//   defer.ts [--dbt VERSION…] [--project NAME…] [--live]
// Every text must be dbt's, none may be there that dbt has only elsewhere, and every `ref` that stands on a line ending in `-- r:KEY` must resolve to what
// dbt printed on that line. --live: dbt 1.12 (or the first --dbt) makes the state and compiles everything anew, one start of dbt for each project.

import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { askInside } from './inside.ts'
import { venvs } from './judge.ts'
import { knownDifferences } from './known.ts'
import { eachOf, records, type Reply } from './ours.ts'
import { copyProject, fixtures, here } from './projects.ts'
import { tally } from './tally.ts'

interface Golden {
  readonly dbt: readonly string[]
  readonly modes: readonly string[]
  readonly exists: Readonly<Record<string, readonly unknown[]>>
  readonly selections: readonly (string | null)[]
  readonly nodes: Readonly<Record<string, { readonly texts: readonly string[]; readonly answers: readonly { readonly dbt: readonly string[]; readonly row: readonly (number | null)[] }[] }>>
}

/** What dbt compiled in each combination (mode × existence × selection, in this order), by unique id; `state` is the directory it deferred to. */
interface Judged {
  readonly project: string
  readonly version: string
  readonly exists: Golden['exists']
  readonly compiled: readonly ReadonlyMap<string, string>[]
  readonly state: string
}

const FLAGS: Readonly<Record<string, readonly string[]>> = { none: ['--no-defer'], defer: ['--defer'], favor: ['--defer', '--favor-state'] }
const { values } = parseArgs({ options: { dbt: { type: 'string', multiple: true }, project: { type: 'string', multiple: true }, live: { type: 'boolean', default: false } } })
const place = mkdtempSync(path.join(tmpdir(), 'defer-'))
const result = tally()
const known = knownDifferences('defer')
const compared: string[] = []
const projects = values.project ?? ['strait', 'crate', 'pier']
try {
  if (values.live) await eachOf(projects, async (project) => compareProject(goldenOf(project), await live(project, values.dbt?.[0] ?? '1.12')))
  else for (const project of projects) for (const judged of recorded(project, goldenOf(project))) await compareProject(goldenOf(project), judged)
} finally {
  rmSync(place, { recursive: true })
}
for (const each of known.stale(compared)) result.differ('listed as known, but no longer different', { where: `${each.case}: ${each.id}`, dbt: each.field, ours: each.why })
process.exitCode = result.print('answers') ? 0 : 1

function goldenOf(project: string): Golden {
  return JSON.parse(readFileSync(path.join(fixtures, 'defer', `${project}.json`), 'utf8')) as Golden
}

function recorded(project: string, golden: Golden): Judged[] {
  const count = golden.modes.length * Object.keys(golden.exists).length * golden.selections.length
  return golden.dbt.filter((each) => !values.dbt || values.dbt.includes(each)).map((version) => ({
    project, version, exists: golden.exists, state: path.join(fixtures, 'defer', `${project}.state`),
    compiled: Array.from({ length: count }, (_, index) => new Map(Object.entries(golden.nodes).flatMap(([id, node]) => {
      const at = node.answers.find((each) => each.dbt.includes(version))?.row[index]
      const text = at === null || at === undefined ? undefined : node.texts[at]
      return text === undefined ? [] : [[id, text] as const]
    }))),
  }))
}

async function live(project: string, version: string): Promise<Judged> {
  const child = spawn(path.join(venvs, `dbt-${version}`, 'bin', 'python'), [path.join(here, 'record_defer.py'), '--run', project, 'state'], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' } })
  let [out, noise] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => { out += chunk })
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => { noise = (noise + chunk).slice(-4000) })
  const exit = await new Promise((resolve) => { child.on('error', (error) => { noise += error.message; resolve(-1) }).on('close', resolve) })
  if (exit !== 0) throw new Error(`record_defer.py --run ${project} with dbt ${version}: exit ${String(exit)}\n${noise}`)
  const answer = JSON.parse(out.trim().split('\n').at(-1) ?? '') as { readonly compiled: readonly Record<string, string>[]; readonly errors: readonly string[]; readonly exists: Golden['exists']; readonly state: unknown }
  for (const error of answer.errors) result.differ('dbt failed', { where: project, dbt: error, ours: '' })
  const state = path.join(place, `${project}.state`)
  mkdirSync(state)
  writeFileSync(path.join(state, 'manifest.json'), JSON.stringify(answer.state))
  return { project, version, exists: answer.exists, compiled: answer.compiled.map((each) => new Map(Object.entries(each))), state }
}

async function compareProject({ modes, selections }: Golden, { project, version, exists, compiled, state }: Judged): Promise<void> {
  const { root, done } = copyProject({ name: project, project })
  const levels = Object.keys(exists)
  for (const level of levels) writeFileSync(path.join(root, `exists-${level}.json`), JSON.stringify(exists[level]))
  compared.push(`${project} ${version} resolve`)
  const ever = new Set(compiled.flatMap((each, index) => (selections[index % selections.length] === null ? [...each.keys()] : [])))
  const combinations = modes.flatMap((mode) => levels.flatMap((level) => selections.map((selection) => ({ mode, level, selection }))))
  try {
    for (const [index, { mode, level, selection }] of combinations.entries()) {
      const expected = compiled[index]
      if (expected === undefined || expected.size === 0) continue
      const options = ['--project-dir', root, '--profiles-dir', root, '--target', 'dev', '--rules', version, '--state', state, ...FLAGS[mode] ?? [],
        '--exists', path.join(root, `exists-${level}.json`), ...(selection === null ? [] : ['--select', selection])]
      const where = `${project} ${version} ${mode}/${level}/${selection ?? 'all'}`
      compareTexts(`${project} ${version} compile`, where, expected, ever, await askInside(['compile', '--output', 'jsonl', ...options], root))
      compareCalls(`${project} ${version} resolve`, where, root, expected, await askInside(['resolve', '--output', 'jsonl', ...options], root))
    }
  } finally {
    done()
  }
}

/** `ever`: what dbt has a result for when everything is selected: neither seeds nor ephemeral models nor hooks. */
function compareTexts(row: string, where: string, expected: ReadonlyMap<string, string>, ever: ReadonlySet<string>, reply: Reply): void {
  if (reply.exit !== 0 && reply.exit !== 1) return refused(row, where, reply)
  const ours = new Map(records(reply.stdout).map((record) => [String(record['unique_id']), record]))
  for (const [id, record] of ours) {
    if (expected.has(id) || !ever.has(id) || typeof record['compiled_code'] !== 'string') continue
    result.add(row, 'different')
    result.differ(`compiled, though dbt does not, dbt ${row.split(' ')[1] ?? ''}`, { where: `${where}: ${id}`, dbt: undefined, ours: record['compiled_code'] })
  }
  for (const [id, text] of expected) {
    const record = ours.get(id)
    const code = record?.['compiled_code']
    const unknown = Array.isArray(record?.['unknown']) && record['unknown'].length > 0
    result.add(row, code === text ? 'equal' : unknown ? 'unknown' : 'different')
    if (code !== text && !unknown) {
      const [theirLine, ourLine] = firstDifference(text, typeof code === 'string' ? code : '')
      result.differ(record ? `compiled text, ${id.split('.')[0] ?? ''}, dbt ${row.split(' ')[1] ?? ''}` : `not compiled, dbt ${row.split(' ')[1] ?? ''}`, { where: `${where}: ${id}`, dbt: theirLine, ours: record ? ourLine : undefined })
    }
  }
}

/** Lines of the node's own file that end in `-- r:KEY` and hold one call; the compiled text has the relation in its place. */
function compareCalls(row: string, where: string, root: string, expected: ReadonlyMap<string, string>, reply: Reply): void {
  if (reply.exit !== 0 && reply.exit !== 1) return refused(row, where, reply)
  for (const record of records(reply.stdout)) {
    const text = expected.get(String(record['unique_id']))
    const file = path.resolve(root, String(record['path']))
    const source = text === undefined || !file.endsWith('.sql') ? undefined : readFileSync(file, 'utf8').split('\n')[Number(record['line'])]
    const key = source === undefined ? null : /-- (r:\w+)$/.exec(source)?.[1] ?? null
    const calls = source?.match(/\{\{\s*(builtins\.)?(ref|source|function)\([^}]*\)\s*\}\}/g) ?? []
    if (key === null || source === undefined || text === undefined || calls.length !== 1) continue
    const [before, after] = source.replace(/\{%.*?%\}/g, '').split(calls[0] ?? '')
    const printed = text.split('\n').find((line) => line.endsWith(`-- ${key}`))
    const start = printed?.indexOf(before ?? '') ?? -1
    if (printed === undefined || start < 0) continue
    const relation = printed.slice(start + (before ?? '').length, printed.length - (after ?? '').length)
    const own = record['relation']
    const unknown = own === null && record['kind'] === 'unknown'
    const listed = own !== relation && !unknown && known.takes(row, `${String(record['unique_id'])} ${key}`, 'relation')
    result.add(row, own === relation ? 'equal' : unknown ? 'unknown' : listed ? 'known' : 'different')
    if (own !== relation && !unknown && !listed) result.differ(`resolve, ${String(record['call'])}, dbt ${row.split(' ')[1] ?? ''}`, { where: `${where}: ${String(record['unique_id'])} ${key}`, dbt: relation, ours: own })
  }
}

function refused(row: string, where: string, reply: Reply): void {
  result.add(row, 'different')
  result.differ('command failed', { where, dbt: 'exit 0', ours: `exit ${reply.exit}: ${reply.stderr.trim().slice(0, 200)}` })
}

function firstDifference(a: string, b: string): [string | undefined, string | undefined] {
  const [x, y] = [a.split('\n'), b.split('\n')]
  const at = x.findIndex((line, index) => line !== y[index])
  return at < 0 ? [`${x.length} lines`, `${y.length} lines`] : [x[at], y[at]]
}
