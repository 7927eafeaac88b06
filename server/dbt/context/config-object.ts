// Jinja's `config`: while parsing it collects config() calls and answers nothing, as dbt does; later it looks into the node's finished config.
// Merging the collected calls with other levels is names/'s business. Rules: dbt 1.12 context/providers.py ParseConfigObject, RuntimeConfigObject.

import { PyException } from '../../jinja/errors.ts'
import { strOf } from '../../jinja/repr.ts'
import { typeNameOf } from '../../jinja/types.ts'
import { PyDict, PyFunction, PyList, PyObject } from '../../jinja/value.ts'
import type { CallArgs, CallContext, Value } from '../../jinja/value.ts'
import type { Config } from '../nodes/types.ts'
import { OWN_CONFIG } from '../nodes/unsure.ts'
import { SELF, bindKnown } from './args.ts'
import { compilationError } from './errors.ts'
import { hiddenMember } from './hidden.ts'
import { RecordValue } from './relation.ts'
import { classOf } from './resolvers.ts'
import { originAt, recordUnknown } from './session.ts'
import type { Session } from './session.ts'

/** The object of parse time. */
export class ParseConfigObject extends PyObject {
  readonly typeName = 'ParseConfigObject'
  private readonly session: Session
  private readonly model: () => Value
  constructor(session: Session, model: () => Value) { super(); this.session = session; this.model = model }
  override get qualifiedTypeName(): string { return 'dbt.context.providers.ParseConfigObject' }
  override truthy(): boolean { return true }
  override callable(): boolean { return true }
  override call(args: CallArgs, context: CallContext): Value {
    const { args: positional, kwargs } = args
    const [first] = positional
    if (positional.length === 1 && kwargs.size === 0) this.record(entriesOf(first ?? null), context)
    else if (positional.length === 0 && kwargs.size > 0) this.record(kwargs, context)
    else throw compilationError('Invalid inline model config', 'config-invalid', 'InlineModelConfigError')
    return ''
  }
  override getattr(name: string): Value | undefined {
    if (name.startsWith('meta_') && !this.session.world.project.rules.hasMetaGet) return undefined
    switch (name) {
      case 'set': return new PyFunction(name, (args, context) => {
        const [key, value] = bindKnown('ParseConfigObject.set', [['name'], ['value']], args, SELF)
        this.record(new Map([[strOf(key ?? null), value ?? null]]), context)
        return ''
      })
      case 'require': case 'meta_require': return new PyFunction(name, args => { bindKnown(`ParseConfigObject.${name}`, [['name'], ['validator', null]], args, SELF); return '' })
      case 'get': case 'meta_get': return new PyFunction(name, args => { bindKnown(`ParseConfigObject.${name}`, [['name'], ['default', null], ['validator', null]], args, SELF); return '' })
      case 'persist_relation_docs': case 'persist_column_docs': return new PyFunction(name, () => false)
      case 'model': return this.model()
      default: return hiddenMember(name, 'ConfigObject')
    }
  }

  // _transform_config, then ContextConfig.add_config_call.
  private record(given: ReadonlyMap<string, Value>, context: CallContext): void {
    const values = new Map(given)
    for (const [old, now] of [['pre_hook', 'pre-hook'], ['post_hook', 'post-hook']] as const) {
      const hook = values.get(old)
      if (hook === undefined) continue
      if (values.has(now)) throw compilationError(`Invalid config, has conflicting keys "${old}" and "${now}"`, 'config-invalid', 'ConflictingConfigKeysError')
      values.delete(old)
      values.set(now, hook)
    }
    for (const [key, value] of values) {
      if (!(value instanceof PyObject) || !value.unknown) continue
      const origin = value.unknown
      recordUnknown(this.session.recorder, OWN_CONFIGS.has(key) ? { code: OWN_CONFIG, message: `config ${key}: ${origin.message}`, stack: origin.stack } : origin)
    }
    if (!context.certain) {
      recordUnknown(this.session.recorder, context.because ?? originAt(context, 'config', 'whether this config() call happens is not known'))
      return
    }
    const site = context.stack[context.stack.length - 1]
    this.session.recorder.add('configCalls', { values, place: { path: site?.path ?? '', start: site?.start ?? 0, end: site?.end ?? 0 } })
  }
}

const OWN_CONFIGS: ReadonlySet<string> = new Set(['begin', 'lookback', 'batch_size', 'concurrent_batches', 'partition_by', 'cluster_by', 'partitions', 'unique_key', 'incremental_predicates', 'on_schema_change', 'full_refresh', 'hours_to_expiration', 'partition_expiration_days', 'labels', 'meta'])

function entriesOf(value: Value): ReadonlyMap<string, Value> {
  if (value instanceof PyDict) return new Map(value.items().map(([key, item]) => [strOf(key), item]))
  if (typeof value === 'string' && value !== '') throw new PyException('ValueError', 'dictionary update sequence element #0 has length 1; 2 is required')
  // `oldkey in config` comes first (_transform_config).
  throw new PyException('TypeError', value instanceof PyObject ? `'${typeNameOf(value)}' object is not iterable` : `argument of type '${typeNameOf(value)}' is not iterable`)
}

