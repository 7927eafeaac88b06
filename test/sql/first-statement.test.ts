import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { firstStatement, injectCtes } from '../../server/sql/first-statement.ts'
import { sqlTokens } from '../../server/sql/tokens.ts'

const injection = suite('CTE injection')
const E = ' e as (\n1\n)'
const F = ' f as (\n2\n)'
const inject = (sql: string): string | null => injectCtes(sql, [E])

injection('without WITH: before the first token', () => {
  assert.is(inject('select 1'), `with${E} select 1`)
  assert.is(inject('\n select 1'), `\n with${E} select 1`)
  assert.is(inject('-- why\nselect 1'), `with${E} -- why\nselect 1`)
  assert.is(injectCtes('select 1', [E, F]), `with${E}, ${F} select 1`)
  assert.is(injectCtes('select 1;\nselect 2', []), 'select 1;\nselect 2')
})

injection('behind WITH, its white space first', () => {
  assert.is(inject('with mine as (select 1) select 2'), `with ${E}, mine as (select 1) select 2`)
  assert.is(inject('wItH\tmine'), `wItH\t${E}, mine`)
  assert.is(inject('WITH  RECURSIVE\n t as (x)'), `WITH  RECURSIVE\n ${E}, t as (x)`)
  assert.is(inject('with -- why\n  mine as (x)'), `with ${E}, -- why\n  mine as (x)`)
  assert.is(inject('-- c\nwith mine as (x)'), `-- c\nwith ${E}, mine as (x)`)
  assert.is(inject('select * from t with (nolock)'), `select * from t with ${E}, (nolock)`)
})

injection('a WITH in brackets, strings, WHERE or CASE is none', () => {
  for (const text of ['select (with a)', "select 'with'", 'select "with"', '/* with */ select 1', '$$ with $$', 'select 1 where with a', 'select case with a end', 'select x.with', 'with(nolock)'])
    assert.is(inject(text), `with${E} ${text}`)
})

injection('the first statement alone survives', () => {
  assert.is(inject('select 1;\nselect 2'), `with${E} select 1;`)
  assert.is(inject('select 1; -- c\nselect 2'), `with${E} select 1; -- c\n`)
  assert.is(inject(';select 1'), `with${E} ;`)
  assert.is(inject('begin; select 1'), `with${E} begin; `)
  assert.is(inject('select 1\nGO\nselect 2'), `with${E} select 1\nGO`)
  assert.is(inject('create function f() begin select 1; end; select 2'), `with${E} create function f() begin select 1; end; `)
})

injection('nothing but white space is no statement', () => {
  assert.is(inject(''), null)
  assert.is(inject(' \n'), null)
})

injection('tokens cover the text, quickly', () => {
  for (const text of ["'a''b\\' c", '"open', '`a``b', '/* open', '$a$ x', '\u{1F600}', '𝒙 with', '[x] [', '-- c', '1.5e-3 0xFF'])
    assert.is(Array.from(sqlTokens(text), (token) => text.slice(token.start, token.end)).join(''), text)
  const hard = [`${'$a$ '.repeat(1)}${'$b'.repeat(12_500)}`, '/*'.repeat(25_000), '['.repeat(25_000), '('.repeat(25_000), "'".repeat(25_001), '\\'.repeat(25_000), '- '.repeat(12_500), 'a '.repeat(25_000)]
  const start = performance.now()
  for (const text of hard) firstStatement(text)
  assert.ok(performance.now() - start < 5000)
})

injection.run()
