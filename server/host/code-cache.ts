// Runs the bundle with the code that V8 made of it in an earlier run: two megabytes of source are else read anew, and each function compiled
// again, at every start. Node 22 can do it by itself (module.enableCompileCache), Node 20 cannot. Losing the file costs time, never an answer.
// The bundle is one file: what runs it, then the program itself as a comment, which V8 passes over (.ci/build.mjs).

import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import Module, { createRequire } from 'node:module'
import path from 'node:path'
import { cachedDataVersionTag, setFlagsFromString } from 'node:v8'
import vm from 'node:vm'
import { isMainThread } from 'node:worker_threads'

/** Code of an earlier run, and how long that run had computed (milliseconds): the longer, the more functions are in it. */
export interface KeptCode { readonly code: Buffer; readonly weight: number }

const DIGEST = 32
const HEADER = DIGEST + 8
const DAY_MS = 24 * 3600 * 1000
/** A run that computed this much longer than the one which wrote the code has compiled more of it. */
const MORE = 3

/** Begins the program in the bundle's file; each of its lines stands behind `//`. */
const PROGRAM = '\n//program'

/** Runs the program in `file` as `require` would a CommonJS file of that name. `directory`: where code is kept; null: nowhere. */
export function runBundle(file: string, directory: string | null): void {
  const require = createRequire(file)
  const whole = readFileSync(file)
  const program = whole.subarray(whole.indexOf(`${PROGRAM}\n`) + PROGRAM.length)
  // It is written in ASCII: one byte for each character, in V8's memory too.
  const source = program.toString('latin1').replaceAll('\n//', '\n')
  // A script made of kept code cannot `import()`: Node 20 forgets who would. Optional packages are required.
  if (directory === null || !isMainThread) return runPlainly(file, source)
  // V8 itself compares nothing but the length of the source.
  const kept = path.join(directory, `${createHash('sha256').update(program).digest('hex').slice(0, 40)}-${cachedDataVersionTag()}.code`)
  const found = readCode(kept)
  const script = new vm.Script(`(function (exports, require, module, __filename, __dirname) {${source}\n})`, { filename: file, ...found ? { cachedData: found.code } : {} })
  const weight = found && script.cachedDataRejected !== true ? found.weight : null
  process.on('exit', () => {
    const { user, system } = process.cpuUsage()
    const computed = (user + system) / 1000
    if (weight === null || computed > MORE * weight) writeCode(kept, { code: script.createCachedData(), weight: computed })
  })
  const module = { exports: {} }
  const run: unknown = script.runInThisContext()
  if (typeof run === 'function') run.call(module.exports, module.exports, require, module, file, path.dirname(file))
}

/**
 * V8 makes machine code of a function, on other threads, when it has run through so many bytes of bytecode (default: 67,584). Most of what is hot
 * while a project is read is over before that pays: a third of a start's CPU went there. At twice the budget the main thread takes as long as before
 * and all threads together a fifth to a third less. To be called before code is kept or taken: V8 keeps code of other flags apart.
 */
export function compileLater(): void { setFlagsFromString('--interrupt-budget=150000') }

/** What `require` does with a file's text, private to Node but there in every release. */
function runPlainly(file: string, source: string): void {
  const module = new Module(file) as Module & { _compile(source: string, file: string): void }
  module.filename = file
  module._compile(source, file)
}

/** Null: there is none, or not as it was written. V8 would take damaged code for good. */
export function readCode(file: string): KeptCode | null {
  try {
    const bytes = readFileSync(file)
    if (bytes.length < HEADER || !createHash('sha256').update(bytes.subarray(DIGEST)).digest().equals(bytes.subarray(0, DIGEST))) return null
    // Files that are not used for long are removed with the facts.
    const now = Date.now()
    if (now - statSync(file).mtimeMs > DAY_MS) utimesSync(file, now / 1000, now / 1000)
    return { code: bytes.subarray(HEADER), weight: bytes.readDoubleLE(DIGEST) }
  } catch {
    // Not there, not readable, or its time cannot be set: the start takes longer.
    return null
  }
}

/** Whole or not at all. A directory that cannot be written keeps nothing. */
export function writeCode(file: string, { code, weight }: KeptCode): void {
  const head = Buffer.alloc(8)
  head.writeDoubleLE(weight)
  const content = Buffer.concat([head, code])
  const temporary = `${file}.${process.pid}.tmp`
  try {
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 })
    writeFileSync(temporary, Buffer.concat([createHash('sha256').update(content).digest(), content]), { mode: 0o600 })
    renameSync(temporary, file)
  } catch {
    // A full or read-only disk: the next start takes longer, and nobody can be told at the end of a process.
  }
}
