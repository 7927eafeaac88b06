// Property files as an editor asks of them: completion, definition, hover and references at every kind of place, one line each.

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { completion } from '../../server/ide/completion.ts'
import { definition } from '../../server/ide/definition.ts'
import { hover } from '../../server/ide/hover.ts'
import { references } from '../../server/ide/references.ts'
import { snapshotOf } from '../support/snapshot.ts'

const x = suite('YAML in the editor')

const BASE = `
  //- dbt_project.yml
  name: p
  version: 1.0.0
  profile: p
  //- profiles.yml
  p: {target: dev, outputs: {dev: {type: duckdb, path: dev.duckdb, schema: main}}}
  //- models/orders.sql
  select 1 as id
  //- models/customers.sql
  select * from {{ ref('orders') }}
  //- seeds/codes.csv
  id
  //- macros/h.sql
  {% macro cents(column, digits=2) %}{{ column }}{% endmacro %}
  {% test positive(model, column_name, floor=0) %}select 1{% endtest %}
  //- models/base.yml
  models:
    - name: orders
      description: all orders
      config: {group: finance}
      columns: [{name: id, description: the id}, {name: total}]
  sources: [{name: till, description: the till, tables: [{name: raw_orders, columns: [{name: oid}]}]}]
  groups: [{name: finance, owner: {name: me}}]
  semantic_models:
    - name: sm
      model: ref('orders')
      defaults: {agg_time_dimension: at}
      entities: [{name: id, type: primary}]
      dimensions: [{name: at, type: time, type_params: {time_granularity: day}}]
      measures: [{name: total_sum, agg: sum, expr: total}]
  metrics: [{name: revenue, label: R, type: simple, type_params: {measure: total_sum}}]
`

interface Wanted {
  /** Labels that are offered, in any order; others may be there too unless `only`. */
  readonly offers?: string
  readonly only?: boolean
  /** File of the definition. */
  readonly to?: string
  /** A piece of the hover. */
  readonly says?: string
  /** At least so many places. */
  readonly uses?: number
}

function at(name: string, text: string, wanted: Wanted): void {
  x(name, async () => {
    const { snapshot, path, offset } = await snapshotOf(`${BASE}\n  //- models/z.yml\n${text.replace(/^(?=.)/gm, '  ')}`)
    const labels = completion(snapshot, path, offset).items.map((each) => each.label)
    const offers = wanted.offers?.split(' ') ?? []
    if (wanted.only) assert.equal(labels.toSorted(), offers.toSorted())
    else assert.equal(offers.filter((each) => !labels.includes(each)), [])
    if (wanted.to !== undefined) assert.ok(definition(snapshot, path, offset).some((each) => each.target.path === `/p/${wanted.to ?? ''}`), 'definition')
    if (wanted.says !== undefined) assert.ok(hover(snapshot, path, offset)?.text.includes(wanted.says), `hover: ${hover(snapshot, path, offset)?.text ?? ''}`)
    if (wanted.uses !== undefined) assert.ok(references(snapshot, path, offset, { declaration: true }).length >= wanted.uses, 'references')
  })
}

const ORDERS: Wanted = { offers: 'orders', to: 'models/orders.sql', says: '"main"."orders"', uses: 4 }
const EXPOSURE = 'exposures:\n  - name: e\n    type: dashboard\n    owner: {name: me}\n    depends_on:\n'
const COLUMN_TEST = 'models:\n  - name: customers\n    columns:\n      - name: id\n        data_tests:\n'

