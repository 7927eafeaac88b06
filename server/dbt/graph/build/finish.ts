// Step two of a node: YAML and config() calls together give its config, its names and its place in the manifest (without edges).
// dbt 1.12: parser/base.py update_parsed_node_config, update_parsed_node_relation_names; parser/schemas.py patch_node_*.

import { strOf } from '../../../jinja/repr.ts'
import { unknownWithin } from '../../../jinja/unknown-within.ts'
import { PyDict, PyList } from '../../../jinja/value.ts'
import type { Value } from '../../../jinja/value.ts'
import { evaluateName } from '../../context/evaluate-node.ts'
import type { NameEvaluation } from '../../context/evaluate-node.ts'
import { unknownField } from '../../context/draft-dict.ts'
import { makeRelation } from '../../context/relation.ts'
import type { NodeDraft, ParseEvaluation } from '../../context/types.ts'
import { buildConfig, deepMerge } from '../../names/config.ts'
import { configClassOf } from '../../names/config-classes.ts'
import type { ConfigClass } from '../../names/config-classes.ts'
import { defaultName } from '../../names/default-names.ts'
import type { NameComponent } from '../../names/default-names.ts'
import { buildUnrendered } from '../../names/unrendered.ts'
import { quotingOf } from '../../names/quoting.ts'
import { behaves } from '../../nodes/behaviour.ts'
import { OverlayMap } from '../../nodes/overlay-map.ts'
import { momentOf } from '../../nodes/yaml-values.ts'
import { sha256 } from '../../nodes/source-text.ts'
import type { Column, Config, ManifestNode } from '../../nodes/types.ts'
import type { Problem } from '../../problem.ts'
import type { Rules } from '../../rules/rules.ts'
import { compact, joined, NO_ITEMS } from '../../../text/compact.ts'
import type { Place } from '../../../text/span.ts'
import type { Build } from './build.ts'
import { configOf, constraintsRepr, nullableText, textList } from './columns.ts'
import { hookEvaluations } from './hooks.ts'
import { configKeyProblems } from './key-checks.ts'
import { configPlace } from './config-places.ts'
import { constraintTargets, contractProblems } from './constraints.ts'
import { callOf, staticRef, staticRefusal } from './static-ref.ts'
import type { StaticTarget } from './static-ref.ts'
import { draftOf, pythonPatch } from './parse.ts'
import type { NodePatch, Work } from './work.ts'

/** The node of a work. The same inputs in an unchanged world give the node of the last build itself. */
export function finishNode(build: Build, work: Work): ManifestNode {
  const { parsed, patch } = work
  const inputs = [parsed.evaluation, patch, work.unique_id, work.attached, work.attachedGroup, ...work.problems, ...work.overloads.map(overload => overload.parsed.evaluation)]
  const known = build.memory.node(parsed.declaration, inputs)
  if (known) return known
  const node = makeNode(build, work)
  build.memory.keep(parsed.declaration, inputs, node)
  return node
}