/** The object of run time and of generate_*_name: a config() call does nothing. */
export class RuntimeConfigObject extends PyObject {
  readonly typeName = 'RuntimeConfigObject'
  private readonly config: Config | null
  private readonly uniqueId: string
  private readonly model: () => Value
  private readonly hasMetaGet: boolean
  /** `config` null: the model is a macro, which has none. */
  constructor(config: Config | null, uniqueId: string, model: () => Value, hasMetaGet: boolean) { super(); this.config = config; this.uniqueId = uniqueId; this.model = model; this.hasMetaGet = hasMetaGet }
  override get qualifiedTypeName(): string { return 'dbt.context.providers.RuntimeConfigObject' }
  override truthy(): boolean { return true }
  override callable(): boolean { return true }
  override call(): Value { return '' }
  override getattr(name: string): Value | undefined {
    if (name.startsWith('meta_') && !this.hasMetaGet) return undefined
    switch (name) {
      case 'model': return this.model()
      case 'set': return new PyFunction(name, args => { bindKnown('RuntimeConfigObject.set', [['name'], ['value']], args, SELF); return '' })
      case 'get': case 'meta_get': return this.reader(name, false)
      case 'require': case 'meta_require': return this.reader(name, true)
      case 'persist_relation_docs': return new PyFunction(name, () => this.persists('relation'))
      case 'persist_column_docs': return new PyFunction(name, () => this.persists('columns'))
      default: return hiddenMember(name, 'ConfigObject')
    }
  }

  private reader(name: string, required: boolean): PyFunction {
    const parameters = required ? [['name'], ['validator', null]] as const : [['name'], ['default', null], ['validator', null]] as const
    return new PyFunction(name, (args, context) => {
      const [key, second, third] = bindKnown(`RuntimeConfigObject.${name}`, parameters, args, SELF)
      // BaseConfig.get asks getattr.
      if (typeof key !== 'string' && !(key instanceof PyObject) && !name.startsWith('meta_')) throw new PyException('TypeError', `attribute name must be string, not '${typeNameOf(key ?? null)}'`)
      const found = name.startsWith('meta_') ? metaValue(this.config, strOf(key ?? null)) : configValue(this.config, strOf(key ?? null))
      if (found === undefined && required) throw compilationError(`Model '${this.uniqueId}' does not define a required config parameter '${strOf(key ?? null)}'.`, 'config-missing', 'MissingConfigError')
      const fallback = required ? null : second ?? null
      const value = found === undefined ? fallback : found
      const validator = required ? second : third
      if (validator instanceof PyObject && (required || fallback !== null)) context.call(validator, { args: [value], kwargs: new Map() })
      return value
    })
  }

  private persists(part: string): Value {
    const docs = configValue(this.config, 'persist_docs') ?? new PyDict()
    if (!(docs instanceof PyDict)) throw compilationError(`Invalid value provided for 'persist_docs'. Expected dict but received ${classOf(docs)}`, 'config-invalid')
    return docs.get(part) ?? false
  }
}

/** BaseConfig.get as templates see it: attributes of the class are objects there, not dicts. Undefined: no such key. */
export function configValue(config: Config | null, name: string): Value | undefined {
  if (config === null) return undefined
  switch (name) {
    case 'pre_hook': return hooks(config.get('pre-hook'))
    case 'post_hook': return hooks(config.get('post-hook'))
    case 'pre-hook': case 'post-hook': return undefined
    case 'docs': return record('Docs', config.get('docs'), [['show', true], ['node_color', null]])
    case 'snapshot_meta_column_names': return record('SnapshotMetaColumnNames', config.get(name), ['dbt_valid_to', 'dbt_valid_from', 'dbt_scd_id', 'dbt_updated_at', 'dbt_is_deleted'].map((column) => [column, null]))
    case 'contract': return record('ContractConfig', config.get('contract'), [['enforced', false], ['alias_types', true]])
    default: return config.get(name)
  }
}

function metaValue(config: Config | null, name: string): Value | undefined {
  const meta = config?.get('meta')
  return meta instanceof PyDict ? meta.get(name) : undefined
}

function record(typeName: string, value: Value | undefined, fields: readonly (readonly [string, Value])[]): Value | undefined {
  if (value !== undefined && !(value instanceof PyDict)) return value
  return value === undefined ? undefined : new RecordValue(typeName, new Map(fields.map(([field, fallback]) => [field, value.get(field) ?? fallback])))
}

function hooks(list: Value | undefined): Value | undefined {
  if (!(list instanceof PyList)) return list
  return new PyList(list.items.map(hook => hook instanceof PyDict
    ? new RecordValue('Hook', new Map<string, Value>([['sql', hook.get('sql') ?? ''], ['transaction', hook.get('transaction') ?? true], ['index', hook.get('index') ?? null]]))
    : hook))
}