at('ref of an exposure', `${EXPOSURE}      - ref('ord$0ers')\n`, ORDERS)
at('source of an exposure', `${EXPOSURE}      - source('till', 'raw$0_orders')\n`, { offers: 'raw_orders', to: 'models/base.yml', says: 'the till', uses: 2 })
at('metric of an exposure', `${EXPOSURE}      - metric('rev$0enue')\n`, { to: 'models/base.yml', says: 'metric `revenue`' })
at('type of an exposure', 'exposures:\n  - name: e\n    type: $0\n', { offers: 'dashboard notebook analysis ml application', only: true })
at('owner of an exposure', 'exposures:\n  - name: e\n    owner:\n      $0\n', { offers: 'name email', only: true })
at('model of a semantic model', "semantic_models:\n  - name: s2\n    model: ref('ord$0ers')\n", ORDERS)
at('keys of a semantic model', 'semantic_models:\n  - name: s2\n    $0\n', { offers: 'model entities dimensions measures defaults' })
at('type of an entity', 'semantic_models:\n  - name: s2\n    entities:\n      - name: id\n        type: $0\n', { offers: 'primary unique foreign natural', only: true })
at('aggregation of a measure', 'semantic_models:\n  - name: s2\n    measures:\n      - name: x\n        agg: $0\n', { offers: 'sum count count_distinct average' })
at('measure of a metric', 'metrics:\n  - name: m2\n    type: simple\n    type_params:\n      measure: tot$0al_sum\n', { offers: 'total_sum', to: 'models/base.yml', says: 'of semantic model sm: sum' })
at('type of a metric', 'metrics:\n  - name: m2\n    type: $0\n', { offers: 'simple ratio derived cumulative conversion', only: true })
at('metric of a saved query', 'saved_queries:\n  - name: q\n    query_params:\n      metrics:\n        - rev$0enue\n', { offers: 'revenue', to: 'models/base.yml', says: 'metric `revenue`' })
at('model of a unit test', 'unit_tests:\n  - name: u\n    model: cust$0omers\n', { offers: 'customers', to: 'models/customers.sql', says: 'model `customers`' })
at('input of a unit test', "unit_tests:\n  - name: u\n    model: customers\n    given:\n      - input: ref('ord$0ers')\n", ORDERS)
at('format of rows', "unit_tests:\n  - name: u\n    model: customers\n    given:\n      - input: ref('orders')\n        format: $0\n", { offers: 'dict csv sql', only: true })
at('expected rows', 'unit_tests:\n  - name: u\n    model: customers\n    expect:\n      $0\n', { offers: 'rows format fixture' })
at('relation of a snapshot', "snapshots:\n  - name: sn\n    relation: ref('ord$0ers')\n", ORDERS)
at('strategy of a snapshot', 'snapshots:\n  - name: sn\n    config:\n      strategy: $0\n', { offers: 'check timestamp', only: true })
at('group in config', 'models:\n  - name: customers\n    config:\n      group: fin$0ance\n', { offers: 'finance', to: 'models/base.yml', says: 'group `finance`' })
at('group of a model', 'models:\n  - name: customers\n    group: fin$0ance\n', { offers: 'finance', to: 'models/base.yml' })
at('access', 'models:\n  - name: customers\n    config:\n      access: $0\n', { offers: 'private protected public', only: true })
at('a test by its name', `${COLUMN_TEST}          - posi$0tive\n`, { offers: 'positive', to: 'macros/h.sql', says: 'test_positive', uses: 2 })
at('a test with arguments', `${COLUMN_TEST}          - posi$0tive:\n              arguments: {floor: 1}\n`, { offers: 'positive', to: 'macros/h.sql', uses: 2 })
at('arguments of a test', `${COLUMN_TEST}          - positive:\n              arguments:\n                $0\n`, { offers: 'floor', only: true })
at('config of a test', `${COLUMN_TEST}          - positive:\n              config:\n                $0\n`, { offers: 'severity where limit warn_if store_failures' })
at('severity', `${COLUMN_TEST}          - positive:\n              config:\n                severity: $0\n`, { offers: 'error warn', only: true })
at('to of relationships', `${COLUMN_TEST}          - relationships:\n              arguments:\n                to: ref('ord$0ers')\n                field: id\n`, ORDERS)
at('type of a constraint', 'models:\n  - name: customers\n    constraints:\n      - type: $0\n', { offers: 'not_null unique primary_key foreign_key check custom', only: true })
at('to of a foreign key', "models:\n  - name: customers\n    constraints:\n      - type: foreign_key\n        columns: [id]\n        to: ref('ord$0ers')\n        to_columns: [id]\n", ORDERS)
at('columns that are known', 'models:\n  - name: customers\n    columns: [{name: other}]\n  - name: orders\n    columns:\n      - name: $0\n', { offers: 'id total', only: true })
at('keys of a column', 'models:\n  - name: orders\n    columns:\n      - name: total\n        $0\n', { offers: 'description data_type data_tests constraints quote config granularity policy_tags' })
at('names of sources', 'sources:\n  - name: ti$0ll\n', { offers: 'till', to: 'models/base.yml', says: 'the till' })
at('table of a source', 'sources:\n  - name: till\n    tables:\n      - name: raw$0_orders\n', { to: 'models/base.yml', says: 'till.raw_orders' })
at('keys of a source', 'sources:\n  - name: x\n    $0\n', { offers: 'tables schema database config quoting' })
at('period of freshness', 'sources:\n  - name: x\n    config:\n      freshness:\n        warn_after:\n          count: 1\n          period: $0\n', { offers: 'minute hour day', only: true })
at('a macro', 'macros:\n  - name: ce$0nts\n', { offers: 'cents', to: 'macros/h.sql', says: 'cents(column, digits=2)' })
at('arguments of a macro', 'macros:\n  - name: cents\n    arguments:\n      - name: $0\n', { offers: 'column digits', only: true })
at('a seed', 'seeds:\n  - name: co$0des\n', { offers: 'codes', to: 'seeds/codes.csv', says: 'seed `codes`' })
at('config of a seed', 'seeds:\n  - name: codes\n    config:\n      $0\n', { offers: 'quote_columns delimiter column_types' })
at('a key of config says what it means', 'models:\n  - name: customers\n    config:\n      mater$0ialized: table\n', { says: 'How the model is built' })
at('a property says what it means', 'models:\n  - name: customers\n    descri$0ption: x\n', { says: 'description' })
at('keys of a version', 'models:\n  - name: customers\n    versions:\n      - v: 1\n        $0\n', { offers: 'defined_in config columns access' })
at('a time spine', 'models:\n  - name: customers\n    time_spine:\n      $0\n', { offers: 'standard_granularity_column custom_granularities', only: true })
at('column of a time spine', 'models:\n  - name: orders\n    time_spine:\n      standard_granularity_column: $0\n', { offers: 'id total', only: true })
at('a macro in a hook', "models:\n  - name: customers\n    config:\n      pre_hook: \"{{ cen$0ts('a') }}\"\n", { to: 'macros/h.sql', says: 'cents(' })

