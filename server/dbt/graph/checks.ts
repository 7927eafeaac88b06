// What dbt checks of the whole manifest after parsing: names and relations that meet, groups that do not exist, impossible access.
// dbt 1.12: parser/manifest.py _check_resource_uniqueness, check_valid_group_config, check_valid_access_property,
// check_valid_snapshot_config, check_valid_microbatch_config, check_for_spaces_in_resource_names.

import { PyDatetime } from '../../jinja/python/datetime.ts'
import { datetimeFromIso } from '../../jinja/python/datetime-parse.ts'
import { PyException } from '../../jinja/errors.ts'
import { reprOf, strOf } from '../../jinja/repr.ts'
import { PyDict, PyList, PyUnknown } from '../../jinja/value.ts'
import type { Value } from '../../jinja/value.ts'
import { makeRelation } from '../context/relation.ts'
import { classOf } from '../context/resolvers.ts'
import { behaves } from '../nodes/behaviour.ts'
import type { Manifest, ManifestNode, OtherResource, SourceNode } from '../nodes/types.ts'
import { unsureOf } from '../nodes/unsure.ts'
import type { Problem } from '../problem.ts'
import type { Project } from '../project/types.ts'
import { valueOf } from '../project/yaml-values.ts'
import { duplicateName, sameNameOtherType, sameRelation, versionedAndNot } from './messages.ts'
import { semanticProblems } from './semantic-checks.ts'
import { unusedConfigProblems } from './unused-configs.ts'

const RELATIONAL: ReadonlySet<string> = new Set(['model', 'seed', 'snapshot'])

/** Yields between checks, and now and then between nodes. */
export function* checkSteps(project: Project, manifest: Manifest): Generator<void, Problem[]> {
  const problems: Problem[] = []
  for (const check of [configVersionProblems, relationProblems, groupProblems, semanticProblems, spaceProblems, unusedConfigProblems]) {
    problems.push(...check(project, manifest))
    yield
  }
  let count = 0
  for (const node of manifest.nodes.values()) {
    problems.push(...nodeProblems(project, node))
    if (++count % NODES_A_STEP === 0) yield
  }
  return problems
}

const NODES_A_STEP = 200

/** SimpleParser.initial_config, asked for every node: another `config-version` than 2. */
function configVersionProblems(project: Project, manifest: Manifest): Problem[] {
  const { file, document } = project.root
  const node = valueOf(document.root, 'config-version')
  if (manifest.nodes.size === 0 || node?.kind !== 'scalar' || typeof node.value !== 'bigint' || node.value >= 2n || project.rules.strictYaml) return []
  return [{ code: 'project-invalid', severity: 'error', message: `Got an unexpected project version=${String(node.value)}, expected 2`, place: { path: file.path, start: node.start, end: node.end } }]
}

function at(node: ManifestNode | OtherResource | SourceNode, code: string, message: string, severity: Problem['severity'] = 'error', other?: ManifestNode): Problem {
  const related = other ? { related: [{ place: headOf(other), message: other.unique_id }] } : {}
  return { code, severity, message, place: headOf(node), unique_id: node.unique_id, ...related }
}

/** A problem of a whole file is shown at its beginning. */
function headOf(node: ManifestNode | OtherResource | SourceNode): Problem['place'] {
  const wholeFile = 'rawCodeOffset' in node && (node.rawCodeOffset !== null || node.resource_type === 'seed')
  return wholeFile ? { path: node.place.path, start: node.place.start, end: node.place.start } : node.place
}

