// Rename, as the files stand afterwards.

import { suite } from 'uvu'
import { checkRefused, checkRename } from '../support/check.ts'

const rename = suite('rename')

rename('a model: file, YAML and every ref', () => checkRename(`
  //- models/users.sql
  select 1
  //- models/a.sql
  select * from {{ ref('us$0ers') }} join {{ ref("p", "users") }} where 'users' = 'users'
  //- models/m.yml
  models:
    - name: users
      description: all users
    - name: a
      columns:
        - name: id
          tests:
            - relationships: {to: ref('users'), field: id}
  exposures:
    - name: e
      type: dashboard
      owner: {name: me}
      depends_on:
        - ref('users')
`, 'people', {
  'models/people.sql': 'select 1',
  'models/a.sql': "select * from {{ ref('people') }} join {{ ref(\"p\", \"people\") }} where 'users' = 'users'",
  'models/m.yml': `models:
  - name: people
    description: all users
  - name: a
    columns:
      - name: id
        tests:
          - relationships: {to: ref('people'), field: id}
exposures:
  - name: e
    type: dashboard
    owner: {name: me}
    depends_on:
      - ref('people')`,
}))

rename('a versioned model from YAML: all its files', () => checkRename(`
  //- models/users_v1.sql
  select 1
  //- models/users_v2.sql
  select 2
  //- models/a.sql
  select * from {{ ref('users', v=1) }} join {{ ref('users') }}
  //- models/m.yml
  models:
    - name: us$0ers
      latest_version: 2
      versions:
        - v: 1
          defined_in: users_v1
        - v: 2
`, 'people', {
  'models/people_v1.sql': 'select 1',
  'models/people_v2.sql': 'select 2',
  'models/a.sql': "select * from {{ ref('people', v=1) }} join {{ ref('people') }}",
  'models/m.yml': `models:
  - name: people
    latest_version: 2
    versions:
      - v: 1
        defined_in: people_v1
      - v: 2`,
}))

rename('a macro: block, calls and YAML', () => checkRename(`
  //- macros/cents.sql
  {% macro ce$0nts(column) %}{% endmacro %}
  //- models/a.sql
  select {{ cents('a') }}, {{ p.cents('b') }}, 'cents'
  //- macros/m.yml
  macros:
    - name: cents
`, 'euros', {
  'macros/cents.sql': '{% macro euros(column) %}{% endmacro %}',
  'models/a.sql': "select {{ euros('a') }}, {{ p.euros('b') }}, 'cents'",
  'macros/m.yml': 'macros:\n  - name: euros',
}))

rename('a generic test: block and YAML', () => checkRename(`
  //- tests/generic/positive.sql
  {% test positive(model) %}select 1{% endtest %}
  //- models/a.sql
  select 1
  //- models/m.yml
  models:
    - name: a
      tests:
        - posi$0tive
        - positive: {name: x}
`, 'above_zero', {
  'tests/generic/positive.sql': '{% test above_zero(model) %}select 1{% endtest %}',
  'models/m.yml': 'models:\n  - name: a\n    tests:\n      - above_zero\n      - above_zero: {name: x}',
}))

rename('a source', () => checkRename(`
  //- models/a.sql
  select * from {{ source('ti$0ll', 'orders') }}
  //- models/s.yml
  sources:
    - name: till
      tables:
        - name: orders
`, 'register', {
  'models/a.sql': "select * from {{ source('register', 'orders') }}",
  'models/s.yml': 'sources:\n  - name: register\n    tables:\n      - name: orders',
}))

rename('a table of a source still reads the same relation', () => checkRename(`
  //- models/a.sql
  select * from {{ source('till', 'or$0ders') }}
  //- models/s.yml
  sources:
    - name: till
      tables:
        - name: orders
          description: all
`, 'sales', {
  'models/a.sql': "select * from {{ source('till', 'sales') }}",
  'models/s.yml': 'sources:\n  - name: till\n    tables:\n      - name: sales\n        identifier: orders\n        description: all',
}))

rename('a column in YAML', () => checkRename(`
  //- models/a.sql
  select 1 as id
  //- models/m.yml
  models:
    - name: a
      columns:
        - name: i$0d
`, 'key', { 'models/m.yml': 'models:\n  - name: a\n    columns:\n      - name: key' }))

rename('a docs block', () => checkRename(`
  //- models/about.md
  {% docs about %}All about it.{% enddocs %}
  //- models/a.sql
  select 1
  //- models/m.yml
  models:
    - name: a
      description: "{{ doc('ab$0out') }}"
`, 'more', {
  'models/about.md': '{% docs more %}All about it.{% enddocs %}',
  'models/m.yml': 'models:\n  - name: a\n    description: "{{ doc(\'more\') }}"',
}))

rename('what is taken or no name is refused', async () => {
  const project = `
    //- models/a.sql
    select * from {{ ref('b$0') }}
    //- models/b.sql
    select 1
    //- models/c.sql
    select 1
  `
  await checkRefused(project, 'c', "already a model named 'c'")
  await checkRefused(project, 'x y', 'is no name')
  await checkRefused(project, '', 'is no name')
  await checkRefused('select 1$0', 'x', 'nothing here can be renamed')
})

rename.run()