at('a column', 'models:\n  - name: customers\n    columns:\n      - name: i$0d\n        data_type: int\n        description: The key.\n        data_tests: [unique]\nunit_tests:\n  - name: u\n    model: customers\n    expect: {rows: [{id: 1}]}\n', { to: 'models/z.yml', says: 'column `id` of customers: int\n\nThe key.\n\ntests: unique', uses: 2 })
at('field of relationships', `${COLUMN_TEST}          - relationships: {arguments: {to: ref('orders'), field: to$0tal}}\n`, { to: 'models/base.yml', says: 'column `total` of orders', uses: 2 })
at('column of a row', "unit_tests:\n  - name: u\n    model: customers\n    given:\n      - input: ref('orders')\n        rows: [{to$0tal: 1}]\n", { to: 'models/base.yml', says: 'column `total` of orders' })
at('column of a row in CSV', "unit_tests:\n  - name: u\n    model: customers\n    given:\n      - input: ref('orders')\n        format: csv\n        rows: |\n          id,to$0tal\n          1,2\n", { to: 'models/base.yml', says: 'column `total` of orders' })
at('a dimension', 'semantic_models:\n  - name: s2\n    model: ref(\'orders\')\n    defaults: {agg_time_dimension: d$0ay}\n    dimensions: [{name: day, type: time}]\n', { to: 'models/z.yml', says: 'dimension `day` of semantic model s2: time', uses: 2 })

at('columns of a row', "unit_tests:\n  - name: u\n    model: customers\n    given:\n      - input: ref('orders')\n        rows:\n          - {id: 1, $0}\n", { offers: 'total', only: true })
at('columns of an expected row', "unit_tests:\n  - name: u\n    model: orders\n    expect:\n      rows:\n        - $0\n", { offers: 'id total', only: true })
at('what a unit test replaces', 'unit_tests:\n  - name: u\n    model: orders\n    overrides:\n      macros:\n        $0\n', { offers: 'cents is_incremental' })
at('field of relationships, being typed', `${COLUMN_TEST}          - relationships:\n              arguments:\n                to: ref('orders')\n                field: $0\n`, { offers: 'id total', only: true })
at('unique key', 'models:\n  - name: orders\n    config:\n      unique_key: $0\n', { offers: 'id total', only: true })
at('configuration of an export', 'saved_queries:\n  - name: q\n    exports:\n      - name: e\n        config:\n          $0\n', { offers: 'export_as schema alias database', only: true })
at('what an export becomes', 'saved_queries:\n  - name: q\n    exports:\n      - name: e\n        config:\n          export_as: $0\n', { offers: 'table view', only: true })
at('kind of a function', 'functions:\n  - name: f\n    config:\n      type: $0\n', { offers: 'scalar aggregate table', only: true })

x.run()
