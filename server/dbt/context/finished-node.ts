// The finished node as an object: `config.model` and `ref.model` while dbt runs (context/providers.py). Lists and dicts of dbt's own objects are unknown.

import { PyDict, PyObject } from '../../jinja/value.ts'
import type { Value } from '../../jinja/value.ts'
import type { Config } from '../nodes/types.ts'
import { unknownField } from './draft-dict.ts'
import { hiddenMember } from './hidden.ts'
import { ConfigValues, classOfNode } from './node-object.ts'
import { RecordValue } from './relation.ts'
import type { NodeDraft } from './types.ts'

/** `fields` is Jinja's `model`, which leaves out what is None. */
export class FinishedNode extends PyObject {
  private readonly draft: NodeDraft
  private readonly fields: PyDict
  private readonly config: Config
  constructor(draft: NodeDraft, fields: PyDict, config: Config) { super(); this.draft = draft; this.fields = fields; this.config = config }
  get typeName(): string { return classOfNode(this.draft) }
  override get qualifiedTypeName(): string { return `dbt.contracts.graph.nodes.${this.typeName}` }
  override truthy(): boolean { return true }
  override getattr(name: string): Value | undefined {
    switch (name) {
      case 'config': return new ConfigValues(this.config)
      case 'identifier': return this.draft.alias
      case 'is_ephemeral_model': case 'is_ephemeral': return this.config.get('materialized') === 'ephemeral'
      case 'quoting_dict': return this.config.get('quoting') ?? new PyDict()
    }
    const value = this.fields.get(name)
    if (value === undefined) return OPTIONAL.has(name) ? null : hiddenMember(name, 'Node', this.typeName)
    const record = RECORDS.get(name)
    if (record && value instanceof PyDict) return new RecordValue(record[0], new Map(record[1].map((field) => [field, value.get(field) ?? null])))
    return OBJECTS.has(name) ? unknownField(name) : value
  }
}

const OBJECTS: ReadonlySet<string> = new Set(['columns', 'refs', 'constraints', 'test_metadata', 'batch', 'defer_relation', 'time_spine', 'extra_ctes', 'resource_type'])
const OPTIONAL: ReadonlySet<string> = new Set(['group', 'version', 'latest_version', 'deprecation_date', 'patch_path', 'relation_name', 'time_spine', 'batch', 'column_name', 'file_key_name', 'attached_node'])
const RECORDS: ReadonlyMap<string, readonly [name: string, fields: readonly string[]]> = new Map([
  ['docs', ['Docs', ['show', 'node_color']]], ['contract', ['Contract', ['enforced', 'alias_types', 'checksum']]], ['checksum', ['FileHash', ['name', 'checksum']]], ['depends_on', ['DependsOn', ['macros', 'nodes']]],
])
