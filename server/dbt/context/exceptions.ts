// Jinja's `exceptions`: each member raises dbt's error with dbt's message; `warn` does nothing that shows here.
// Rules: dbt 1.12 context/exceptions_jinja.py. Members whose message needs more than their arguments raise with what they were given.

import { PyException, UnknownSignal } from '../../jinja/errors.ts'
import { strOf } from '../../jinja/repr.ts'
import { typeNameOf } from '../../jinja/types.ts'
import { PyDict, PyFunction, PyObject } from '../../jinja/value.ts'
import type { Value } from '../../jinja/value.ts'
import type { Adapter } from '../adapters/types.ts'
import { bindKnown } from './args.ts'
import type { Parameters } from './args.ts'
import { compilationError } from './errors.ts'

type Raiser = readonly [name: string, parameters: Parameters, raise: (values: readonly Value[]) => PyException]

const RAISERS: readonly Raiser[] = [
  ['raise_compiler_error', [['msg'], ['node', null]], ([msg]) => compilationError(text(msg), 'compilation-error')],
  ['raise_database_error', [['msg'], ['node', null]], ([msg]) => compilationError(text(msg), 'compilation-error', 'DbtDatabaseError')],
  ['raise_dependency_error', [['msg']], ([msg]) => compilationError(text(msg), 'compilation-error', 'DependencyError')],
  ['raise_not_implemented', [['msg']], ([msg]) => compilationError(`ERROR: ${text(msg)}`, 'compilation-error', 'NotImplementedError')],
  ['raise_fail_fast_error', [['msg'], ['node', null]], ([msg]) => compilationError(text(msg), 'compilation-error', 'FailFastError')],
  ['raise_cache_inconsistent', [['message']], ([msg]) => compilationError(`Internal Error\n  Cache inconsistency detected: ${text(msg)}`, 'compilation-error', 'CacheInconsistencyError')],
  ['missing_config', [['model'], ['name']], ([model, name]) => compilationError(`Model '${text(member(model, 'unique_id'))}' does not define a required config parameter '${text(name)}'.`, 'config-missing', 'MissingConfigError')],
  ['missing_relation', [['relation'], ['model', null]], ([relation]) => compilationError(`Relation ${text(relation)} not found!`)],
  ['missing_materialization', [['model'], ['adapter_type']], ([model, type]) => compilationError(`No materialization '${text(member(member(model, 'config'), 'materialized'))}' was found for adapter ${text(type)}! (searched types ${type === 'default' ? "'default'" : `'default' and '${text(type)}'`})`)],
  ['column_type_missing', [['column_names']], ([names]) => compilationError(`Contracted models require data_type to be defined for each column. Please ensure that the column name and data_type are defined within the YAML configuration for the ${text(names)} column(s).`)],
  ['raise_dataclass_not_dict', [['obj']], ([object]) => compilationError(`The object ("${text(object)}") was used as a dictionary. This capability has been removed from objects of this type.`)],
  ['relation_wrong_type', [['relation'], ['expected_type'], ['model', null]], ([relation, expected]) => compilationError(`Trying to create ${text(expected)} ${text(relation)}, but it currently exists as a ${text(member(relation, 'type'))}. Either drop ${text(relation)} manually, or run dbt with \`--full-refresh\` and dbt will drop it for you.`)],
  ['raise_ambiguous_alias', [['node_1'], ['node_2'], ['duped_name', null]], ([one, other, name]) => compilationError(`dbt found two resources with the database representation "${text(name ?? `${['database', 'schema', 'alias'].map((part) => text(member(one, part))).join('.')}`)}".\ndbt cannot create two resources with identical database representations. To fix this,\nchange the configuration of one of these resources:${[one, other].map((node) => `\n- ${text(member(node, 'unique_id'))} (${text(member(node, 'original_file_path'))})`).join('')}`)],
  ['raise_ambiguous_catalog_match', [['unique_id'], ['match_1'], ['match_2']], ([id, ...matches]) => compilationError(`dbt found two relations in your warehouse with similar database identifiers. dbt\nis unable to determine which of these relations was created by the model "${text(id)}".\nIn order for dbt to correctly generate the catalog, one of the following relations must be deleted or renamed:\n\n - ${matches.map(matched).join('\n - ')}`)],
  ['raise_dep_not_found', [['node'], ['node_description'], ['required_pkg']], ([, what, which]) => compilationError(`Error while parsing ${text(what)}.\nThe required package "${text(which)}" was not found. Is the package installed?\nHint: You may need to run \`dbt deps\`.`)],
  ['raise_duplicate_patch_name', [['patch_1'], ['existing_patch_path']], ([patch]) => unsaid(member(patch, 'name'))],
  ['raise_duplicate_resource_name', [['node_1'], ['node_2']], ([one]) => unsaid(member(one, 'name'))],
  ['raise_invalid_property_yml_version', [['path'], ['issue']], ([path, issue]) => compilationError(`The yml property file at ${text(path)} is invalid because ${text(issue)}. Please consult the documentation for more information on yml property file syntax:\n\nhttps://docs.getdbt.com/reference/configs-and-properties`)],
  ['raise_contract_error', [['yaml_columns'], ['sql_columns']], ([columns]) => columns instanceof PyObject && columns.length() === 0 ? compilationError("This model has an enforced contract, and its 'columns' specification is missing", 'compilation-error', 'ContractError') : unsaid(columns)],
]

/** The dict `exceptions`. */
export function exceptionsDict({ lacks }: Pick<Adapter, 'lacks'>): PyDict {
  const members: [string, Value][] = [
    ['warn', new PyFunction('warn', args => { bindKnown('warn', [['msg'], ['node', null]], args); return '' })],
    ['warn_snapshot_timestamp_data_types', new PyFunction('warn_snapshot_timestamp_data_types', args => { bindKnown('warn_snapshot_timestamp_data_types', [['snapshot_time_data_type'], ['updated_at_data_type']], args); return null })],
  ]
  for (const [name, parameters, raise] of RAISERS) members.push([name, new PyFunction(name, args => { throw raise(bindKnown(name, parameters, args)) })])
  return new PyDict(members.filter(([name]) => !lacks.has(name)))
}

function text(value: Value | undefined): string { return strOf(value ?? null) }

/** `object.name`, or Python's complaint. */
function member(object: Value | undefined, name: string): Value {
  const found = object instanceof PyObject && !(object instanceof PyDict) ? object.getattr(name) : undefined
  if (found !== undefined) return found
  throw new PyException('AttributeError', `'${typeNameOf(object ?? null)}' object has no attribute '${name}'`)
}

// AmbiguousCatalogMatchError.get_match_string
function matched(match: Value): string {
  const metadata = match instanceof PyDict ? match.get('metadata') : undefined
  const part = (name: string): string => text(metadata instanceof PyDict ? metadata.get(name) : null)
  return `${part('schema')}.${part('name')}`
}

/** An error whose message says more than is worked out here. */
function unsaid(_about: Value | undefined): PyException { throw new UnknownSignal({ code: 'exceptions', message: 'what dbt says in this error is not known', stack: [] }) }
