// What an editor waits for, measured through the shipped server: keys in models and property files, the compiled view, the modified set,
// and the longest time the server gave no answer. The echo server is typed into in the same run.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { sleep, startEditor, type Editor } from './editor.ts'
import { generateProject, manifestText, writeWide } from './generate.ts'
import { milliseconds, percentile, type Row } from './table.ts'

export interface Programs { readonly server: string; readonly echo: string }

/** Between two keys: a fast typist. */
const GAP_MS = 60
const FILES = 6
const KEYS = 20
const NOTE = "-- note {{ ref('nowhere') }}\n"
const IN_NOTE = { line: 0, character: 7 }

export interface Typed { readonly p50: number; readonly p95: number }

/** Keys in several models of a generated project, until the diagnostics of each version are there; and the index before the first. */
export async function measureModels(programs: Programs, root: string, models: number): Promise<{ readonly rows: readonly Row[]; readonly typed: Typed; readonly compiled: number }> {
  const files = Array.from({ length: FILES }, (_, index) => fileOf(root, (index * 7919) % models))
  const echo = await typeInto(programs.echo, root, files)
  const ours = await typeInto(programs.server, root, files)
  const compiled = await compiledKeystrokes(programs.server, root, files[0] ?? '')
  const name = `${models} models`
  return {
    typed: ours.typed, compiled: percentile(compiled, 0.5),
    rows: [
      { what: `${name}: longest pause while it is indexed`, ours: milliseconds(ours.pause), against: `20 ms (echo server: ${milliseconds(echo.pause)})`, ratio: ours.pause / 20, goal: 1 },
      { what: `${name}: keystroke to diagnostics, median`, ours: milliseconds(ours.typed.p50), against: `echo server: ${milliseconds(echo.typed.p50)}`, ratio: ours.typed.p50 / echo.typed.p50, goal: 3 },
      { what: `${name}: keystroke to diagnostics, p95`, ours: milliseconds(ours.typed.p95), against: `10 ms (echo server: ${milliseconds(echo.typed.p95)})`, ratio: ours.typed.p95 / 10, goal: 1 },
      { what: `${name}: keystroke to compiled view of 500 lines, p95`, ours: milliseconds(percentile(compiled, 0.95)), against: '50 ms', ratio: percentile(compiled, 0.95) / 50, goal: 1 },
    ],
  }
}

/** A property file of so many lines. */
export async function measureProperties(programs: Programs, root: string, lines: number): Promise<readonly Row[]> {
  generateProject(root, 100)
  const file = writeWide(root, lines)
  const text = readFileSync(file, 'utf8').split('\n')
  const middle = text.findIndex((line, index) => index > text.length / 2 && line.startsWith('  - name: '))
  // The test of a model that is not there is complained of on the line that is typed in, so every key has an answer of its own.
  text.splice(middle, 0, "  - {name: model_99, description: typed, data_tests: [{relationships: {arguments: {to: ref('nowhere'), field: id, column_name: id}}}]}")
  const position = { line: middle, character: (text[middle] ?? '').indexOf('typed') }
  writeFileSync(path.join(root, 'models', 'area_1', '_area.yml'), readFileSync(path.join(root, 'models', 'area_1', '_area.yml'), 'utf8').replace(/ {2}- name: model_99\n(?: {4}.*\n)*/, ''))
  const type = async (program: string): Promise<number[]> => {
    const editor = await startEditor(program, root)
    await editor.open(file, text.join('\n'))
    return keys(editor, file, position, 60).finally(() => editor.close())
  }
  const echo = await type(programs.echo)
  const ours = await type(programs.server)
  const p95 = percentile(ours, 0.95)
  return [{ what: `keystroke in a property file of ${lines} lines, p95`, ours: `${milliseconds(p95)} (median ${milliseconds(percentile(ours, 0.5))})`, against: `30 ms (echo server: ${milliseconds(percentile(echo, 0.95))})`, ratio: p95 / 30, goal: 1 }]
}

/** The modified set asked for after each key, and the pause while a state of so many megabytes is read. */
export async function measureState(programs: Programs, root: string, megabytes: number): Promise<readonly Row[]> {
  const state = path.join(root, `state_${megabytes}`)
  mkdirSync(state, { recursive: true })
  writeFileSync(path.join(state, 'manifest.json'), manifestText(megabytes))
  const editor = await startEditor(programs.server, root)
  try {
    const file = fileOf(root, 3)
    await editor.open(file, NOTE + readFileSync(file, 'utf8'))
    await sleep(500)
    const command = (name: string, ...args: unknown[]): Promise<unknown> => editor.connection.sendRequest('workspace/executeCommand', { command: name, arguments: args })
    const known = async (): Promise<boolean> => ((await command('dbtDefer.status')) as { modified: unknown }[]).some((each) => each.modified !== null)
    const reading = await editor.longestPause(async () => {
      await command('dbtDefer.setState', state)
      for (let looked = 0; looked < 600 && !(await editor.stateRead()); looked++) await sleep(50)
    })
    const rows: Row[] = [{ what: `longest pause while a state of ${megabytes} MB is read`, ours: milliseconds(reading.pause), against: '20 ms', ratio: reading.pause / 20, goal: 1 }]
    if (!await known()) return rows
    const times: number[] = []
    for (let index = 0; index < 20; index++) {
      await editor.type(file, IN_NOTE, 'x')
      const began = performance.now()
      await command('dbtDefer.status')
      times.push(performance.now() - began)
      await sleep(GAP_MS)
    }
    return [...rows, { what: `modified set after a keystroke, state of ${megabytes} MB, p95`, ours: milliseconds(percentile(times, 0.95)), against: '100 ms', ratio: percentile(times, 0.95) / 100, goal: 1 }]
  } finally {
    editor.close()
  }
}

async function typeInto(program: string, root: string, files: readonly string[]): Promise<{ readonly typed: Typed; readonly pause: number }> {
  const editor = await startEditor(program, root)
  const times: number[] = []
  let pause = 0
  for (const [index, file] of files.entries()) {
    const opening = await editor.longestPause(() => editor.open(file, NOTE + readFileSync(file, 'utf8')))
    if (index === 0) pause = opening.pause
    times.push(...await keys(editor, file, IN_NOTE, KEYS))
  }
  editor.close()
  return { typed: { p50: percentile(times, 0.5), p95: percentile(times, 0.95) }, pause }
}

async function keys(editor: Editor, file: string, at: { readonly line: number; readonly character: number }, count: number): Promise<number[]> {
  const times: number[] = []
  for (let index = 0; index < count; index++) {
    times.push(await editor.type(file, at, 'x'))
    await sleep(GAP_MS)
  }
  return times
}

async function compiledKeystrokes(program: string, root: string, file: string): Promise<number[]> {
  const editor = await startEditor(program, root, { textDocumentContent: true })
  const lines = Array.from({ length: 450 }, (_, index) => `-- line ${index} of a long model {{ cents('c_${index}') }}`)
  await editor.open(file, `${NOTE}${readFileSync(file, 'utf8')}${lines.join('\n')}\n`)
  const uri = await editor.compiled(file)
  const times: number[] = []
  for (let index = 0; uri !== null && index < 40; index++) {
    times.push(await editor.typeCompiled(uri, file, IN_NOTE, 'x'))
    await sleep(GAP_MS)
  }
  editor.close()
  return times
}

function fileOf(root: string, index: number): string { return path.join(root, 'models', `area_${Math.floor(index / 50)}`, `model_${index}.sql`) }
