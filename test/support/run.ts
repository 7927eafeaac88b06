// Runs uvu suites in this process and prints `N passed, N failed` alone on the last line.
// uvu itself would pass silently when a file forgets `.run()`, hangs or fails to load; here each of these is a failure.

import { readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'

type Suite = () => Promise<[string | true | undefined, number, number, number]>
interface UvuGlobals { UVU_DEFER?: number; UVU_QUEUE?: [string | null, ...Suite[]][]; UVU_INDEX?: number }

const root = path.resolve(import.meta.dirname, '../..')
const HEAVY = new Set(['conformance', 'e2e', 'bench', 'support', 'fixtures', 'golden'])
const HANG_MS = 120_000

function testFiles(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const full = path.join(directory, entry.name)
    if (entry.isDirectory()) return directory === path.join(root, 'test') && HEAVY.has(entry.name) ? [] : testFiles(full)
    return entry.name.endsWith('.test.ts') ? [full] : []
  })
}

const given = process.argv.slice(2).map((name) => path.resolve(name))
const files = (given.length > 0 ? given.flatMap((name) => (statSync(name).isDirectory() ? testFiles(name) : [name])) : testFiles(path.join(root, 'test'))).sort()

const uvu = globalThis as unknown as UvuGlobals
uvu.UVU_DEFER = 1
let passed = 0
let failed = 0
const watchdog = setTimeout(() => { console.log('\nhung: a test did not settle\n'); finish(1) }, HANG_MS * 5)

for (const [index, file] of files.entries()) {
  const name = path.relative(root, file)
  uvu.UVU_QUEUE = [...(uvu.UVU_QUEUE ?? []), [name]]
  uvu.UVU_QUEUE[index] = [name]
  uvu.UVU_INDEX = index
  const started = Date.now()
  try {
    await import(pathToFileURL(file).href)
  } catch (error) {
    failed++
    console.log(`FAIL ${name}: did not load\n${error instanceof Error ? error.stack : String(error)}`)
    continue
  }
  const [, ...suites] = uvu.UVU_QUEUE[index] ?? [name]
  let ran = 0
  for (const suite of suites) {
    const outcome = await Promise.race([suite(), new Promise<'hung'>((resolve) => setTimeout(resolve, HANG_MS, 'hung').unref())])
    if (outcome === 'hung') { failed++; console.log(`FAIL ${name}: hung`); continue }
    const [errors, ok, skipped, total] = outcome
    passed += ok
    ran += total
    failed += total - ok
    if (skipped > 0) { failed += skipped; console.log(`FAIL ${name}: ${skipped} skipped`) }
    if (typeof errors === 'string') console.log(`FAIL ${name}\n${errors}`)
    else if (ok < total) console.log(`FAIL ${name}`)
  }
  if (ran === 0) { failed++; console.log(`FAIL ${name}: no test ran (is .run() missing?)`) }
  const took = Date.now() - started
  if (took > 3_000) console.log(`     ${name}: ${took} ms`)
}
clearTimeout(watchdog)
if (passed === 0 && failed === 0) failed = 1
finish(failed > 0 ? 1 : 0)

function finish(code: number): never {
  console.log(`${passed} passed, ${failed} failed`)
  process.exit(code)
}
