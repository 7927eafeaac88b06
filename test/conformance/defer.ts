// The defer matrix: our `compile` and `resolve` against what real dbt compiled (test/fixtures/defer, made by record_defer.py).
//   defer.ts [--dbt VERSION…] [--project NAME…]
// Every text must be dbt's, and every `ref` that stands on a line ending in `-- r:KEY` must resolve to what dbt printed on that line.

import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { knownDifferences } from './known.ts'
import { askOurs, eachOf, records, type Reply } from './ours.ts'
import { copyProject, fixtures } from './projects.ts'
import { tally } from './tally.ts'

interface Golden {
  readonly project: string
  readonly dbt: readonly string[]
  readonly modes: readonly string[]
  readonly exists: Readonly<Record<string, readonly unknown[]>>
  readonly selections: readonly (string | null)[]
  readonly nodes: Readonly<Record<string, { readonly texts: readonly string[]; readonly answers: readonly { readonly dbt: readonly string[]; readonly row: readonly (number | null)[] }[] }>>
}

const FLAGS: Readonly<Record<string, readonly string[]>> = { none: ['--no-defer'], defer: ['--defer'], favor: ['--defer', '--favor-state'] }
const { values } = parseArgs({ options: { dbt: { type: 'string', multiple: true }, project: { type: 'string', multiple: true }, width: { type: 'string', default: '2' } } })
const result = tally()
const known = knownDifferences('defer')
const compared: string[] = []
for (const project of values.project ?? ['strait', 'crate', 'pier']) await compareProject(project)
for (const each of known.stale(compared)) result.differ('listed as known, but no longer different', { where: `${each.case}: ${each.id}`, dbt: each.field, ours: each.why })
process.exitCode = result.print('answers') ? 0 : 1

async function compareProject(project: string): Promise<void> {
  const golden = JSON.parse(readFileSync(path.join(fixtures, 'defer', `${project}.json`), 'utf8')) as Golden
  const { root, done } = copyProject({ name: project, project })
  const state = path.join(fixtures, 'defer', `${project}.state`)
  const levels = Object.keys(golden.exists)
  for (const level of levels) writeFileSync(path.join(root, `exists-${level}.json`), JSON.stringify(golden.exists[level]))
  try {
    for (const version of golden.dbt.filter((each) => !values.dbt || values.dbt.includes(each))) {
      compared.push(`${project} ${version} resolve`)
      const combinations = golden.modes.flatMap((mode) => levels.flatMap((level) => golden.selections.map((selection) => ({ mode, level, selection }))))
      await eachOf(combinations.map((each, index) => ({ ...each, index })), async ({ mode, level, selection, index }) => {
        const options = ['--project-dir', root, '--profiles-dir', root, '--target', 'dev', '--rules', version, '--state', state, ...FLAGS[mode] ?? [],
          '--exists', path.join(root, `exists-${level}.json`), ...(selection === null ? [] : ['--select', selection])]
        const where = `${project} ${version} ${mode}/${level}/${selection ?? 'all'}`
        const expected = new Map(Object.entries(golden.nodes).flatMap(([id, node]) => {
          const at = node.answers.find((each) => each.dbt.includes(version))?.row[index]
          const text = at === null || at === undefined ? undefined : node.texts[at]
          return text === undefined ? [] : [[id, text] as const]
        }))
        if (expected.size === 0) return
        compareTexts(`${project} ${version} compile`, where, expected, await askOurs(['compile', '--output', 'jsonl', ...options]))
        compareCalls(`${project} ${version} resolve`, where, root, expected, await askOurs(['resolve', '--output', 'jsonl', ...options]))
      }, Number(values.width))
    }
  } finally {
    done()
  }
}

function compareTexts(row: string, where: string, expected: ReadonlyMap<string, string>, reply: Reply): void {
  if (reply.exit !== 0 && reply.exit !== 1) return refused(row, where, reply)
  const ours = new Map(records(reply.stdout).map((record) => [String(record['unique_id']), record]))
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
