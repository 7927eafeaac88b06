// CTE injection against dbt's own inject_ctes_into_sql on made-up and given texts: inject.ts [COUNT] [FILE.json of texts]…
// Made-up texts are soups of the pieces that decide where a statement ends and where its WITH is; the seed is fixed.

import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { venvs } from '../judge.ts'
import { injectCtes } from '../../../server/sql/first-statement.ts'

const [count = '6000', ...files] = process.argv.slice(2)
if (!(Number(count) > 0)) throw new Error(`not a number of texts: ${count}`)
const python = path.join(venvs, 'dbt-1.12', 'bin', 'python')

const PIECES = ['select', 'with', 'WITH', 'With', 'recursive', 'RECURSIVE', 'x', 'mine as (select 1)', 'as', '(', ')', '[', ']', 'case', 'when', 'end', 'END', 'end if', 'if', 'begin', 'BEGIN', 'create', 'create or replace', 'declare', 'for', 'loop', 'end loop', 'while', 'do',
  ';', ',', '.', '::', ':=', '\'it\'\'s\'', '\'a\\\'', '\'with\'', '"with"', '"x', '`with`', '$$ with $$', '$a$ with; $a$', '$1', ':name', '/* with ; */', '/*+ hint */', '-- with\n', '--+ hint\n', '# note\n', '#x', 'where', 'where x = 1', 'order by', 'group by 1', 'limit 1', 'union', 'union all', 'having', 'into', 'values', 'values (1)',
  '1', '1.5', '1e5', '-2', '*', '+', '=', '->', 'x.with', 'with.x', 'with(nolock)', 'with (nolock)', 'x with', 'from t', 'is null', 'in (1)', 'over (partition by x)', 'at time zone \'utc\'', '[with]', '@x', 'go', 'GO', 'GO 2', 'transaction', 'é', 'ünion', '_with', 'with_x', '\u00a0', '\u2028', '😀', '{', '}', '\\x', '%s', '%(with)s', '?', '´with´', 'insert into t', 'left join y on', 'not null', 'exists']
const BLANKS = [' ', ' ', ' ', '', '\n', '  ', '\t', '\r\n', '\r', '\n\n  ']
const STARTS = ['', '', 'select 1 ', 'with a as (select 1) ', 'with\n-- why\n a as (select 1) ', '-- c\nwith a as (select 1) ', 'select * from t ', 'create table x as ', 'insert into t ', 'begin ', 'with recursive a as (select 1) ']

const made: string[] = []
let seed = 20240607
const random = (): number => { seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0; return seed / 2 ** 32 }
const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T
while (made.length < Number(count)) {
  let text = pick(STARTS)
  for (let pieces = Math.floor(random() * 14); pieces > 0; pieces--) text += pick(PIECES) + pick(BLANKS)
  made.push(text)
}
const texts = [...made, ...files.flatMap((file) => JSON.parse(readFileSync(file, 'utf8')) as string[])]
const theirs = JSON.parse(execFileSync(python, [path.join(import.meta.dirname, 'inject.py')], { input: JSON.stringify(texts), maxBuffer: 2 ** 30, encoding: 'utf8' })) as (string | null)[]
const ctes = [' __dbt__cte__a as (\nselect 1\n)', ' __dbt__cte__b as (\nselect 2\n)']
const different = texts.flatMap((text, index) => (injectCtes(text, ctes) === theirs[index] ? [] : [{ text, dbt: theirs[index], ours: injectCtes(text, ctes) }]))
for (const each of different.slice(0, 25)) console.log(JSON.stringify(each, null, 1))
console.log(`${texts.length} texts, ${different.length} different`)
// In a soup a word may be a keyword that only sqlparse's long lists know, beside `:=` or `::`; real texts must all be equal.
const real = new Set(texts.slice(made.length))
process.exitCode = different.length <= made.length / 1000 && !different.some(({ text }) => real.has(text)) ? 0 : 1
