// Makes the demo's warehouse, dev.duckdb beside this file: what the tills sent, production in full, and a half-built dev.
// It builds from the compiled SQL in prod/manifest.json, so that the relations are the ones that dbt names.
// DuckDB is an optional dependency: without it this ends with a message and the demo shows its refs as unknown.

import { existsSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

interface StateNode {
  readonly unique_id: string
  readonly resource_type: string
  readonly relation_name: string | null
  readonly schema: string
  readonly original_file_path: string
  readonly compiled_code?: string | null
  readonly config: { readonly materialized: string }
  readonly depends_on: { readonly nodes?: readonly string[] }
}

/** Built in dev as well; every other ref of the demo goes to production under --defer. */
const IN_DEV = ['model.bakery.stg_orders', 'model.bakery.stg_customers', 'model.bakery.orders']

const TILL = [
  `create schema till`,
  `create table till.orders as select * from (values
    (1, 1, 1, timestamp '2025-03-02 08:00:00', 300), (2, 2, 1, timestamp '2025-03-02 09:10:00', 1240),
    (3, 1, 2, timestamp '2025-03-03 07:50:00', 160)) as t (order_id, customer_id, shop_id, ordered_at, total_cents)`,
  `create table till.order_lines as select * from (values
    (1, 'BAG', 1), (1, 'CRO', 1), (2, 'RYE', 2), (2, 'TAR', 1), (3, 'CRO', 1)) as t (order_id, product_code, quantity)`,
  `create table till.customers as select * from (values (1, 'Ana', 'Ghent'), (2, 'Bo', 'Oslo')) as t (customer_id, name, city)`,
]

const here = dirname(fileURLToPath(import.meta.url))
const file = join(here, 'dev.duckdb')

const duckdb = await import('@duckdb/node-api').catch(() => null)
if (!duckdb) {
  process.stderr.write('@duckdb/node-api is not installed: no warehouse made, what exists in dev stays unknown\n')
} else {
  for (const old of [file, `${file}.wal`]) if (existsSync(old)) rmSync(old)
  const instance = await duckdb.DuckDBInstance.create(file)
  const connection = await instance.connect()
  for (const statement of [...TILL, ...production(), ...dev()]) await connection.run(statement)
  connection.closeSync()
  instance.closeSync()
  process.stderr.write(`made ${file}\n`)
}

function production(): string[] {
  const nodes = inOrder()
  return [...schemas(nodes), ...nodes.map((node) => create(node, node.relation_name ?? ''))]
}

/** Each dev relation reads production's, as after a `dbt run --defer` of just these models. */
function dev(): string[] {
  const nodes = inOrder().filter((node) => IN_DEV.includes(node.unique_id)).map((node) => ({ ...node, schema: asDev(node.schema) }))
  return [...schemas(nodes), ...nodes.map((node) => create(node, asDev(node.relation_name ?? '')))]
}

function asDev(name: string): string {
  return name.replace('prod', 'dev')
}

function schemas(nodes: readonly StateNode[]): string[] {
  return [...new Set(nodes.map((node) => node.schema))].map((schema) => `create schema if not exists "${schema}"`)
}

function create(node: StateNode, relation: string): string {
  if (node.resource_type === 'seed') return `create table ${relation} as select * from read_csv('${join(here, node.original_file_path)}')`
  return `create ${node.config.materialized === 'view' ? 'view' : 'table'} ${relation} as ${node.compiled_code ?? ''}`
}

/** The nodes that have a relation, each after what it reads. */
function inOrder(): StateNode[] {
  const manifest = JSON.parse(readFileSync(join(here, 'prod', 'manifest.json'), 'utf8')) as { readonly nodes: Record<string, StateNode> }
  const done = new Set<string>()
  const ordered: StateNode[] = []
  const visit = (id: string): void => {
    const node = manifest.nodes[id]
    if (!node || done.has(id)) return
    done.add(id)
    for (const parent of node.depends_on.nodes ?? []) visit(parent)
    if (node.relation_name !== null && ['model', 'seed', 'snapshot'].includes(node.resource_type)) ordered.push(node)
  }
  for (const id of Object.keys(manifest.nodes).sort()) visit(id)
  return ordered
}
