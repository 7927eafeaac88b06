// `plan`: what a run would do, what it would do otherwise, in each form.

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { cli } from '../support/cli.ts'

const plans = suite('plan')

const SHOP = `
  //- models/stg_orders.sql
  select * from {{ source('till', 'sales') }}
  //- models/orders.sql
  {{ config(materialized='incremental') }} select * from {{ ref('stg_orders') }} join {{ ref('rates') }} using (id) join {{ ref('fresh') }} using (id)
  //- models/rates.sql
  {{ config(materialized='ephemeral') }} select 2 as id
  //- models/fresh.sql
  select 3 as id
  //- models/m.yml
  sources: [{name: till, tables: [{name: sales}]}]
  models: [{name: orders, columns: [{name: id, data_tests: [not_null]}]}]
  //- prod
  model stg_orders prod.core.stg_orders at models/stg_orders.sql
  model orders prod.core.orders at models/orders.sql as incremental
  //- dev
  dev_me.stg_orders view
`

plans('built, read, missing, tested, and the command line', async () => {
  const { code, out } = await cli(SHOP, 'plan -s orders --command build')
  assert.is(code, 0)
  assert.match(out, /builds 1\n +model\.p\.orders +incremental +"dev"\."dev_me"\."orders" +from scratch\n/)
  assert.match(out, /tests 1\n +test\.p\.not_null_orders_id\.\S+ +dev "dev"\."dev_me"\."orders"\n/)
  assert.match(out, /reads from outside 2\n +model\.p\.orders +model\.p\.stg_orders +dev +"dev"\."dev_me"\."stg_orders" +it exists in the current target\n/)
  assert.match(out, /missing 1\n +model\.p\.orders +model\.p\.fresh +dev +"dev"\."dev_me"\."fresh" +is missing\n/)
  assert.match(out, /\ndbt build --select orders --defer --state state\n$/)
})

plans('what dbt refuses stands first, and exposures read nothing', async () => {
  const shop = `${SHOP.replace("{{ ref('fresh') }} using", "{{ ref('fresher') }} using")}
  //- models/e.yml
  exposures: [{name: board, type: dashboard, owner: {name: me}, depends_on: ["ref('stg_orders')"]}]
`
  const { code, out } = await cli(shop, "plan -s orders exposure:board --command build --fail-on error")
  assert.is(code, 1)
  assert.match(out, /^refused 1: dbt runs nothing until these are mended\n +model\.p\.orders +Model 'model\.p\.orders' \(models\/orders\.sql\) depends on a node named 'fresher' which was not found\n/)
  assert.not.match(out, /exposure\.p\.board/)
  assert.match((await cli(shop, 'plan -s orders --output markdown')).out, /0 unknown, \*\*1 refused\*\*[\s\S]*\*\*Refused: dbt runs nothing until these are mended\*\* \(1\)\n- `model\.p\.orders`: Model/)
})

plans('a relation of another type is replaced', async () => {
  const shop = SHOP.replace("select * from {{ source('till', 'sales') }}", "{{ config(materialized='table') }} select 1")
  assert.match((await cli(shop, 'plan -s stg_orders')).out, /model\.p\.stg_orders +table +\S+ +replaces a view/)
})

plans('state: in the selection needs --state on the command line even without defer', async () => {
  assert.match((await cli(SHOP, "plan -s state:modified --no-defer --state state")).out, /\ndbt run --select state:modified --state state\n$/)
})

const CHANGED = `
  //- macros/cents.sql
  {% macro cents(x) %}\`{{ x }}\`{% endmacro %}
  //- models/a.sql
  select 1
  from t
  //- models/b.sql
  select {{ cents('y') }}
  //- .dbt-defer-ls.yml
  state: s
  //- s/manifest.json
  {"metadata": {"dbt_schema_version": "https://schemas.getdbt.com/dbt/manifest/v12.json", "dbt_version": "1.12.6", "adapter_type": "duckdb", "project_name": "p"},
    "macros": {"macro.p.cents": {"unique_id": "macro.p.cents", "name": "cents", "package_name": "p", "macro_sql": "{% macro cents(x) %}{{ x }}{% endmacro %}", "depends_on": {"macros": []}}},
    "nodes": {"model.p.a": {"unique_id": "model.p.a", "name": "a", "resource_type": "model", "package_name": "p", "fqn": ["p", "a"], "raw_code": "select 0\\nfrom t", "alias": "a", "schema": "x", "database": "prod", "config": {"materialized": "view"}, "unrendered_config": {}, "access": "protected", "columns": {}, "contract": {"enforced": false}},
      "model.p.b": {"unique_id": "model.p.b", "name": "b", "resource_type": "model", "package_name": "p", "fqn": ["p", "b"], "raw_code": "select {{ cents('y') }}", "alias": "b", "schema": "x", "database": "prod", "config": {"materialized": "view"}, "unrendered_config": {}, "access": "protected", "columns": {}, "contract": {"enforced": false}}}}
`