function makeNode(build: Build, work: Work): ManifestNode {
  const { project } = build
  const { parsed, patch } = work
  const { declaration, evaluation } = parsed
  const recomputed = patch !== null && (patch.config.size > 0 || patch.version !== null)
  const packageName = recomputed ? patch.packageName : declaration.package_name
  const patchConfig = recomputed ? pythonPatch(declaration, patch.config) : null
  const built = recomputed ? buildConfig(project, { type: declaration.type, packageName, fqn: work.fqn, patch: patchConfig, inFile: parsed.inFile }) : { config: parsed.config, error: parsed.error, errorKey: parsed.errorKey }
  // What dbt decides by (`config_dict`), and what stays written in the node: keys set to None later keep their earlier value there.
  const dict = built.config
  const { fields } = configClassOf(declaration.type, project.rules.name)
  const config = withTextKeys(withBegin(withEarlier(fields, dict, recomputed ? withEarlier(fields, parsed.config, parsed.base) : parsed.base), project.rules))
  const problems: Problem[] = [...work.problems]
  const fail = (code: string, message: string, place = patch?.place ?? declaration.place): void => { problems.push({ code, severity: 'error', message, place, unique_id: work.unique_id }) }
  if (declaration.type === 'model' && parsed.inFile?.size && declaration.package_name === project.root.name) {
    problems.push(...configKeyProblems(project, new PyDict([...parsed.inFile]), declaration.original_file_path, declaration.language === 'python', evaluation.configCalls[0]?.place ?? declaration.place).map(problem => ({ ...problem, unique_id: work.unique_id })))
  }
  if (evaluation.problem) problems.push({ ...evaluation.problem, unique_id: work.unique_id })
  const configError = parsed.error ?? built.error
  const errorKey = parsed.error === null ? built.errorKey : parsed.errorKey
  const placeOf = (key: string | null | undefined): Place | undefined => (key === null || key === undefined ? null : configPlace(key, evaluation.configCalls, patch?.configPlaces ?? [])) ?? undefined
  if (configError !== null) fail('config-invalid', configError, placeOf(errorKey))
  if (declaration.error !== null) fail('config-invalid', declaration.error)

  const tags = new Set<string>([...declaration.tags, ...textList(parsed.config.get('tags')), ...textList(dict.get('tags'))])
  const meta = truthyDict(dict.get('meta')) ?? truthyDict(parsed.config.get('meta')) ?? NOTHING
  const contract = contractOf(dict)
  const columns = patch?.whole ? patch.columns : NO_COLUMNS
  const constraints = declaration.type === 'model' && patch?.whole && (contract.enforced || !project.rules.constraintsNeedContract) ? patch.constraints : NO_ITEMS
  const isModel = declaration.type === 'model'
  const materialized = dict.get('materialized')
  const checksum = isModel && patch?.whole && contract.enforced ? contractChecksum(columns, constraints, materialized) : null
  const names = namesOf(build, work, dict, config, [...tags], meta)
  for (const name of names.evaluations) if (name.problem) problems.push({ ...name.problem, unique_id: work.unique_id })
  const hooks = declaration.type === 'test' ? [] : hookEvaluations(build, work, parsed.config, recomputed ? dict : null)
  for (const hook of hooks) if (hook.problem) problems.push({ ...hook.problem, unique_id: work.unique_id })
  const targets = isModel && patch?.whole && project.rules.constraintsRefer ? constraintTargets(patch, columns, patch.version !== null, build.project.rules.strictYaml ? null : parsed.declaration.original_file_path) : { refs: [], sources: [], calls: [], problems: [] }
  if (isModel && patch?.whole) problems.push(...contractProblems(patch, columns, contract.enforced, declaration.language, declaration.original_file_path).map(problem => ({ ...problem, unique_id: work.unique_id })))
  problems.push(...targets.problems.map(problem => ({ ...problem, unique_id: work.unique_id })))
  const access = accessOf(dict, isModel, patch?.section ? patch.config : null)
  if (access.invalid !== null) fail('access-invalid', parsed.inFile?.has('access') ? `Field "access" of type AccessType in ModelConfig has invalid value '${access.invalid}'` : `Node ${work.unique_id} has an invalid value (${access.invalid}) for the access field`, placeOf('access'))
  // BaseParser.update_parsed_node_relation_names; without the flag the relation has no schema.
  if (names.schema === null && behaves(build.project, 'require_valid_schema_from_generate_schema_name')) fail('schema-none', `Node '${work.unique_id}' has a schema set to None as a result of a generate_schema_name call.\nPlease set a valid schema name, or preserve the legacy behavior by setting the behavior flag 'require_valid_schema_from_generate_schema_name' to True.`, placeOf('schema'))
  const unknown = [...evaluation.unknown, ...hooks.flatMap(hook => hook.unknown), ...names.evaluations.flatMap(name => name.unknown ? [name.unknown] : []), ...patch?.unknown ? [patch.unknown] : []]
  const evaluations: ParseEvaluation[] = [evaluation, ...hooks, ...work.overloads.map(overload => overload.parsed.evaluation)]
  const relation = declaration.preset ? staticRef(declaration.preset.text) : null
  const preset: StaticTargets = relation && declaration.preset ? targetsOf(relation, declaration.preset.place) : NO_TARGETS
  if (declaration.preset && !relation) fail('ref-invalid', staticRefusal(declaration.preset.text), declaration.preset.place)
  return {
    unique_id: work.unique_id, resource_type: declaration.type, name: work.name, package_name: declaration.package_name, path: declaration.path, original_file_path: declaration.original_file_path,
    fqn: work.fqn, place: declaration.place, description: patch?.description ?? declaration.test?.description ?? '', language: declaration.language,
    raw_code: declaration.raw_code, rawCodeOffset: declaration.offset, checksum: declaration.checksum,
    enabled: config.get('enabled') !== false, config, unrendered_config: unrenderedOf(build, work, packageName, patchConfig, recomputed),
    database: names.database, schema: names.schema, alias: names.alias,
    relation_name: relationName(build, declaration.type, config, names),
    tags: compact([...tags]), meta, group: work.attached === null ? groupOf(dict, parsed.config) : work.attachedGroup, access: access.value,
    version: patch?.version ?? null, latest_version: patch?.latest_version ?? null, deprecation_date: patch?.deprecation_date ?? null,
    columns, constraints, contract: checksum === null && !contract.enforced && contract.alias_types ? NO_CONTRACT : { enforced: contract.enforced, alias_types: contract.alias_types, checksum }, patch: patch?.place ?? null, docs: docsOf(dict),
    refs: joined([preset.refs, ...evaluations.map(one => one.refs), targets.refs]), sources: joined([preset.sources, ...evaluations.map(one => one.sources), targets.sources]),
    metrics: joined(evaluations.map(one => one.metrics)), functions: joined(evaluations.map(one => one.functions)),
    depends_on: { nodes: NO_ITEMS, macros: macrosOf(evaluations) },
    calls: joined([preset.calls, ...evaluations.map(one => one.calls), targets.calls]),
    test: declaration.test ? {
      metadata: { name: declaration.test.name, namespace: declaration.test.namespace, kwargs: declaration.test.kwargs },
      column_name: declaration.test.column_name, attached_node: work.attached, file_key_name: declaration.test.file_key_name,
    } : null,
    index: declaration.index, problems: compact(problems), unknown: compact(unknown.map(({ code, message }) => ({ code, message }))), properties: patch?.properties ?? NO_PROPERTIES,
  }
}

