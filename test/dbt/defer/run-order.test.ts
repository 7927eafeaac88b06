// The order in which dbt 1.12 ran `dbt build --threads 1 --select +customers --exclude stg_products` of the demo (run_results.json), and its graph.

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { runOrder } from '../../../server/dbt/defer/run-order.ts'
import type { GraphEdges, GraphMember } from '../../../server/dbt/graph/select-edges.ts'

const GRAPH = `
  model.orders < model.stg_orders model.order_totals model.stg_customers
  model.best_sellers < model.stg_order_lines model.stg_products
  model.customers < model.stg_customers model.orders snapshot.customer_history
  model.daily_sales < model.orders
  model.order_totals < model.stg_order_lines model.stg_products
  model.stg_products < seed.products
  model.stg_order_lines < source.till.order_lines
  model.stg_customers < source.till.customers
  model.stg_orders < source.till.orders
  snapshot.customer_history < model.stg_customers
  test.no_negative_totals < model.orders
  seed.products
  test.unique_orders_order_id < model.orders
  test.relationships_orders_customer_id__customer_id__ref_customers_ < model.customers model.orders
  test.unique_customers_customer_id < model.customers
  test.not_null_customers_customer_id < model.customers
  test.unique_stg_orders_order_id < model.stg_orders
  test.not_null_stg_orders_order_id < model.stg_orders
  test.unique_stg_customers_customer_id < model.stg_customers
  test.source_unique_till_orders_order_id < source.till.orders
  test.source_not_null_till_orders_order_id < source.till.orders
  source.till.orders
  source.till.order_lines
  source.till.customers
`
const RAN = `
  model.stg_customers
  model.stg_order_lines
  seed.products
  test.source_not_null_till_orders_order_id
  test.source_unique_till_orders_order_id
  test.unique_stg_customers_customer_id
  model.stg_orders
  snapshot.customer_history
  test.not_null_stg_orders_order_id
  test.unique_stg_orders_order_id
  model.orders
  test.no_negative_totals
  test.unique_orders_order_id
  model.customers
  test.not_null_customers_customer_id
  test.relationships_orders_customer_id__customer_id__ref_customers_
  test.unique_customers_customer_id
`
const EPHEMERAL = 'model.order_totals'

const words = (text: string) => text.split('\n').map((line) => line.trim()).filter(Boolean)

function edgesOf(text: string): GraphEdges {
  const parents = new Map(words(text).map((line) => { const [id = '', above = ''] = line.split(' < '); return [id, above.split(' ').filter(Boolean)] as const }))
  const members = new Map(Array.from(parents.keys(), (id) => {
    const type = id.slice(0, id.indexOf('.'))
    return [id, (type === 'source' || type === 'unit_test' ? { resource_type: type } : { resource_type: type, raw_code: '' }) as unknown as GraphMember] as const
  }))
  return { members, parents: (id) => parents.get(id) ?? [], children: (id) => [...parents].flatMap(([child, above]) => (above.includes(id) ? [child] : [])) }
}

const order = suite('the order of a run')

order('a build waits for the tests of what is above', () => {
  const selected = [...words(RAN), EPHEMERAL]
  for (const given of [selected, selected.toReversed(), selected.toSorted()]) assert.equal(runOrder(given, edgesOf(GRAPH), 'build').filter((id) => id !== EPHEMERAL), words(RAN))
})

order('a run has no tests to wait for, and ways lead through what is left out', () => {
  assert.equal(runOrder(['model.orders', 'model.daily_sales', 'seed.products', 'model.customers'], edgesOf(GRAPH), 'run'), ['seed.products', 'model.orders', 'model.customers', 'model.daily_sales'])
})

order('tests go by their ids', () => {
  const tests = words(RAN).filter((id) => id.startsWith('test.'))
  assert.equal(runOrder(tests.toReversed(), edgesOf(GRAPH), 'test'), tests.toSorted())
})

order('a unit test goes with its model in a build', () => {
  const edges = edgesOf(`${GRAPH}\nunit_test.orders.a < model.orders\nunit_test.daily.b < model.daily_sales`)
  assert.equal(runOrder(['model.orders', 'unit_test.orders.a', 'model.customers'], edges, 'build'), ['unit_test.orders.a', 'model.orders', 'model.customers'])
})

order('a cycle ends', () => assert.equal(runOrder(['model.b', 'model.a', 'model.c'], edgesOf('model.a < model.b\nmodel.b < model.a\nmodel.c'), 'run'), ['model.c', 'model.a', 'model.b']))

order.run()