plans('what is modified, with the lines that differ', async () => {
  const text = (await cli(CHANGED, 'plan -s state:modified')).out
  assert.ok(text.startsWith(`modified 2
  model.p.a  .body
    - the file's text changed
      @@ 1 → 1 @@
      -select 0
      +select 1
       from t
  model.p.b  .macros: macro.p.cents
    - macro.p.cents changed
      @@ 1 → 1 @@
      -{% macro cents(x) %}{{ x }}{% endmacro %}
      +{% macro cents(x) %}\`{{ x }}\`{% endmacro %}
`), text)
  assert.ok((await cli(CHANGED, 'plan -s state:modified --output markdown')).out.includes('**Differences** (2)\n\n`model.p.a`\n```diff\n@@ 1 → 1 @@\n-select 0\n+select 1\n from t\n```\n\n`macro.p.cents`\n```diff\n'))
  const { modified } = JSON.parse((await cli(CHANGED, 'plan -s state:modified --output json')).out) as { modified: { unique_id: string; reasons: { what: string; old: string }[] }[] }
  assert.equal(modified.map((each) => [each.unique_id, each.reasons[0]?.what, each.reasons[0]?.old]), [['model.p.a', 'body', 'select 0\nfrom t'], ['model.p.b', 'macros', '{% macro cents(x) %}{{ x }}{% endmacro %}']])
})

plans('explain shows the same of one node', async () => {
  assert.match((await cli(CHANGED, 'explain model.p.a')).out, /modified:\n- the file's text changed\n {2}@@ 1 → 1 @@\n {2}-select 0\n {2}\+select 1\n {3}from t\n/)
})

plans('what if: each assumption, and what it changes', async () => {
  const against = async (words: string) => (await cli(SHOP, `plan -s orders --against ${words}`)).out.split(/^with .*$/m)[1] ?? ''
  assert.match(await against('favor-state'), /reads elsewhere 1\n +model\.p\.orders +model\.p\.stg_orders +dev +"dev"\."dev_me"\."stg_orders" +→ +prod +"prod"\."core"\."stg_orders"\n/)
  assert.match(await against('drop=stg_orders'), /reads elsewhere 1\n +model\.p\.orders +model\.p\.stg_orders +dev .* → +prod /)
  assert.match(await against('add=fresh'), /builds 1 more\n +model\.p\.fresh\n(.*\n)*missing 1 less\n(.*\n)*\ndbt run --select orders fresh --defer/)
  assert.match(await against('drop=stg_orders no-defer'), /missing 1 more\n +model\.p\.orders +model\.p\.stg_orders +dev/)
  assert.match(await against('add=stg_orders drop=stg_orders'), /builds 1 more/)
  assert.not.match(await against('add=stg_orders drop=stg_orders'), /→ +prod/)
})

plans('another state directory', async () => {
  const shop = `${SHOP}
  //- other/manifest.json
  {"metadata": {"dbt_schema_version": "https://schemas.getdbt.com/dbt/manifest/v12.json", "project_name": "p"}, "nodes": {"model.p.fresh": {"unique_id": "model.p.fresh", "resource_type": "model", "name": "fresh", "package_name": "p", "database": "prod", "schema": "two", "alias": "fresh", "config": {"materialized": "table"}, "fqn": ["p", "fresh"]}}}
`
  const { out } = await cli(shop, 'plan -s orders --against state=other')
  assert.match(out, /with state=other\n(.*\n)*reads elsewhere 1\n +model\.p\.orders +model\.p\.fresh +dev .* → +prod +"prod"\."two"\."fresh"\n(.*\n)*\ndbt run --select orders --defer --state other\n$/)
  const { code, err } = await cli(shop, 'plan -s orders --against state=nowhere')
  assert.is(code, 2)
  assert.match(err, /nowhere/)
})

plans('wrong assumptions are refused', async () => {
  assert.match((await cli(SHOP, 'plan -s orders --against faster')).err, /--against takes defer, .*not faster/)
  assert.match((await cli(SHOP, 'plan -s orders --against drop=nobody')).err, /nothing called nobody/)
  assert.is((await cli(SHOP, 'plan -s orders --output xml')).code, 2)
})

plans('as JSON and as Markdown', async () => {
  const made = JSON.parse((await cli(SHOP, 'plan -s orders --output json --against favor-state')).out) as { nodes: { unique_id: string; replaces: null }[]; against: { reads: { before: { kind: string }; after: { kind: string } }[] } }
  assert.equal([made.nodes.map((node) => node.unique_id), made.against.reads.map((each) => [each.before.kind, each.after.kind])], [['model.p.orders'], [['dev', 'prod']]])
  const { out } = await cli(SHOP, 'plan -s orders --command build --output markdown')
  assert.match(out, /^### 1 built, 1 tests, 0 deferred, 1 missing, 0 unknown\n\n`dbt build --select orders --defer --state state`\n/)
  assert.match(out, /\*\*Modified, and why\*\* \(\d+\)\n- /)
  assert.match(out, /- `model\.p\.fresh`: new: not in the state/)
  assert.match(out, /\*\*Risky\*\* \(\d+\)\n- `model\.p\.orders` is built from scratch/)
})

plans.run()
