// Hover: the relation, why it, both candidates with what is known of them, and what the resource is.

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { checkHover, hoverText } from '../support/check.ts'

const hover = suite('hover')

const PROD = `
  //- prod
  model users prod.core.users (id int) at models/users.sql
  //- models/users.sql
  select 1
  //- models/users.yml
  models:
    - name: users
      description: One row a user.
      columns: [{name: id, data_type: integer, description: The key}]
`

hover('missing in dev, so production', () => checkHover(`
  //- dev
  dev_me.orders
  //- models/orders.sql
  select * from {{ ref('us$0ers') }}${PROD}
`, ['"prod"."core"."users"', 'reads production', 'dev_me', 'does not exist', '3 days ago', 'model `users` in p, view', 'models/users.sql', 'One row a user.', '`id` integer: The key']))

hover('exists in dev, so dev', () => checkHover(`
  //- dev
  dev_me.users
  //- models/orders.sql
  select * from {{ ref('us$0ers') }}${PROD}
`, ['"dev"."dev_me"."users"', 'exists', '"prod"."core"."users"']))

hover('nothing known of dev: unknown, with both', () => checkHover(`
  select * from {{ ref('us$0ers') }}${PROD}
`, ['unknown', '"dev"."dev_me"."users"', 'not known whether it exists', '"prod"."core"."users"']))

hover('a ref that is none', () => checkHover("select * from {{ ref('no$0pe') }}", ["depends on a node named 'nope' which was not found"]))

hover('a source', () => checkHover(`
  select * from {{ source('till', 'or$0ders') }}
  //- models/s.yml
  sources:
    - name: till
      schema: raw
      tables: [{name: orders, description: Every order.}]
`, ['"dev"."raw"."orders"', 'a source, never deferred', 'Every order.']))

hover('a macro with its documentation', () => checkHover(`
  select {{ cen$0ts('a') }}
  //- macros/cents.sql
  {% macro cents(column, digits=2) %}{% endmacro %}
  //- macros/cents.yml
  macros:
    - name: cents
      description: To euros.
      arguments: [{name: column, type: string, description: The column}]
`, ['cents(column: string, digits=2)', 'macros/cents.sql', 'To euros.', 'The column']))

hover('what a macro call reads', () => checkHover(`
  select * from {{ late$0st() }}
  //- macros/latest.sql
  {% macro latest() %}{{ ref('users') }}{% endmacro %}
  //- models/users.sql
  select 1
`, ['macro `latest()`', 'reads here', '"dev"."dev_me"."users"', 'reads the current target']))

hover('a builtin says what it is', () => checkHover('select {{ is_incre$0mental() }}', ['is_incremental()', 'incremental model']))
hover('this', () => checkHover("select * from {{ th$0is }}", ['"dev"."dev_me"."test"']))
hover('config keys', () => checkHover("{{ config(unique_k$0ey='id') }} select 1", ['unique_key', 'tell rows apart']))

hover('vars and secrets', async () => {
  await checkHover(`
    select {{ var('st$0art') }}
    //- dbt_project.yml
    name: p
    profile: p
    vars: {start: 7}
  `, ["var('start')", '`7`', 'dbt_project.yml'])
  const shown = await hoverText("select {{ env_var('DBT_ENV_SECRET_X$0') }}", ['not shown'], { env: { DBT_ENV_SECRET_X: 'hunter2' } })
  assert.not.match(shown, /hunter2/)
  const key = await hoverText("select {{ env_var('MY_API_KEY$0') }}", ['not shown'], { env: { MY_API_KEY: 'hunter2' } })
  for (const name of ['DBT_PASS', 'PGPASSWORD', 'SNOWFLAKE_PRIVATE_KEY_PASSPHRASE', 'GITHUB_PAT', 'DB_PWD', 'AWS_ACCESS_KEY_ID', 'AZURE_STORAGE_ACCOUNT_KEY']) await hoverText(`select {{ env_var('${name}$0') }}`, ['not shown'], { env: { [name]: 'hunter2' } })
  for (const name of ['PWD', 'DBT_PATH', 'PATTERN', 'PASSENGERS', 'AUTHOR']) await hoverText(`select {{ env_var('${name}$0') }}`, ['hunter2'], { env: { [name]: 'hunter2' } })
  assert.not.match(key, /hunter2/)
})

hover('a doc in YAML', () => checkHover(`
  //- models/m.yml
  models:
    - name: test
      description: "{{ doc('abo$0ut') }}"
  //- models/about.md
  {% docs about %}All about it.{% enddocs %}
  //- models/test.sql
  select 1
`, ['All about it.']))

hover('names in YAML', async () => {
  await checkHover(`
    //- models/m.yml
    models:
      - name: te$0st
        description: The test.
    //- models/test.sql
    select 1
  `, ['model `test`', 'The test.'])
  await checkHover(`
    //- models/m.yml
    models:
      - name: test
        config:
          materia$0lized: table
    //- models/test.sql
    select 1
  `, ['materialized', 'How the model is built'])
})

hover('ephemeral', () => checkHover(`
  select * from {{ ref('e$0ph') }}
  //- models/eph.sql
  {{ config(materialized='ephemeral') }} select 1
`, ['inlined as a CTE']))

hover('an emoji before a ref', () => checkHover(`
  select '🎉🎉' from {{ ref('us$0ers') }}
  //- models/users.sql
  select 1
`, ['"dev"."dev_me"."users"']))

hover('before evaluation it says that it is incomplete', () => checkHover(`
  select * from {{ ref('us$0ers') }}
  //- models/users.sql
  select 1
`, ['still being read'], { literal: true }))

hover('nothing on SQL', () => checkHover('sel$0ect 1', []))

hover.run()