/** In order of first call, each once. */
function macrosOf(evaluations: readonly ParseEvaluation[]): readonly string[] {
  const macros = joined(evaluations.map(one => one.macros))
  const different = new Set(macros)
  return different.size === macros.length ? macros : [...different]
}

interface StaticTargets { readonly refs: ManifestNode['refs']; readonly sources: ManifestNode['sources']; readonly calls: ManifestNode['calls'] }
const NO_TARGETS: StaticTargets = { refs: [], sources: [], calls: [] }

function targetsOf(target: StaticTarget, place: Place): StaticTargets {
  return { refs: target.kind === 'ref' ? [target.ref] : [], sources: target.kind === 'source' ? [target.source] : [], calls: [callOf(target, place, place.start)] }
}

const NO_COLUMNS: ReadonlyMap<string, Column> = new Map()
const NO_PROPERTIES: Config = new Map()

/** check_valid_microbatch_config makes a datetime of `begin`. */
function withBegin(config: Config, rules: Rules): Config {
  if (!rules.hasMicrobatch) return config
  const begin = config.get('begin')
  if (typeof begin !== 'string' || config.get('materialized') !== 'incremental' || config.get('incremental_strategy') !== 'microbatch') return config
  const moment = momentOf(begin)
  return moment ? new OverlayMap(config, new Map<string, Value>([['begin', moment]])) : config
}

/** Fields of NodeConfig that are `Dict[str, …]`: what is no text becomes Python's spelling of it (`True`, `None`), in the node's config alone. */
function withTextKeys(config: Config): Config {
  let changed: Map<string, Value> | null = null
  for (const key of TEXT_KEYS) {
    const value = config.get(key)
    if (value instanceof PyDict && value.items().some(([each]) => typeof each !== 'string')) (changed ??= new Map<string, Value>()).set(key, new PyDict(value.items().map(([each, item]) => [strOf(each), item])))
  }
  return changed ? new OverlayMap(config, changed) : config
}

const TEXT_KEYS: readonly string[] = ['meta', 'column_types', 'grants', 'persist_docs', 'quoting']

