// `state:modified` of what we read ourselves against a state as dbt writes it: what random edits of real projects found, kept small.

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { cli } from '../../support/cli.ts'
import { snapshotOf } from '../../support/snapshot.ts'

const own = suite('state: our reading against dbt\'s manifest')
const METADATA = '"metadata": {"dbt_schema_version": "https://schemas.getdbt.com/dbt/manifest/v12.json", "dbt_version": "1.12.6", "adapter_type": "duckdb", "project_name": "p"}'

async function withState(template: string) {
  const { snapshot } = await snapshotOf(template.replace("//- .dbt-defer-ls.yml\n", "//- .dbt-defer-ls.yml\n  state: s\n"))
  return { snapshot, inputs: snapshot.evidence.state }
}

own('a semantic model is compared as dbt keeps it: texts of expressions, defaults, no other keys', async () => {
  const { out, err } = await cli(`
  //- models/orders.sql
  select 1 as id
  //- models/m.yml
  semantic_models:
    - name: orders
      model: ref('orders')
      entities: [{name: id, type: primary}]
      dimensions: [{name: at, type: time, expr: 7, type_params: {time_granularity: day}}]
      measures: [{name: n, agg: sum, expr: 1, config: {meta: {a: b}}}, {name: m, agg: count, create_metric: true}]
  //- s/manifest.json
  {${METADATA}, "semantic_models": {"semantic_model.p.orders": {"name": "orders", "resource_type": "semantic_model", "package_name": "p", "unique_id": "semantic_model.p.orders", "fqn": ["p", "orders"], "model": "ref('orders')", "description": null, "label": null, "defaults": null, "primary_entity": null, "group": null,
    "entities": [{"name": "id", "type": "primary", "description": null, "label": null, "role": null, "expr": null, "config": {"meta": {}}}],
    "dimensions": [{"name": "at", "type": "time", "description": null, "label": null, "is_partition": false, "type_params": {"time_granularity": "day", "validity_params": null}, "expr": "7", "metadata": null, "config": {"meta": {}}, "datatype": null}],
    "measures": [{"name": "n", "agg": "sum", "description": null, "label": null, "create_metric": false, "expr": "1", "agg_params": null, "non_additive_dimension": null, "agg_time_dimension": null, "config": {"meta": {"a": "b"}}}, {"name": "m", "agg": "count", "description": null, "label": null, "create_metric": false, "expr": null, "config": {"meta": {}}}],
    "config": {"enabled": true, "group": null, "meta": {}}, "unrendered_config": {}}}}
`, 'ls -s state:modified --resource-type semantic_model --state s')
  assert.is(out, '', err)
})

own('the text of a file\'s last macro ends where the stripped file ends', async () => {
  const { out, err } = await cli(`
  //- models/a.sql
  select {{ cents('x') }}
  //- macros/cents.sql
  {% macro cents(column) -%} {{ column }} {%- endmacro -%}
  //- s/manifest.json
  {${METADATA}, "nodes": {}, "macros": {"macro.p.cents": {"unique_id": "macro.p.cents", "name": "cents", "package_name": "p", "macro_sql": "{% macro cents(column) -%} {{ column }} {%- endmacro -%}", "depends_on": {"macros": []}}}}
`, 'ls -s state:modified.macros --state s')
  assert.is(out, '', err)
})

own('dbt 2 sees less: what it will miss is said, and not selected', async () => {
  const project = (rules: string) => `
  //- models/a.sql
  select  1
  //- .dbt-defer-ls.yml
  rules: '${rules}'
  //- s/manifest.json
  {${METADATA}, "nodes": {"model.p.a": {"unique_id": "model.p.a", "name": "a", "resource_type": "model", "package_name": "p", "fqn": ["p", "a"], "raw_code": "select 1", "alias": "a", "schema": "x", "database": "prod", "config": {"materialized": "view"}, "unrendered_config": {}, "access": "protected", "columns": {}, "contract": {"enforced": false}}}}
`
  assert.is((await cli(project('1.12'), 'ls -s state:modified --state s')).out, 'p.a\n')
  assert.is((await cli(project('2'), 'ls -s state:modified --state s')).out, '')
  const { snapshot, inputs } = await withState(project('2'))
  assert.ok(inputs)
  assert.equal(snapshot.comparison()?.reasons('model.p.a').map((each) => [each.what, each.counts, each.message]), [['body', false, "the file's text changed; dbt 2 does not see this"]])
})

own.run()
