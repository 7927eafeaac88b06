// The macros of a file, read anew and taken from an earlier reading: the same either way.

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { macrosOfFile, rememberMacros, spansOf, type MacroFile } from '../../../server/dbt/context/macro-files.ts'

const files = suite('macros of a file')

files('an earlier reading gives the same texts: the last one ends with the stripped file', () => {
  const text = '{% macro a() %}1{% endmacro %}\n\n{% macro b() -%} 2 {%- endmacro -%}\n\n'
  const of = (): MacroFile => ({ file: { path: '/p/macros/m.sql', text, size: text.length }, packageName: 'p', originalPath: 'macros/m.sql', kind: 'macro' })
  const read = macrosOfFile(of())
  const again = of()
  rememberMacros(again, spansOf(read) ?? [])
  const texts = (file: typeof read) => file.macros.map(({ node }) => node.macro_sql)
  assert.equal(texts(read), ['{% macro a() %}1{% endmacro %}', '{% macro b() -%} 2 {%- endmacro -%}'])
  assert.equal(texts(macrosOfFile(again)), texts(read))
})

files.run()