/** `final_config_dict = node.config.to_dict(omit_none=True); update(config_dict)`. Keys that the class has no field for are not left out when they are None. */
function withEarlier(fields: ConfigClass['fields'], config: Config, earlier: Config): Config {
  if (config === earlier) return config
  let kept: Map<string, Value> | null = null
  for (const [key, value] of earlier) {
    if (value !== null && (config.get(key) ?? null) === null && (fields.has(key) || !config.has(key))) (kept ??= new Map<string, Value>()).set(key, value)
  }
  return kept ? new OverlayMap(config, kept) : config
}

function truthyDict(value: Value | undefined): Config | null { return value instanceof PyDict && value.entries.size ? configOf(value) : null }

function groupOf(dict: Config, earlier: Config): string | null {
  return nullableText(dict.get('group') || undefined) ?? nullableText(earlier.get('group') || undefined)
}

function contractOf(dict: Config): { enforced: boolean; alias_types: boolean } {
  const contract = dict.get('contract')
  return { enforced: contract instanceof PyDict && contract.get('enforced') === true, alias_types: !(contract instanceof PyDict) || contract.get('alias_types') !== false }
}

/** ModelNode.build_contract_checksum. */
function contractChecksum(columns: ReadonlyMap<string, Column>, constraints: readonly Value[], materialized: Value | undefined): string {
  let state = ''
  const sorted = [...columns.values()].toSorted((one, two) => one.name < two.name ? -1 : one.name > two.name ? 1 : 0)
  for (const column of sorted) state += `|${column.name}${column.data_type ?? 'None'}${constraintsRepr(column.constraints, false)}`
  if (materialized === 'table' || materialized === 'incremental') state += materialized + constraintsRepr(constraints, true)
  return sha256(state)
}

function docsOf(dict: Config): Config {
  const docs = dict.get('docs')
  if (!(docs instanceof PyDict) || (docs.entries.size === SHOWN.size && docs.get('show') === true && docs.get('node_color') === null)) return SHOWN
  return configOf(docs)
}

const ACCESS: ReadonlySet<Value> = new Set(['private', 'protected', 'public'])

/**
 * The `access` of a version never counts: its config, whose default is `protected`, is applied after it.
 * What a property file says, SchemaParser.patch_node_config looks at for nodes of every kind.
 */
function accessOf(dict: Config, isModel: boolean, inPatch: Config | null): { value: ManifestNode['access']; invalid: string | null } {
  const patched = inPatch?.get('access')
  const known = typeof patched !== 'object' || !patched?.unknown
  if (patched !== undefined && known && !ACCESS.has(patched)) return { value: 'protected', invalid: strOf(patched) }
  const given = isModel ? dict.get('access') || 'protected' : 'protected'
  return ACCESS.has(given) || unknownWithin(given) ? { value: ACCESS.has(given) ? given as ManifestNode['access'] : 'protected', invalid: null } : { value: 'protected', invalid: strOf(given) }
}

interface Names { readonly database: string | null; readonly schema: string | null; readonly alias: string; readonly evaluations: readonly NameEvaluation[] }

/** database, then schema, then alias, each seeing those before it; snapshots' target_* have the last word. */
// Thousands of nodes have these: one of each is enough.
const NOTHING: Config = new Map()
const NO_CONTRACT: ManifestNode['contract'] = { enforced: false, alias_types: true, checksum: null }
const SHOWN: Config = new Map<string, Value>([['show', true], ['node_color', null]])

