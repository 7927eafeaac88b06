// The node as an object: what generate_*_name macros get as `node` (parser/base.py RelationUpdate). Its text and config() calls have been
// rendered by then, so what they gave is not that of draft-dict.ts.

import type { PyException } from '../../jinja/errors.ts'
import { strOf } from '../../jinja/repr.ts'
import { PyDict, PyFunction, PyList, PyObject } from '../../jinja/value.ts'
import type { Value } from '../../jinja/value.ts'
import type { Config } from '../nodes/types.ts'
import type { Rules } from '../rules/rules.ts'
import { SELF, bindKnown } from './args.ts'
import { configValue } from './config-object.ts'
import { CAME_LATER, draftDict, unknownField } from './draft-dict.ts'
import { parsingError } from './errors.ts'
import { hiddenMember } from './hidden.ts'
import type { NodeDraft } from './types.ts'
import { isGeneric } from './watched-draft.ts'

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
  get typeName(): string { return classOfNode(this.draft) }
  override get qualifiedTypeName(): string { return `dbt.contracts.graph.nodes.${this.typeName}` }
  override truthy(): boolean { return true }
  override getattr(name: string): Value | undefined {
    const { draft } = this
    const model = draft.resource_type === 'model'
    switch (name) {
      case 'config': return new ConfigValues(draft.config)
      case 'docs': return configValue(draft.config, name) ?? configValue(NO_CONFIG, name)
      case 'contract': return draft.resource_type === 'seed' ? unknownField(name) : configValue(draft.config, name) ?? configValue(NO_CONFIG, name)
      case 'access': return model ? draft.config.get(name) || 'protected' : undefined
      case 'identifier': return draft.alias
      case 'language': return draft.language
      case 'file_id': return `${draft.package_name}://${draft.original_file_path}`
      case 'search_name': return draft.version === null ? draft.name : `${draft.name}.v${strOf(draft.version)}`
      case 'is_versioned': return draft.version !== null
      case 'is_latest_version': return model ? draft.version !== null && draft.version === draft.model.get('latest_version') : undefined
      case 'is_ephemeral_model': case 'is_ephemeral': return draft.config.get('materialized') === 'ephemeral'
      case 'is_relational': case 'is_refable': return REFABLE.has(draft.resource_type)
      case 'test_node_type': return draft.resource_type !== 'test' ? undefined : isGeneric(draft) ? 'generic' : 'singular'
      case 'refs': case 'sources': case 'metrics':
        if (draft.resource_type === 'seed') throw seedRefusal(draft)
        return this.ofDict(name)
      case 'extra_ctes': return new PyList([])
      case 'extra_ctes_injected': case 'empty': return false
      case 'compiled': return draft.resource_type === 'seed' ? undefined : false
      case 'compiled_code': return draft.resource_type === 'seed' ? undefined : null
      case 'group': return draft.model.get(name) ?? null
      case 'patch_path': case 'build_path': return draft.model.get(name) ?? null
      case 'version': return model ? draft.version : undefined
      case 'latest_version': case 'deprecation_date': return model ? draft.model.get(name) ?? null : undefined
      default: return this.ofDict(name)
    }
  }
  private ofDict(name: string): Value | undefined {
    const { draft } = this
    if (RENDERED.has(name) && !draft.model.has(name)) return unknownField(name)
    // Most naming macros look at nothing but the name.
    this.dict ??= draftDict(draft, this.rules)
    return this.dict.get(name) ?? (NULLABLE.has(name) ? null : CAME_LATER.has(name) ? undefined : hiddenMember(name, 'Node', this.typeName))
  }
}

/** SeedNode._disallow_implicit_dependencies: who looks at what a seed refers to is refused. */
function seedRefusal({ unique_id, config }: NodeDraft): PyException {
  const hooks = ['pre-hook', 'post-hook'].flatMap((key) => {
    const listed = config.get(key)
    return listed instanceof PyList ? listed.items.map((hook) => `- ${key.replace('-', '_')}: "${hook instanceof PyDict ? strOf(hook.get('sql') ?? null) : strOf(hook)}"`) : []
  })
  return parsingError(`\nSeeds cannot depend on other nodes. dbt detected a seed with a pre- or post-hook\nthat calls 'ref', 'source', or 'metric', either directly or indirectly via other macros.\n\nError raised for '${unique_id}', which has these hooks defined: \n${hooks.join('\n')}`)
}

export function classOfNode(draft: NodeDraft): string { return draft.testKwargs ? 'GenericTestNode' : CLASS_NAMES.get(draft.resource_type) ?? 'ModelNode' }

const NO_CONFIG: Config = new Map([['docs', new PyDict()], ['contract', new PyDict()]])

const REFABLE: ReadonlySet<string> = new Set(['model', 'seed', 'snapshot'])

/** What rendering the text has given by then, and members of the class that are no fields. */
const RENDERED: ReadonlySet<string> = new Set([
  'refs', 'sources', 'metrics', 'functions', 'depends_on', 'config_call_dict', 'unrendered_config', 'unrendered_config_call_dict', 'relation_name', 'time_spine', 'should_store_failures', 'test_metadata',
  'depends_on_nodes', 'depends_on_macros', 'depends_on_public_nodes', 'materialization_enforces_constraints', 'all_constraints', 'to_dict', 'same_contents', 'from_dict', 'quoting_dict', 'is_external_node', 'is_past_deprecation_date',
  'use_microbatch_batches', 'freshness', 'event_time_start', 'batch',
])

const NULLABLE: ReadonlySet<string> = new Set(['defer_relation', 'compiled_path', 'database', 'schema'])

/** A node's config as an object: attribute, item and `get`. */
export class ConfigValues extends PyObject {
  readonly typeName = 'NodeConfig'
  private readonly config: Config
  constructor(config: Config) { super(); this.config = config }
  override truthy(): boolean { return true }
  override subscriptable(): boolean { return true }
  override getattr(name: string): Value | undefined {
    if (name === 'get') return configGetter(this.config)
    const value = configValue(this.config, name)
    return value !== undefined ? value : METHODS.has(name) ? hiddenMember(name, 'NodeConfig') : null
  }
  override getitem(key: Value): Value | undefined { return typeof key === 'string' ? configValue(this.config, key) ?? null : null }
  override contains(key: Value): boolean { return typeof key === 'string' && this.config.has(key) }
}

/** Whatever else jinja2 asks for and the class has not, `__getitem__` answers with None. */
const METHODS: ReadonlySet<string> = new Set([
  'ADDITIONAL_PROPERTIES', 'Config', 'extra', 'field_mapping', 'final_validate', 'finalize_and_validate', 'from_dict', 'from_dict_msgpack', 'from_msgpack', 'json_schema', 'mergebehavior', 'meta_get', 'replace', 'same_contents', 'to_dict',
  'to_dict_msgpack', 'to_msgpack', 'update_from', 'validate',
])

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
