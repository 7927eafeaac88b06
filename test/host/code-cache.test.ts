import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { readCode, writeCode } from '../../server/host/code-cache.ts'

const x = suite('compiled code between starts')

const module = path.resolve(import.meta.dirname, '../../server/host/code-cache.ts')

/** What a process prints that runs `bundle` so; `directory` null: nothing is kept. */
function run(bundle: string, directory: string | null): string {
  const text = `import { runBundle } from ${JSON.stringify(module)}; runBundle(${JSON.stringify(bundle)}, ${JSON.stringify(directory)})`
  return execFileSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', text], { encoding: 'utf8', cwd: path.dirname(module) })
}

function place(): { readonly bundle: string; readonly directory: string } {
  const root = mkdtempSync(path.join(tmpdir(), 'code-'))
  const bundle = path.join(root, 'bundle.cjs')
  writeFileSync(bundle, "throw new Error('what runs it')\n//program\n//const path = require('node:path')\n////\n//exports.a = 1; console.log(path.basename(__filename), path.basename(__dirname) !== '', this === exports, typeof module.exports.a)")
  return { bundle, directory: path.join(root, 'kept') }
}

const codeFile = (directory: string): string => path.join(directory, readdirSync(directory)[0] ?? '')
const SAID = 'bundle.cjs true true number\n'

x('a bundle runs as by require, first without code, then with what was kept', () => {
  const { bundle, directory } = place()
  assert.is(run(bundle, directory), SAID)
  assert.equal(readdirSync(directory).map((name) => path.extname(name)), ['.code'])
  const kept = readCode(codeFile(directory))
  assert.ok(kept && kept.code.length > 100 && kept.weight > 0)
  assert.is(run(bundle, directory), SAID)
})

x('damaged code, and code of another bundle, is not run', () => {
  const { bundle, directory } = place()
  run(bundle, directory)
  const file = codeFile(directory)
  const bytes = readFileSync(file)
  bytes.writeUInt8(bytes.readUInt8(bytes.length - 9) ^ 255, bytes.length - 9)
  writeFileSync(file, bytes)
  assert.is(readCode(file), null)
  assert.is(run(bundle, directory), SAID)
  assert.ok(readCode(file), 'it is made again')
  // V8 would take the old code: the source is as long as before.
  writeFileSync(bundle, readFileSync(bundle, 'utf8').replace("exports.a = 1", "exports.a = ''"))
  assert.is(run(bundle, directory), SAID.replace('number', 'string'))
})

x('where nothing can be kept, it runs all the same', () => {
  const { bundle, directory } = place()
  assert.is(run(bundle, null), SAID)
  assert.is(existsSync(directory), false)
  writeFileSync(directory, 'a file')
  assert.is(run(bundle, directory), SAID)
  writeCode(path.join(directory, 'x.code'), { code: Buffer.from('x'), weight: 1 })
  assert.is(readCode(path.join(directory, 'x.code')), null)
})

x.run()
