// The child that has the SQL parser: what becomes of one that is not there, does not work, dies or hangs. The children here are scripts of a few lines.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { makeSqlChecker } from '../../server/host/sql-checker.ts'
import type { SqlParser } from '../../server/sql/syntax.ts'

const checker = suite('sql checker')
const place = mkdtempSync(path.join(tmpdir(), 'sql-'))

function child(name: string, answer: string): string {
  const file = path.join(place, `${name}.cjs`)
  writeFileSync(file, `process.on('message', ({ id, text }) => { ${answer} })`)
  return file
}

const cases: readonly (readonly [string, string | null, SqlParser, boolean])[] = [
  ['run from source', null, { kind: 'absent' }, false],
  ['not installed', 'process.send({ missing: true, why: null })', { kind: 'absent' }, false],
  ['installed and broken', "process.send({ missing: true, why: 'Error: no wasm' })", { kind: 'broken', why: 'Error: no wasm' }, false],
  ['one that works', 'process.send({ id, complaint: null })', { kind: 'works' }, true],
  ['one that fails', "process.send({ id, failed: 'RangeError: deep' })", { kind: 'broken', why: 'RangeError: deep' }, true],
  ['one that dies', 'process.exit(1)', { kind: 'broken', why: 'its process gave no answer' }, true],
]
for (const [name, answer, expected, able] of cases) {
  checker(`asked whether there is one: ${name}`, async () => {
    const made = makeSqlChecker(answer === null ? null : child(name.replaceAll(' ', '-'), answer))
    assert.equal(await made.parser(), expected)
    assert.is(made.able(), able)
    made.dispose()
  })
}

checker('three failures are enough, and no question is left without an answer', async () => {
  const made = makeSqlChecker(child('dying', 'process.exit(1)'))
  assert.equal(await Promise.all(['a', 'b', 'c', 'd'].map((text) => made.check(text, 'duckdb'))), [null, null, null, null])
  assert.is(made.able(), false)
  made.dispose()
})

checker('a complaint has its place', async () => {
  const made = makeSqlChecker(child('complaining', "process.send({ id, complaint: { code: 'E001', message: 'no column ' + text, start: null, end: null } })"))
  assert.is(await made.check('select from t', 'duckdb'), null)
  made.dispose()
  const placed = makeSqlChecker(child('placed', "process.send({ id, complaint: { code: 'P1', message: 'unexpected', start: 7, end: 11 } })"))
  assert.equal(await placed.check('select from from t', 'duckdb'), { start: 7, end: 11, message: 'unexpected' })
  placed.dispose()
})

checker.after(() => rmSync(place, { recursive: true }))
checker.run()