function relationProblems(project: Project, manifest: Manifest): Problem[] {
  const problems: Problem[] = []
  const relations = new Map<string, ManifestNode>()
  const unversioned = new Map<string, ManifestNode>()
  const versioned = new Map<string, ManifestNode>()
  for (const node of manifest.nodes.values()) {
    if (!RELATIONAL.has(node.resource_type) && !(node.resource_type === 'test' && node.relation_name !== null)) continue
    const name = `${node.package_name}\0${node.name}`
    const twin = unversioned.get(name)
    if (twin && node.version === null) {
      const strict = behaves(project, 'require_unique_project_resource_names')
      problems.push(at(node, 'name-duplicate', strict ? duplicateName(twin, node, node.name, `ref("${node.name}")`) : sameNameOtherType(twin, node), strict ? 'error' : 'warning', twin))
    }
    ;(node.version === null ? unversioned : versioned).set(name, node)
    if (unsureOf(node)) continue
    const relation = node.relation_name ?? makeRelation(project.adapter, { database: node.database, schema: node.schema, identifier: node.alias }, { quoting: project.root.quoting }).render()
    const other = relations.get(relation)
    if (other) {
      problems.push(at(node, 'alias-collision', sameRelation(other, node, relation), 'error', other), at(other, 'alias-collision', sameRelation(other, node, relation), 'error', node))
    } else relations.set(relation, node)
  }
  for (const [name, node] of versioned) {
    const other = unversioned.get(name)
    if (other) problems.push(at(other, 'name-duplicate', versionedAndNot(node.name, other, node.patch?.path ?? ''), 'error', node))
  }
  return problems
}

function groupProblems(project: Project, manifest: Manifest): Problem[] {
  // dbt-loom adds the groups of the models that it brings.
  const names = new Set<string>(project.upstream.models.flatMap(({ group }) => group ?? []))
  for (const other of manifest.others.values()) if (other.resource_type === 'group') names.add(other.name)
  const expected = (): string => reprOf(new PyList([...names].toSorted()))
  const check = (resource: ManifestNode | OtherResource): Problem[] => resource.group !== null && resource.group !== '' && !names.has(resource.group)
    ? [at(resource, 'group-not-found', `Invalid group '${resource.group}', expected one of ${expected()}`)] : []
  const others = [...manifest.others.values()].filter(other => other.resource_type === 'metric' || other.resource_type === 'semantic_model' || other.resource_type === 'saved_query')
  return [...others, ...manifest.nodes.values()].flatMap(check)
}

/** _check_for_spaces_in_source_and_semantic_model_names: of sources their own name, once, and not those of their tables. dbt names the first, we each. */
function spaceProblems(project: Project, manifest: Manifest): Problem[] {
  const flag = 'require_source_and_semantic_model_names_without_spaces'
  if (!project.flags.behaviour.has(flag) || project.rules.strictYaml) return []
  const sources = new Map([...manifest.sources.values()].filter(source => source.source_name.includes(' ')).toReversed().map(source => [`source.${source.package_name}.${source.source_name}`, source]))
  const models = [...manifest.others.values()].filter(other => other.resource_type === 'semantic_model' && other.name.includes(' '))
  const spaced = [...sources, ...models.map(model => [model.unique_id, model] as const)]
  return spaced.map(([id, node]) => behaves(project, flag)
    ? at(node, 'config-invalid', `Resource names cannot contain spaces:\n  * '${id}' (${node.original_file_path})`)
    : at(node, 'key-deprecated', `Found spaces in the name of \`${id}\`\nSpaces found in ${spaced.length} resource name(s). This is deprecated, and may lead to errors when using dbt. Run again with \`--debug\` to see them all. For more information: https://docs.getdbt.com/reference/global-configs/legacy-behaviors`, 'warning'))
}

/** What is wrong with a node by itself. */
export function nodeProblems(project: Project, node: ManifestNode): Problem[] {
  const first = nodeRefusal(project, node)
  if (first !== null) return [at(node, 'config-invalid', first)]
  if (node.resource_type === 'model' && node.access === 'public' && node.config.get('materialized') === 'ephemeral') {
    return [at(node, 'access-invalid', `Node ${node.unique_id} with 'ephemeral' materialization has an invalid value (public) for the access field`)]
  }
  const message = node.resource_type === 'snapshot' ? snapshotRefusal(node) : null
  return message === null ? [] : [at(node, 'config-invalid', message)]
}

/** check_for_spaces, check_valid_microbatch_config, ManifestLoader's refusal of seeds that refer to nodes. */
function nodeRefusal(project: Project, node: ManifestNode): string | null {
  if (node.name.includes(' ') && behaves(project, 'require_resource_names_without_spaces')) return `Resource names cannot contain spaces:\n  * '${node.unique_id}' (${node.original_file_path})`
  if (node.resource_type === 'seed' && (node.refs.length > 0 || node.sources.length > 0)) {
    return "Seeds cannot depend on other nodes. dbt detected a seed with a pre- or post-hook\nthat calls 'ref', 'source', or 'metric', either directly or indirectly via other macros."
  }
  if (node.resource_type === 'function') return functionRefusal(node)
  const microbatch = node.config.get('materialized') === 'incremental' && node.config.get('incremental_strategy') === 'microbatch'
  if (!microbatch || !behaves(project, 'require_batched_execution_for_custom_microbatch_strategy')) return null
  const wrong = microbatchRefusal(node.config)
  return wrong === null ? null : `Microbatch model '${node.name}' ${wrong}`
}

