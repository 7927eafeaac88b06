// Definition, references and highlights, through refs, sources, macros, variables, docs blocks and YAML.

import { suite } from 'uvu'
import { checkDefinition, checkHighlights, checkReferences } from '../support/check.ts'

const navigation = suite('navigation')

navigation('a model', () => checkDefinition(`
  select * from {{ ref('us$0ers') }}
  //- models/users.sql
  select 1
  ^ top
`))
navigation('a model while the text is broken', () => checkDefinition(`
  select * from {{ ref('us$0ers') where {% if
  //- models/users.sql
  select 1
  ^ top
`))
navigation('the latest version', () => checkDefinition(`
  select * from {{ ref('us$0ers') }}
  //- models/users_v1.sql
  select 1
  //- models/users_v2.sql
  select 2
  ^ top
  //- models/m.yml
  models:
    - name: users
      latest_version: 2
      versions: [{v: 1}, {v: 2}]
`))
navigation('a version by number', () => checkDefinition(`
  select * from {{ ref('us$0ers', v=1) }}
  //- models/users_v1.sql
  select 1
  ^ top
  //- models/users_v2.sql
  select 2
  //- models/m.yml
  models:
    - name: users
      latest_version: 2
      versions: [{v: 1}, {v: 2}]
`))
navigation('a source', () => checkDefinition(`
  select * from {{ source('till', 'or$0ders') }}
  //- models/s.yml
  sources:
    - name: till
      tables:
        - name: orders
                ^^^^^^
`))
navigation('a source by its own name', () => checkDefinition(`
  select * from {{ source('ti$0ll', 'orders') }}
  //- models/s.yml
  sources:
    - name: till
            ^^^^
      tables:
        - name: orders
`))
navigation('a macro in the text of a hook', () => checkDefinition(`
  {{ config(materialized='table', post_hook={'sql': "{{ ce$0nts('a') }}"}) }} select 1
  //- macros/cents.sql
  {% macro cents(column) %}{% endmacro %}
           ^^^^^
`))
navigation('a model in the text of a hook', () => checkDefinition(`
  {{ config(pre_hook="delete from {{ ref('us$0ers') }}") }} select 1
  //- models/users.sql
  select 1
  ^ top
`))
navigation('what adapter.dispatch may lead to, for any adapter', () => checkDefinition(`
  //- macros/cents.sql
  {% macro cents(column) %}{{ adapter.dispatch('ce$0nts', 'p')(column) }}{% endmacro %}
  {% macro default__cents(column) %}{% endmacro %}
           ^^^^^^^^^^^^^^
  {% macro bigquery__cents(column) %}{% endmacro %}
           ^^^^^^^^^^^^^^^
`))
navigation('who may dispatch to an implementation', () => checkReferences(`
  //- macros/cents.sql
  {% macro cents(column) %}{{ adapter.dispatch(macro_name='cents', macro_namespace='p')(column) }}{% endmacro %}
                                                           ^^^^^
  {% macro bigquery__ce$0nts(column) %}{% endmacro %}
  {% macro other() %}{{ adapter.dispatch('dollars', 'p')() }}{% endmacro %}
`))
navigation('a macro', () => checkDefinition(`
  select {{ cen$0ts('a') }}
  //- macros/cents.sql
  {% macro cents(column) %}{% endmacro %}
           ^^^^^
`))
navigation('what is computed from a loop', () => checkDefinition(`
  {% for name in ['a', 'b'] %}select * from {{ re$0f(name) }}{% endfor %}
  //- models/a.sql
  select 1
  ^ top
  //- models/b.sql
  select 1
  ^ top
`))
navigation('a variable', () => checkDefinition(`
  select {{ var('st$0art') }}
  //- dbt_project.yml
  name: p
  profile: p
  vars:
    start: 1
    ^^^^^
`))
navigation('a docs block', () => checkDefinition(`
  //- models/m.yml
  models:
    - name: test
      description: "{{ doc('abo$0ut') }}"
  //- models/about.md
  {% docs about %}All about it.{% enddocs %}
          ^^^^^
  //- models/test.sql
  select 1
`))
navigation('from YAML to the model', () => checkDefinition(`
  //- models/m.yml
  models:
    - name: te$0st
  //- models/test.sql
  select 1
  ^ top
`))
navigation('a ref in a generic test of YAML', () => checkDefinition(`
  //- models/m.yml
  models:
    - name: test
      columns:
        - name: id
          tests:
            - relationships: {to: ref('us$0ers'), field: id}
  //- models/test.sql
  select 1
  //- models/users.sql
  select 1
  ^ top
`))
navigation('a custom generic test by its name in YAML', () => checkDefinition(`
  //- models/m.yml
  models:
    - name: test
      tests: [po$0sitive]
  //- models/test.sql
  select 1
  //- tests/generic/positive.sql
  {% test positive(model) %}select 1{% endtest %}
          ^^^^^^^^
`))
navigation('a Python model', () => checkDefinition(`
  //- models/py.py
  def model(dbt, session):
      return dbt.ref("us$0ers")
  //- models/users.sql
  select 1
  ^ top
`))
navigation('works before evaluation', () => checkDefinition(`
  select * from {{ ref('us$0ers') }}
  //- models/users.sql
  select 1
  ^ top
`, { literal: true }))

navigation('references of a model, YAML and macros included', () => checkReferences(`
  //- models/users.sql
  se$0lect 1
  //- models/a.sql
  select * from {{ ref('users') }}
                        ^^^^^
  //- models/b.sql
  select * from {{ latest() }}
                   ^^^^^^^^
  //- macros/latest.sql
  {% macro latest() %}{{ ref('users') }}{% endmacro %}
  //- models/m.yml
  exposures:
    - name: e
      type: dashboard
      owner: {name: me}
      depends_on: [ref('users')]
                        ^^^^^
`))
navigation('references in a file whose text is broken', () => checkReferences(`
  //- models/a.sql
  {{ ref('users' }} select * from {{ ref('us$0ers') }}
                                          ^^^^^^^
  //- models/c.sql
  {% if %} {{ ref('users') }}
                   ^^^^^
  //- models/users.sql
  select 1
`))
navigation('references of a macro', () => checkReferences(`
  //- macros/cents.sql
  {% macro ce$0nts(column) %}{% endmacro %}
  {% macro euros(column) %}{{ cents(column) }}{% endmacro %}
                              ^^^^^
  //- models/a.sql
  select {{ cents('a') }}, {{ p.cents('b') }}
            ^^^^^
                                ^^^^^
`))
navigation('references of a source table', () => checkReferences(`
  select * from {{ source('till', 'orders') }}
                                   ^^^^^^
  //- models/s.yml
  sources:
    - name: till
      tables:
        - name: ord$0ers
        - name: others
`))
navigation('highlights in one file', () => checkHighlights(`
  select * from {{ ref('us$0ers') }} union select * from {{ ref('users') }} union select * from {{ ref('other') }}
                        ^^^^^^^
                                                                 ^^^^^
  //- models/users.sql
  select 1
  //- models/other.sql
  select 1
`))

navigation.run()
