// Jinja's `model` while dbt parses: the node as create_parsetime_node makes it, before anything of its own text or YAML is known.
// Which fields there are hangs on the kind of node and the version. Rules: dbt 1.12 contracts/graph/nodes.py to_dict(omit_none), parser/base.py.

import { PyDict, PyLazyDict, PyList, PyUnknown } from '../../jinja/value.ts'
import type { Value } from '../../jinja/value.ts'
import type { Config, NodeType } from '../nodes/types.ts'
import type { Rules } from '../rules/rules.ts'
import { compactConfig } from './model-dict.ts'
import type { NodeDraft } from './types.ts'
import { isGeneric } from './watched-draft.ts'

/** The node while it is parsed: names are the target's, nothing refers to anything yet. `null` of `draft.model` is no field. */
export function draftDict(draft: NodeDraft, rules: Pick<Rules, 'jinjaHas'>): PyDict {
  const names = (): readonly string[] => {
    const known = fieldsOf(draft.resource_type, isGeneric(draft)).filter(name => !CAME_LATER.has(name) || rules.jinjaHas.has(name))
    return [...known, ...[...draft.model.keys()].filter(name => !known.includes(name))].filter(name => field(name) !== undefined)
  }
  const field = (name: string): Value | undefined => {
    if (draft.model.has(name)) return draft.model.get(name) ?? undefined
    if (CAME_LATER.has(name) && !rules.jinjaHas.has(name)) return undefined
    return fieldsOf(draft.resource_type, isGeneric(draft)).includes(name) ? draftField(draft, name) ?? undefined : undefined
  }
  return new PyLazyDict(names, field)
}

const COMMON: readonly string[] = [
  'database', 'schema', 'name', 'resource_type', 'package_name', 'path', 'original_file_path', 'unique_id', 'fqn', 'alias', 'checksum', 'config', 'tags', 'description', 'columns', 'meta', 'docs', 'deferred',
  'unrendered_config', 'created_at', 'config_call_dict', 'unrendered_config_call_dict', 'raw_code', 'doc_blocks',
]
const COMPILED: readonly string[] = [...COMMON, 'language', 'refs', 'sources', 'metrics', 'functions', 'depends_on', 'contract']
const FIELDS: ReadonlyMap<string, readonly string[]> = new Map([
  ['seed', [...COMMON, 'root_path', 'depends_on']],
  ['model', [...COMPILED, 'access', 'constraints', 'primary_key', 'version']],
  ['operation', [...COMPILED, 'index']],
  ['generic test', [...COMPILED, 'column_name', 'file_key_name', 'test_metadata']],
])

/** Fields that not every version has: see Rules.jinjaHas. */
export const CAME_LATER: ReadonlySet<string> = new Set(['deferred', 'unrendered_config_call_dict', 'doc_blocks', 'functions', 'primary_key'])

function fieldsOf(type: NodeType, generic: boolean): readonly string[] { return FIELDS.get(generic ? 'generic test' : type) ?? COMPILED }

/** None and no such field are both left out, as `omit_none` does. Looks at nothing but what the field needs: evaluations that read the same are shared. */
function draftField(draft: NodeDraft, name: string): Value | undefined {
  switch (name) {
    case 'database': case 'schema': case 'name': case 'resource_type': case 'package_name': case 'path': case 'original_file_path': case 'unique_id': case 'alias': case 'raw_code': case 'language': case 'version': return draft[name]
    case 'fqn': return new PyList([...draft.fqn])
    case 'config': return draftConfig(draft.config)
    case 'tags': return new PyList([...draft.declared?.tags ?? []])
    case 'meta': case 'columns': case 'unrendered_config': case 'config_call_dict': case 'unrendered_config_call_dict': return new PyDict()
    case 'description': return draft.declared?.test?.description ?? ''
    case 'docs': return new PyDict([['show', true]])
    case 'contract': return new PyDict([['enforced', false], ['alias_types', true]])
    case 'access': return 'protected'
    case 'refs': case 'sources': case 'metrics': case 'functions': case 'doc_blocks': case 'constraints': case 'primary_key': return new PyList([])
    case 'depends_on': return draft.resource_type === 'seed' ? new PyDict([['macros', new PyList([])]]) : isGeneric(draft) ? unknownField(name) : new PyDict([['macros', new PyList([])], ['nodes', new PyList([])]])
    case 'deferred': return false
    case 'checksum': return draft.declared ? new PyDict([['name', draft.declared.checksum.name], ['checksum', draft.declared.checksum.checksum]]) : unknownField(name)
    case 'index': return draft.declared?.index === null || draft.declared?.index === undefined ? unknownField(name) : BigInt(draft.declared.index)
    case 'column_name': return draft.declared?.test?.column_name ?? undefined
    case 'file_key_name': return draft.declared?.test?.file_key_name ?? unknownField(name)
    case 'test_metadata': return draft.declared?.test ? new PyDict([['name', draft.declared.test.name], ['kwargs', new PyDict(draft.declared.test.kwargs)], ...(draft.declared.test.namespace === null ? [] : [['namespace', draft.declared.test.namespace] as const])]) : unknownField(name)
    case 'created_at': case 'root_path': return unknownField(name)
    default: return undefined
  }
}

/** A field of the node that is there, with a value that only dbt knows. */
export function unknownField(name: string): PyUnknown { return new PyUnknown({ code: 'node-field', message: `the ${name} of a node is not known`, stack: [] }, true) }

function draftConfig(config: Config): PyDict {
  return new PyLazyDict(() => config.keys(), key => {
    const value = config.get(key) ?? null
    return value === null ? undefined : compactConfig(key, value)
  })
}