/** check_function_default_arguments_ordering. */
function functionRefusal(node: ManifestNode): string | null {
  const given = node.properties.get('arguments')
  let defaulted = false
  for (const each of given instanceof PyList ? given.items : []) {
    if (!(each instanceof PyDict)) continue
    const isDefault = (each.get('default_value') ?? null) !== null
    if (defaulted && !isDefault) return `Non-defaulted argument '${strOf(each.get('name') ?? null)}' of function '${node.name}' comes after a defaulted argument. Non-defaulted arguments cannot come after defaulted arguments. `
    defaulted ||= isDefault
  }
  return null
}

/** datetime.fromisoformat takes it. */
function isIsoDatetime(text: string): boolean {
  try {
    datetimeFromIso(text)
    return true
  } catch (error) {
    if (error instanceof PyException) return false
    throw error
  }
}

const BATCH_SIZES = ['hour', 'day', 'month', 'year']

function microbatchRefusal(config: ManifestNode['config']): string | null {
  const [time, begin, size, lookback, concurrent] = ['event_time', 'begin', 'batch_size', 'lookback', 'concurrent_batches'].map((key) => config.get(key) ?? null) as [Value, Value, Value, Value, Value]
  const isKnown = (value: Value): boolean => !(value instanceof PyUnknown)
  if (time === null) return "must provide an 'event_time' (string) config that indicates the name of the event time column."
  if (isKnown(time) && typeof time !== 'string') return `must provide an 'event_time' config of type string, but got: ${classOf(time)}.`
  if (begin === null) return "must provide a 'begin' (datetime) config that indicates the earliest timestamp the microbatch model should be built from."
  if (typeof begin === 'string' && !isIsoDatetime(begin)) return `must provide a 'begin' config of valid datetime (ISO format), but got: ${begin}.`
  if (isKnown(begin) && typeof begin !== 'string' && !(begin instanceof PyDatetime)) return `must provide a 'begin' config of type datetime, but got: ${classOf(begin)}.`
  if (isKnown(size) && !(typeof size === 'string' && BATCH_SIZES.includes(size))) return `must provide a 'batch_size' config that is one of ${reprOf(new PyList(BATCH_SIZES))}, but got: ${strOf(size)}.`
  if (isKnown(lookback) && lookback !== null && typeof lookback !== 'bigint' && typeof lookback !== 'boolean') return `must provide the optional 'lookback' config as type int, but got: ${classOf(lookback)}).`
  return isKnown(concurrent) && concurrent !== null && typeof concurrent !== 'boolean' ? `optional 'concurrent_batches' config must be of type \`bool\` if specified, but got: ${classOf(concurrent)}).` : null
}

function isEmpty(value: Value): boolean { return value === null || value === '' || (value instanceof PyList && !value.items.length) }

/** SnapshotConfig.final_validate. */
function snapshotRefusal({ config }: ManifestNode): string | null {
  const of = (key: string): Value => config.get(key) ?? null
  if (isEmpty(of('strategy')) || isEmpty(of('unique_key'))) return "Snapshots must be configured with a 'strategy' and 'unique_key'."
  const columns = of('check_cols')
  if (of('strategy') === 'check') {
    if (isEmpty(columns)) return 'A snapshot configured with the check strategy must specify a check_cols configuration.'
    if (typeof columns === 'string' && columns !== 'all') return `Invalid value for 'check_cols': ${columns}. Expected 'all' or a list of strings.`
  } else if (of('strategy') === 'timestamp') {
    if (isEmpty(of('updated_at'))) return 'A snapshot configured with the timestamp strategy must specify an updated_at configuration.'
    if (!isEmpty(columns)) return "A 'timestamp' snapshot should not have 'check_cols'"
  }
  const materialized = of('materialized')
  return materialized !== null && materialized !== 'snapshot' ? `A snapshot must have a materialized value of 'snapshot'` : null
}
