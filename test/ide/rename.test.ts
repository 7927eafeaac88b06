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

rename('a model: unit tests, hooks, selectors, its own configuration', () => checkRename(`
  //- dbt_project.yml
  name: p
  profile: p
  on-run-end: ["select 1 from {{ ref('users') }}"]
  models:
    p:
      users:
        +tags: [a]
  //- models/users.sql
  select 1
  //- models/a.sql
  select * from {{ ref('users$0') }}
  //- selectors.yml
  selectors:
    - name: s
      definition:
        union:
          - method: fqn
            value: users
          - "1+users+ tag:users,p.users"
          - {method: tag, value: users}
  //- models/m.yml
  unit_tests:
    - name: u
      model: a
      given:
        - input: ref('users')
          rows: []
      expect: {rows: []}
`, 'people', {
  'dbt_project.yml': 'name: p\nprofile: p\non-run-end: ["select 1 from {{ ref(\'people\') }}"]\nmodels:\n  p:\n    people:\n      +tags: [a]',
  'models/people.sql': 'select 1',
  'models/a.sql': "select * from {{ ref('people') }}",
  'selectors.yml': 'selectors:\n  - name: s\n    definition:\n      union:\n        - method: fqn\n          value: people\n        - "1+people+ tag:users,p.people"\n        - {method: tag, value: users}',
  'models/m.yml': "unit_tests:\n  - name: u\n    model: a\n    given:\n      - input: ref('people')\n        rows: []\n    expect: {rows: []}",
}))

rename('a model whose name a template puts together is not renamed', () => checkRefused(`
  //- models/users.sql
  select 1
  //- models/a.sql
  {% set name = 'us' ~ 'ers' %}
  select * from {{ ref(name) }} join {{ ref('us$0ers') }}
`, 'people', 'models/a.sql:2 reads'))

rename('a column wherever YAML names it', () => checkRename(`
  //- models/users.sql
  select 1 as id
  //- models/a.sql
  select 1 as id from {{ ref('users') }}
  //- models/m.yml
  models:
    - name: users
      columns:
        - name: i$0d
          data_tests: [unique]
      constraints:
        - {type: unique, columns: [id]}
    - name: a
      columns:
        - name: id
          data_tests:
            - relationships: {arguments: {to: ref('users'), field: id}}
  unit_tests:
    - name: u
      model: a
      given:
        - input: ref('users')
          rows: [{id: 1}]
      expect: {rows: [{id: 1}]}
`, 'key', {
  'models/m.yml': `models:
  - name: users
    columns:
      - name: key
        data_tests: [unique]
    constraints:
      - {type: unique, columns: [key]}
  - name: a
    columns:
      - name: id
        data_tests:
          - relationships: {arguments: {to: ref('users'), field: key}}
unit_tests:
  - name: u
    model: a
    given:
      - input: ref('users')
        rows: [{key: 1}]
    expect: {rows: [{id: 1}]}`,
}))

const SEMANTIC = `
  //- models/orders.sql
  select 1 as id
  //- models/m.yml
  groups: [{name: fin, owner: {name: me}}]
  semantic_models:
    - name: sm
      model: ref('orders')
      defaults: {agg_time_dimension: day}
      entities: [{name: id, type: primary}]
      dimensions: [{name: day, type: time, type_params: {time_granularity: day}}]
      measures: [{name: amount, agg: sum}]
  metrics:
    - name: total
      label: T
      type: simple
      type_params: {measure: amount}
    - name: share
      label: S
      type: ratio
      type_params: {numerator: total, denominator: total}
`
const metricsAfter = (measure: string, metric: string): Record<string, string> => ({ 'models/m.yml': SEMANTIC.split('//- models/m.yml\n')[1]?.replaceAll(/^ {2}/gm, '').replaceAll('amount', measure).replaceAll('total', metric).trimEnd() ?? '' })
rename('a metric', () => checkRename(SEMANTIC.replace('name: total', 'name: to$0tal'), 'turnover', metricsAfter('amount', 'turnover')))
rename('a measure', () => checkRename(SEMANTIC.replace('measure: amount', 'measure: amo$0unt'), 'sum_of', metricsAfter('sum_of', 'total')))
rename('a dimension is named in queries that nobody here sees', () => checkRefused(SEMANTIC.replace('name: day', 'name: d$0ay'), 'date', 'rename it by hand'))
rename('a group, also in configuration', () => checkRename(`
  //- dbt_project.yml
  name: p
  profile: p
  models: {p: {+group: fin}}
  //- models/a.sql
  {{ config(group='fin') }} select 1
  //- models/m.yml
  groups:
    - name: fi$0n
      owner: {name: me}
  models:
    - name: a
      config: {group: fin}
`, 'money', {
  'dbt_project.yml': 'name: p\nprofile: p\nmodels: {p: {+group: money}}',
  'models/a.sql': "{{ config(group='money') }} select 1",
  'models/m.yml': 'groups:\n  - name: money\n    owner: {name: me}\nmodels:\n  - name: a\n    config: {group: money}',
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
