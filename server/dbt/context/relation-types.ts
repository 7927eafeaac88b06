// What a relation may be, adapter by adapter, and dbt's refusal of anything else: BaseRelation.from_dict through mashumaro.
// Rules: `type:` and `get_relation_type` of each adapter's Relation, as dbt 1.12 installs it.

import { PyException } from '../../jinja/errors.ts'
import { reprOf, strOf } from '../../jinja/repr.ts'
import { PyObject } from '../../jinja/value.ts'
import type { CallArgs, Value } from '../../jinja/value.ts'
import type { Adapter } from '../adapters/types.ts'

type Types = readonly (readonly [attribute: string, value: string])[]

/** Those of dbt itself, which every Relation class has as attributes (but `Ephemeral`), whatever its adapter knows. */
export const RELATION_TYPES: Types = [
  ['Table', 'table'], ['View', 'view'], ['CTE', 'cte'], ['MaterializedView', 'materialized_view'], ['Ephemeral', 'ephemeral'], ['External', 'external'],
  ['PointerTable', 'pointer_table'], ['Function', 'function'],
]

interface OwnTypes { readonly name: string; readonly types: Types; /** ClickHouse's `get_relation_type` is dbt's own. */ readonly hidden?: true }

const OWN: ReadonlyMap<string, OwnTypes> = new Map<string, OwnTypes>([
  ['snowflake', { name: 'SnowflakeRelationType', types: [['Table', 'table'], ['View', 'view'], ['CTE', 'cte'], ['External', 'external'], ['DynamicTable', 'dynamic_table'], ['InteractiveTable', 'interactive_table'], ['Function', 'function']] }],
  ['databricks', { name: 'DatabricksRelationType', types: [['Table', 'table'], ['View', 'view'], ['CTE', 'cte'], ['MaterializedView', 'materialized_view'], ['Foreign', 'foreign'], ['StreamingTable', 'streaming_table'], ['MetricView', 'metric_view'], ['Function', 'function'], ['Unknown', 'unknown']] }],
  ['clickhouse', { name: 'ClickHouseRelationType', hidden: true, types: [['Table', 'table'], ['View', 'view'], ['CTE', 'cte'], ['MaterializedView', 'materialized_view'], ['External', 'external'], ['Ephemeral', 'ephemeral'], ['Dictionary', 'dictionary']] }],
  ['sqlserver', { name: 'SQLServerRelationType', types: [['Table', 'table'], ['View', 'view'], ['CTE', 'cte'], ['Function', 'function']] }],
  ['fabric', { name: 'FabricRelationType', types: [['Table', 'table'], ['View', 'view'], ['Ephemeral', 'ephemeral'], ['CTE', 'cte'], ['Function', 'function']] }],
])

const BASE: OwnTypes = { name: 'RelationType', types: RELATION_TYPES }

/** The `type` of a relation that is made; dbt's refusal of what the adapter does not know. Of adapters unknown to us anything passes. */
export function relationType(adapter: Adapter, className: string, value: Value): string | null {
  if (value === null) return null
  const { name, types } = OWN.get(adapter.type) ?? BASE
  if (adapter.known && !types.some(([, known]) => known === value)) throw new PyException('InvalidFieldValue', `Field "type" of type Optional[${name}] in ${className} has invalid value ${reprOf(value)}`)
  return strOf(value)
}

/** `get_relation_type`: the enumeration, a class. */
export class RelationTypes extends PyObject {
  readonly typeName = 'EnumType'
  override callable(): boolean { return true }
  override call({ args }: CallArgs): Value {
    const [value] = args
    if (value === undefined) throw new PyException('TypeError', "EnumType.__call__() missing 1 required positional argument: 'value'")
    if (this.of.types.some(([, known]) => known === value)) return value
    throw new PyException('ValueError', `${reprOf(value)} is not a valid ${this.of.name}`)
  }
  private readonly of: OwnTypes
  constructor(adapter: Adapter) { super(); const own = OWN.get(adapter.type); this.of = own && own.hidden !== true ? own : BASE }
  override truthy(): boolean { return true }
  override getattr(name: string): Value | undefined { return this.of.types.find(([attribute]) => attribute === name)?.[1] }
  override repr(): string { return `<enum '${this.of.name}'>` }
}
