// Arguments that a property file gives a macro, against the macro; and tags outside of any block. Answers: dbt 1.12's MacroPatchParser and is_valid_type.

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { buildManifest } from '../../../server/dbt/graph/manifest.ts'
import { annotationFaults } from '../../../server/dbt/graph/build/macro-annotations.ts'
import { inputOf } from '../../support/manifest-of.ts'

const x = suite('macro-annotations')

x('names in order, number, types', () => {
  const said = [{ name: 'b', type: 'list[str' }, { name: 'b', type: 'nope' }, { name: 'c', type: null }]
  assert.equal(annotationFaults('m', ['a', 'b'], said), [
    { index: 0, message: 'Argument b in yaml for macro m does not match the jinja definition.' },
    { index: null, message: 'The number of arguments in the yaml for macro m does not match the jinja definition.' },
    { index: 0, message: 'Argument b in the yaml for macro m has an invalid type.' },
    { index: 1, message: 'Argument b in the yaml for macro m has an invalid type.' },
  ])
  assert.equal(annotationFaults('m', ['a'], []), [])
})

x('types', () => {
  const types: readonly [string, boolean][] = [
    ['str', true], ['string ', true], ['list[str]', true], ['list', false], ['list[ int ]', true], ['dict[str,any]', true], ['dict[str]', false], ['dict[str,list[int]]', true],
    ['optional[relation]', true], ['optional[ dict [ str , any ] ]', true], ['boolean', false], ['String', false], ['list[str]]', false], ['strx', false], ['integer', true],
    ['list(str)', false], ['any\n', false], ['date', false], [' ', true],
  ]
  for (const [type, valid] of types) assert.is(annotationFaults('m', ['a'], [{ name: 'a', type }]).length === 0, valid, type)
})

const FILES = {
  'macros/m.sql': '{% set y = 1 %}\n{% macro m(a) %}x{% endmacro %}\n{% enddocs %}\n{# {% set z %} #}',
  'macros/m.yml': 'macros:\n- name: m\n  arguments:\n  - {name: b}\n  - {name: c}\n',
  'snapshots/a/s.sql': "{% if true %}{% endif %}\n{% snapshot s %}{{ config(strategy='check', check_cols='all', unique_key='id', target_schema='t') }}select 1 as id{% endsnapshot %}\n",
}

function warnings(rules: '1.8' | '1.11' | '1.12'): string[] {
  return buildManifest(inputOf(new Map(Object.entries(FILES).map(([path, text]) => [`/p/${path}`, text] as const)), null, rules)).manifest.problems
    .map(({ severity, code, message, place }) => `${severity} ${code} ${place.path.split('/').at(-1) ?? ''}:${place.start} ${message}`).toSorted()
}

x('warned of where dbt warns', () => {
  const strays = [
    'warning block-stray m.sql:0 Found unexpected \'set\' block tag. in file `macros/m.sql`', 'warning block-stray m.sql:48 Found unexpected \'enddocs\' block tag. in file `macros/m.sql`',
    'warning block-stray s.sql:0 Found unexpected \'if\' block tag. in file `a/s.sql`', 'warning block-stray s.sql:13 Found unexpected \'endif\' block tag. in file `a/s.sql`',
  ]
  assert.equal(warnings('1.12'), [
    ...strays,
    'warning macro-annotation m.yml:33 The number of arguments in the yaml for macro m does not match the jinja definition.',
    'warning macro-annotation m.yml:35 Argument b in yaml for macro m does not match the jinja definition.',
  ])
  assert.equal(warnings('1.11'), strays)
  assert.equal(warnings('1.8'), [])
})

x.run()