function namesOf(build: Build, work: Work, dict: Config, config: Config, tags: readonly string[], meta: Config): Names {
  const { parsed, patch } = work
  const { declaration } = parsed
  const custom = (key: string): Value => dict.get(key) ?? null
  let draft: NodeDraft = {
    ...draftOf(build, declaration, config), unique_id: work.unique_id, name: work.name, fqn: work.fqn, version: patch?.version ?? null,
    model: new Map<string, Value>([['tags', listValue(tags)], ['meta', new PyDict([...meta])], ['group', groupOf(dict, parsed.config)], ...patch?.version == null ? [] : versionFields(patch)]),
  }
  const { world, project } = build
  let evaluated = false
  const name = (component: NameComponent, of: NodeDraft): NameEvaluation => {
    const plain = defaultName(project, world.macros, component, custom(component), of)
    evaluated ||= plain === null
    return plain ?? evaluateName(world, component, custom(component), of)
  }
  const make = (): NameEvaluation[] => {
    const database = name('database', draft)
    draft = { ...draft, database: database.value }
    const schema = name('schema', draft)
    draft = { ...draft, schema: schema.unknown ? '' : schema.value }
    return [database, schema, name('alias', draft)]
  }
  const evaluations = build.memory.names(declaration, [parsed.evaluation, patch, work.unique_id, build.project], make, () => evaluated)
  const [database, schema, alias] = evaluations
  const final = { database: database?.value ?? null, schema: schema && !schema.unknown ? schema.value : '', alias: alias?.value ?? work.name }
  if (declaration.type === 'snapshot') {
    const targetDatabase = dict.get('target_database'), targetSchema = dict.get('target_schema')
    if (typeof targetDatabase === 'string' && targetDatabase) final.database = targetDatabase
    if (typeof targetSchema === 'string' && targetSchema) final.schema = targetSchema
  }
  return { evaluations, ...final }
}

/** ModelPatchParser.parse_patch: a version has its properties before its names, another node after them. */
function versionFields(patch: NodePatch): (readonly [string, Value])[] {
  return [
    ['latest_version', patch.latest_version], ['deprecation_date', patch.deprecation_date === null ? null : unknownField('deprecation_date')], ['description', patch.description], ['patch_path', `${patch.packageName}://${patch.original_file_path}`],
    ...patch.columns.size > 0 ? [['columns', unknownField('columns')] as const] : [], ...patch.constraints.length > 0 ? [['constraints', unknownField('constraints')] as const] : [],
  ]
}

function listValue(items: readonly string[]): Value { return new PyList([...items]) }

const REFABLE: ReadonlySet<string> = new Set(['model', 'seed', 'snapshot'])

const ALL_QUOTED: ReadonlyMap<string, boolean> = new Map([['database', true], ['schema', true], ['identifier', true]])

function relationName(build: Build, type: ManifestNode['resource_type'], config: Config, names: Names): string | null {
  const { project } = build
  if (type === 'test') {
    if (!(config.get('store_failures') === true || (config.get('store_failures') !== true && project.flags.storeFailures.value))) return null
  } else if (type === 'analysis' ? !project.rules.analysesHaveRelation : type === 'function' ? !project.rules.functionsHaveRelation : !REFABLE.has(type) || config.get('materialized') === 'ephemeral') return null
  const identifier = names.alias
  return makeRelation(project.adapter, { database: names.database, schema: names.schema, identifier }, { quoting: type === 'analysis' ? ALL_QUOTED : quotingOf(project, config) }).render()
}

function unrenderedOf(build: Build, work: Work, packageName: string, patchConfig: Config | null, recomputed: boolean): Config {
  const { project } = build
  const { parsed, patch } = work
  const { declaration } = parsed
  const more = behaves(project, 'state_modified_compare_more_unrendered_values')
  let fromYaml = recomputed ? patchConfig : pythonPatch(declaration, null)
  if (more && recomputed && patch?.section && patch.unrendered) fromYaml = configOf(deepMerge(new PyDict([...patchConfig ?? []]), new PyDict([...patch.unrendered])))
  const inFile = more && parsed.written?.size ? parsed.written : parsed.inFile
  const unrendered = buildUnrendered(project, { type: declaration.type, packageName, fqn: work.fqn, patch: fromYaml, inFile })
  if (!parsed.evaluation.staticallyParsed || recomputed) return unrendered.size > 0 ? unrendered : NOTHING
  // ModelParser.populate writes the static parser's values over everything, of equal keys the last.
  const given = parsed.evaluation.configCalls.flatMap(call => [...call.values])
  const grants = given.filter(([key]) => key === 'grants')
  return new Map([...unrendered, ...given.map(([key, value]): [string, Value] => [key, key === 'grants' && grants.length === 1 ? listed(value) : value])])
}

/** merge_config_dicts makes a list of each grant, in the very dict that the static parser gave, when nothing of that key was there. */
function listed(grants: Value): Value {
  return grants instanceof PyDict ? new PyDict(grants.items().map(([key, value]) => [key, value instanceof PyList ? value : new PyList([value])])) : grants
}
