// Completion: what is offered, in which order, and what accepting it does to broken text.

import { suite } from 'uvu'
import { checkCompletion, checkOffered } from '../support/check.ts'

const completion = suite('completion')

const MODELS = `
//- models/stg_orders.sql
select 1
//- models/orders.sql
select 1
//- models/customers.sql
select 1
//- macros/cents.sql
{% macro cents(column, digits=2) %}{% endmacro %}
//- models/sources.yml
sources:
  - name: till
    tables: [{name: raw_orders}, {name: raw_customers}]
  - name: web
    tables: [{name: clicks}]
`

completion('inside a whole ref', () => checkCompletion(`select * from {{ ref('or$0') }}${MODELS}`, ['orders', 'stg_orders'], "select * from {{ ref('orders') }}\n"))
completion('an empty string offers all, own package first', () => checkCompletion(`select * from {{ ref('$0') }}${MODELS}`, ['customers', 'orders', 'stg_orders']))
completion('an unfinished string gets its quote and leaves the rest alone', () => checkCompletion(`select * from {{ ref('stg$0${MODELS}`, ['stg_orders'], "select * from {{ ref('stg_orders'\n"))
completion('an unfinished string before more SQL', () => checkCompletion(`select * from {{ ref("cus$0 }} where a = 'b'${MODELS}`, ['customers'], "select * from {{ ref(\"customers\" }} where a = 'b'\n"))
completion('no quote yet', () => checkCompletion(`select * from {{ ref($0) }}${MODELS}`, ['customers', 'orders', 'stg_orders'], "select * from {{ ref('customers') }}\n"))
completion('a bare word is put in quotes', () => checkCompletion(`select * from {{ ref(cust$0) }}${MODELS}`, ['customers'], "select * from {{ ref('customers') }}\n"))
completion('the cursor in the middle replaces the whole name', () => checkCompletion(`select * from {{ ref('cus$0tomer') }}${MODELS}`, ['customers'], "select * from {{ ref('customers') }}\n"))
completion('a typing error', () => checkCompletion(`select * from {{ ref('custmers$0') }}${MODELS}`, ['customers']))
completion('source names', () => checkCompletion(`select * from {{ source('$0') }}${MODELS}`, ['till', 'web']))
completion('tables of the source', () => checkCompletion(`select * from {{ source('till', '$0') }}${MODELS}`, ['raw_customers', 'raw_orders'], "select * from {{ source('till', 'raw_customers') }}\n"))
completion('tables in an unfinished call', () => checkCompletion(`select * from {{ source('till', '$0${MODELS}`, ['raw_customers', 'raw_orders'], "select * from {{ source('till', 'raw_customers'\n"))
completion('tables without a quote', () => checkCompletion(`select * from {{ source('web', $0) }}${MODELS}`, ['clicks'], "select * from {{ source('web', 'clicks') }}\n"))
completion('macros and builtins by name', () => checkCompletion(`select {{ cen$0 }}${MODELS}`, ['cents'], 'select {{ cents }}\n'))
completion('macros in a tag that is not closed', () => checkOffered(`{% if is_$0${MODELS}`, ['is_incremental']))
completion('a fresh expression offers everything', () => checkOffered(`select {{ $0 }}${MODELS}`, ['ref', 'source', 'cents', 'this', 'config']))
completion('nothing in SQL, comments and strings', async () => {
  await checkCompletion(`select re$0 from x${MODELS}`, [])
  await checkCompletion(`{# ref($0) #} select 1${MODELS}`, [])
  await checkCompletion(`{{ 'or$0' }}${MODELS}`, [])
})
completion('a tag begins with a word of its own', () => checkCompletion(`{% endi$0 %}${MODELS}`, ['endif'], '{% endif %}\n'))
completion('members behind a dot, and nothing else', async () => {
  await checkCompletion(`{{ target.sch$0 }}${MODELS}`, ['target.schema'], '{{ target.schema }}\n')
  await checkCompletion(`{{ this.i$0 }}${MODELS}`, ['this.identifier', 'this.include'])
  await checkCompletion(`{{ p.$0${MODELS}`, ['p.cents'], '{{ p.cents\n')
  await checkOffered(`{{ dbt.is_$0${MODELS}`, ['dbt.is_incremental'], ['is_incremental'])
  await checkCompletion(`{{ nothing.$0 }}${MODELS}`, [])
})
const VERSIONS = `
//- models/dim_v1.sql
select 1
//- models/dim_v2.sql
select 1
//- models/dim.yml
models:
  - name: dim
    versions: [{v: 1}, {v: 2}]
`
completion('versions of a model, the latest first', async () => {
  await checkCompletion(`select * from {{ ref('dim', v=$0) }}${VERSIONS}`, ['2', '1'], "select * from {{ ref('dim', v=2) }}\n")
  await checkCompletion(`select * from {{ ref('dim', version='$0') }}${VERSIONS}`, ['2', '1'], "select * from {{ ref('dim', version='2') }}\n")
})
completion('the first argument of a macro', () => checkOffered(`select {{ cents($0) }}${MODELS}`, ['column=', 'digits=']))
completion('the first argument, half-typed in an open call', () => checkOffered(`select {{ cents(col$0${MODELS}`, ['column=']))
completion('arguments that are given are not offered', () => checkOffered(`select {{ cents(column='a', $0) }}${MODELS}`, ['digits='], ['column=']))
completion('arguments of a macro', () => checkOffered(`select {{ cents('a', $0) }}${MODELS}`, ['digits='], ['column=']))
completion('config keys of a model, with those given left out', () => checkOffered(`{{ config(materialized='table', $0) }}${MODELS}`, ['schema', 'alias', 'unique_key', 'pre_hook', 'access'], ['materialized', 'severity']))
completion('config keys half typed', () => checkCompletion(`{{ config(incremental_s$0) }}${MODELS}`, ['incremental_strategy'], '{{ config(incremental_strategy=) }}\n'))
completion('config values', () => checkCompletion(`{{ config(materialized='in$0') }}${MODELS}`, ['incremental'], "{{ config(materialized='incremental') }}\n"))
completion('config values in an unfinished call', () => checkCompletion(`{{ config(on_schema_change='$0${MODELS}`, ['append_new_columns', 'fail', 'ignore', 'sync_all_columns'], "{{ config(on_schema_change='append_new_columns'\n"))

