// What a parser's complaint is worth, dialect by dialect; and where it is shown.

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { noteSqlError, sqlQuestions } from '../../server/ide/checks/sql-syntax.ts'
import { diagnostics } from '../../server/ide/diagnostics.ts'
import { certainError } from '../../server/sql/syntax.ts'
import { snapshotOf } from '../support/snapshot.ts'

const syntax = suite('sql syntax')

const at = (text: string, token: string, dialect: string, code = 'E003') => {
  const start = Array.from(text.slice(0, text.lastIndexOf(token))).length
  const error = certainError(text, dialect, { code, message: `Unexpected token: ${token} near [${text}]`, start, end: start + Array.from(token).length })
  return error ? text.slice(error.start, error.end) : null
}

syntax('certain: places in UTF-16, the message without the text', () => {
  assert.equal(certainError("select '🎉' as x, foo( from x", 'duckdb', { code: 'E003', message: 'Unexpected token: From near [x]', start: 22, end: 26 }), { start: 23, end: 27, message: 'Unexpected token: From' })
  assert.is(at('select a from (select 1', '1', 'snowflake'), '1')
  assert.is(at('select * from (\n)', ')', 'postgresql'), ')')
})

const doubtful: readonly (readonly [string, string, string])[] = [
  ['select c[0]:id from t', ':', 'snowflake'], ['select * from t new', 'new', 'duckdb'], ['select * from t first where a = 1', 'where', 'duckdb'], ['select from, a from t', ',', 'trino'],
  ["select 30d_vol from t", 'd_vol', 'databricks'], ["select case when a > bigint '0' then 1 end", "'0'", 'trino'], ['select * from a global cross join b', 'cross', 'clickhouse'],
  ['select array_agg(x) within group (order by y)[0] from t', '[', 'snowflake'], ['select a, limit , 1 from t', ',', 'snowflake'], ["optimize t where a >= 'b' zorder by (c)", 'zorder', 'databricks'],
  ["select listagg(distinct x, ',' order by y) from t", 'order', 'duckdb'], ["select '\\'' from t", "'", 'redshift'],
  ["select replace(x, r'\\\\', 'b'), '\"' from t", "'b'", 'bigquery'],
]
for (const [text, token, dialect] of doubtful) syntax(`not certain: ${dialect} ${text}`, () => assert.is(at(text, token, dialect), null))

syntax('not certain: limits of the parser, a place it does not name', () => {
  assert.is(certainError('select 1', 'duckdb', { code: 'E_GUARD_PARSER_DEPTH_EXCEEDED', message: 'deep', start: 0, end: 1 }), null)
  assert.is(certainError('select 1', 'duckdb', { code: 'E003', message: 'x', start: null, end: null }), null)
})

syntax('shown at the template, or at the call of the macro that wrote it; not where a part is unknown', async () => {
  const { snapshot, fixture } = await snapshotOf(`
    //- models/own.sql
    select {{ 1 }} as a from (select 2
    //- models/through.sql
    select 1 {{ tail() }}
    //- models/vague.sql
    select {{ run_started_at }} from (
    //- models/when_run.sql
    select 1 from {{ since() }} (select 2
    //- analyses/script.sql
    def f(): return 2
    //- analyses/wrong.sql
    -- why
    (select 2
    //- macros/lib.sql
    {% macro tail() %}from (select 2{% endmacro %}
    {% macro since() %}{{ really() }}{% endmacro %}
    {% macro really() %}{% if execute and flags.WHICH in ['run'] %}t{% endif %}{% endmacro %}
  `)
  const shown = (path: string): readonly unknown[] => {
    for (const question of sqlQuestions(snapshot, path)) noteSqlError(question, { start: question.document.text.lastIndexOf('2'), end: question.document.text.lastIndexOf('2') + 1, message: 'Expected RParen' })
    const text = fixture.files.get(path) ?? ''
    return diagnostics(snapshot, path).filter((each) => each.code === 'sql-syntax').map((each) => [text.slice(each.place.start, each.place.end), each.message, each.severity, ...(each.related ?? []).map((place) => place.message)])
  }
  assert.equal(shown('/p/models/own.sql'), [['2', 'SQL: Expected RParen', 'warning']])
  assert.equal(shown('/p/models/through.sql'), [['tail()', 'SQL: Expected RParen', 'warning', 'in macro p.tail']])
  assert.equal(shown('/p/models/vague.sql'), [])
  assert.equal(shown('/p/models/when_run.sql'), [], 'dbt run may write another text')
  assert.equal(shown('/p/analyses/script.sql'), [], 'no SQL at all')
  assert.equal(shown('/p/analyses/wrong.sql'), [['2', 'SQL: Expected RParen', 'warning']])
})

syntax.run()
