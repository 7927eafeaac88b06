// The node as an object: what generate_*_name macros get as `node` (parser/base.py RelationUpdate). Its text and config() calls have been
// rendered by then, so what they gave is not that of draft-dict.ts.

import { PyFunction, PyObject } from '../../jinja/value.ts'
import type { PyDict, Value } from '../../jinja/value.ts'
import type { Config } from '../nodes/types.ts'
import type { Rules } from '../rules/rules.ts'
import { SELF, bindKnown } from './args.ts'
import { configValue } from './config-object.ts'
import { draftDict, unknownField } from './draft-dict.ts'
import type { NodeDraft } from './types.ts'

/** Attributes, and nothing else; a field dbt knows but nobody set is None. */
export class NodeObject extends PyObject {
  private readonly draft: NodeDraft
  private readonly rules: Pick<Rules, 'jinjaHas'>
  private dict: PyDict | null = null
  constructor(draft: NodeDraft, rules: Pick<Rules, 'jinjaHas'>) {
    super()
    this.draft = draft
    this.rules = rules
  }
  get typeName(): string { return CLASS_NAMES.get(this.draft.resource_type) ?? 'ModelNode' }
  override get qualifiedTypeName(): string { return `dbt.contracts.graph.nodes.${this.typeName}` }
  override truthy(): boolean { return true }
  override getattr(name: string): Value | undefined {
    if (name === 'config') return new ConfigValues(this.draft.config)
    if (name === 'identifier') return this.draft.alias
    if (name === 'is_ephemeral_model' || name === 'is_ephemeral') return this.draft.config.get('materialized') === 'ephemeral'
    if (name === 'latest_version' && this.draft.version === null) return null
    if (RENDERED.has(name) && !this.draft.model.has(name)) return unknownField(name)
    // Most naming macros look at nothing but the name.
    this.dict ??= draftDict(this.draft, this.rules)
    return this.dict.get(name) ?? (NULLABLE.has(name) ? null : undefined)
  }
  override repr(): string { return `<${this.typeName} ${this.draft.unique_id}>` }
}

/** What rendering the text, config() and YAML have given by then, and members of the class that are no fields. */
const RENDERED: ReadonlySet<string> = new Set([
  'refs', 'sources', 'metrics', 'functions', 'depends_on', 'config_call_dict', 'unrendered_config', 'unrendered_config_call_dict', 'contract', 'access', 'docs', 'columns', 'doc_blocks', 'constraints', 'primary_key',
  'compiled', 'compiled_code', 'extra_ctes', 'extra_ctes_injected', 'relation_name', 'patch_path', 'time_spine', 'is_relational', 'is_refable', 'is_versioned', 'is_latest_version', 'search_name', 'should_store_failures',
  'test_node_type', 'test_metadata', 'depends_on_nodes', 'depends_on_macros', 'depends_on_public_nodes', 'file_id', 'empty', 'is_public_node', 'materialization_enforces_constraints', 'all_constraints', 'to_dict', 'same_contents',
  'from_dict', 'quoting_dict', 'is_external_node', 'is_past_deprecation_date', 'use_microbatch_batches', 'freshness', 'latest_version', 'event_time_start', 'batch',
])

const NULLABLE: ReadonlySet<string> = new Set(['group', 'version', 'deprecation_date', 'defer_relation', 'build_path', 'compiled_path', 'database', 'schema'])

/** A node's config as an object: attribute, item and `get`. */
class ConfigValues extends PyObject {
  readonly typeName = 'NodeConfig'
  private readonly config: Config
  constructor(config: Config) { super(); this.config = config }
  override truthy(): boolean { return true }
  override subscriptable(): boolean { return true }
  override getattr(name: string): Value | undefined { return name === 'get' ? configGetter(this.config) : configValue(this.config, name) }
  override getitem(key: Value): Value | undefined { return typeof key === 'string' ? configValue(this.config, key) ?? null : null }
  override contains(key: Value): boolean { return typeof key === 'string' && this.config.has(key) }
}

function configGetter(config: Config): Value {
  return new PyFunction('get', args => {
    const [key, fallback] = bindKnown('BaseConfig.get', [['key'], ['default', null]], args, SELF)
    const found = typeof key === 'string' ? configValue(config, key) : undefined
    return found === undefined ? fallback ?? null : found
  })
}

const CLASS_NAMES: ReadonlyMap<string, string> = new Map([
  ['model', 'ModelNode'], ['seed', 'SeedNode'], ['snapshot', 'SnapshotNode'], ['test', 'SingularTestNode'], ['analysis', 'AnalysisNode'], ['operation', 'HookNode'], ['sql_operation', 'SqlNode'], ['function', 'FunctionNode'],
])