completion('vars', () => checkCompletion(`
  select {{ var('st$0') }}
  //- dbt_project.yml
  name: p
  profile: p
  vars: {start: 1, p: {stamp: 2}}
`, ['stamp', 'start']))

completion('a ref in YAML', () => checkCompletion(`
  //- models/m.yml
  models:
    - name: a
      columns:
        - name: id
          tests:
            - relationships: {to: ref('b$0'), field: id}
  //- models/a.sql
  select 1
  //- models/best.sql
  select 1
`, ['best']))

completion('model names in YAML', () => checkCompletion(`
  //- models/m.yml
  models:
    - name: be$0
  //- models/a.sql
  select 1
  //- models/best.sql
  select 1
`, ['best']))

completion('keys of a model in YAML', () => checkOffered(`
  //- models/m.yml
  models:
    - name: a
      desc$0
  //- models/a.sql
  select 1
`, ['description']))

completion('config keys and values in YAML', async () => {
  await checkOffered(`
    //- models/m.yml
    models:
      - name: a
        config:
          mat$0
    //- models/a.sql
    select 1
  `, ['materialized'])
  await checkCompletion(`
    //- models/m.yml
    models:
      - name: a
        config:
          materialized: ep$0
    //- models/a.sql
    select 1
  `, ['ephemeral'])
})

completion('tests in YAML', () => checkOffered(`
  //- models/m.yml
  models:
    - name: a
      columns:
        - name: id
          tests:
            - $0
  //- models/a.sql
  select 1
`, ['unique', 'not_null', 'accepted_values', 'relationships']))

completion('private models of other groups are not offered', () => checkCompletion(`
  //- models/m.yml
  groups: [{name: g, owner: {name: me}}]
  models:
    - name: secret
      access: private
      group: g
  //- models/secret.sql
  select 1
  //- models/sales.sql
  select 1
  //- models/test.sql
  select * from {{ ref('s$0') }}
`, ['sales']))

completion('works before evaluation', () => checkCompletion(`select * from {{ ref('stg$0') }}${MODELS}`, ['stg_orders'], undefined, { literal: true }))

completion.run()
