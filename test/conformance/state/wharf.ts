// The single edits of `wharf` (wharf-edits.ts) against real dbt: every `state:` selector and ten graph expressions for each.
//   wharf.ts [--dbt 1.12] [--every N] [--record]     --every 8: each eighth edit; --record: writes what dbt said to test/fixtures/wharf
// State: dbt's own manifest of the unedited project with target prod; compared is target dev. npm test compares with the recorded answers.

import { spawn } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { venvs } from '../judge.ts'
import { eachOf } from '../ours.ts'
import { copyProject, fixtures, here, projectOf } from '../projects.ts'
import { tally } from '../tally.ts'
import { CHECKS, GRAPH, type Selection } from './asked.ts'
import type { Mutation } from './mutations.ts'
import { openOurs } from './ours-in-process.ts'
import { compareEdit, record, type Answered } from './wharf-answers.ts'
import { WHARF_EDITS } from './wharf-edits.ts'

const { values } = parseArgs({ options: { dbt: { type: 'string', default: '1.12' }, every: { type: 'string', default: '1' }, record: { type: 'boolean', default: false } } })
// dbt 2 is asked one selection at a time, and its lists of what is unchanged say nothing more.
const asked: readonly Selection[] = values.dbt === '2' ? [...CHECKS.slice(0, 8), ...GRAPH.slice(0, 2)] : [...CHECKS, ...GRAPH]
const edits = WHARF_EDITS.filter((_, at) => at % Number(values.every) === 0)
const place = mkdtempSync(path.join(tmpdir(), 'wharf-'))
const state = path.join(place, 'state')
mkdirSync(state)
try {
  const answers = values.dbt === '2' ? await askDbt2() : await askDbt1()
  if (values.record) record(path.join(fixtures, 'wharf'), values.dbt, asked, answers, path.join(state, 'manifest.json'))
  const result = tally()
  const root = path.join(place, 'ours', 'wharf')
  cpSync(projectOf({ name: 'wharf', project: 'wharf' }), root, { recursive: true })
  const ours = await openOurs(root, state, { venv: path.join(venvs, `dbt-${values.dbt}`), rules: values.dbt === '2' ? '2' : '1.12', target: 'dev' })
  for (const answer of answers) compareEdit(result, await ours.edited(editsOf(answer.name)), answer, asked)
  await ours.done()
  process.exitCode = result.print('answers') ? 0 : 1
} finally { rmSync(place, { recursive: true, force: true }) }

function editsOf(name: string): Mutation['edits'] {
  return edits.find((each) => each.name === name)?.edits ?? []
}

async function askDbt1(): Promise<Answered[]> {
  const child = spawn(path.join(venvs, `dbt-${values.dbt}`, 'bin', 'python'), [path.join(here, 'state', 'mutations.py'), projectOf({ name: 'wharf', project: 'wharf' }), state, 'prod'], { env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' }, stdio: ['pipe', 'pipe', 'pipe'] })
  let noise = ''
  child.stderr.on('data', (chunk: Buffer) => { noise = (noise + chunk.toString()).slice(-3000) })
  child.stdin.on('error', () => undefined)
  child.stdin.end(edits.map((each) => JSON.stringify({ id: each.name, edits: each.edits, selections: asked })).join('\n'))
  const answers: Answered[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    const { id, exit, error, answers: lists } = JSON.parse(line) as { id: string; exit: number; error: string | null; answers?: (string[] | string)[] }
    answers.push({ name: id, refused: exit === 0 ? null : error ?? '', lists: lists ?? [] })
  }
  if (answers.length !== edits.length) throw new Error(`dbt answered ${answers.length} of ${edits.length}\n${noise}`)
  return answers
}

async function askDbt2(): Promise<Answered[]> {
  const before = copyProject({ name: 'before', project: 'wharf' })
  const made = await dbt2(before.root, ['parse', '--target', 'prod', '--target-path', path.join(place, 'before')])
  before.done()
  if (made.code !== 0) throw new Error(`dbt 2 does not parse wharf: ${made.out.slice(-2000)}`)
  cpSync(path.join(place, 'before', 'manifest.json'), path.join(state, 'manifest.json'))
  const answers: Answered[] = []
  await eachOf(edits, async (edit) => {
    const { root, done } = copyProject({ name: edit.name, project: 'wharf', edits: edit.edits })
    const parsed = await dbt2(root, ['parse', '--target-path', path.join(root, 'out')])
    const lists: (string[] | string)[] = []
    for (const [select, exclude] of parsed.code === 0 ? asked : []) {
      const { code, out } = await dbt2(root, ['ls', '--target-path', path.join(root, 'out'), '--state', state, '--output', 'json', '--output-keys', 'unique_id', '--select', ...select, ...(exclude.length > 0 ? ['--exclude', ...exclude] : [])])
      lists.push(code === 0 ? out.split('\n').filter((line) => line.startsWith('{"unique_id"')).map((line) => (JSON.parse(line) as { unique_id: string }).unique_id) : errorOf(out))
    }
    answers.push({ name: edit.name, refused: parsed.code === 0 ? null : errorOf(parsed.out), lists })
    done()
  })
  return answers.toSorted((one, other) => edits.findIndex((each) => each.name === one.name) - edits.findIndex((each) => each.name === other.name))
}

function errorOf(out: string): string {
  return out.split('\n').find((line) => line.startsWith('[error]')) ?? out.slice(-300)
}

function dbt2(root: string, argv: readonly string[]): Promise<{ readonly code: number; readonly out: string }> {
  return new Promise((resolve) => {
    const [command = '', ...rest] = argv
    const child = spawn(path.join(venvs, 'dbt-2', 'bin', 'dbt'), [command, '--project-dir', root, '--profiles-dir', root, ...rest], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
    let out = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => { out += chunk.toString() })
    child.on('close', (code) => resolve({ code: code ?? -1, out }))
  })
}
