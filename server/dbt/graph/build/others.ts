// Exposures, groups, metrics, semantic models, saved queries and unit tests: resources that only YAML declares.
// dbt 1.12: parser/schema_yaml_readers.py, parser/unit_tests.py. Their edges are made in edges-of-others.ts.

import { PyException } from '../../../jinja/errors.ts'
import { binary } from '../../../jinja/operators.ts'
import { strOf } from '../../../jinja/repr.ts'
import { truthOf } from '../../../jinja/types.ts'
import { PyDict, PyList } from '../../../jinja/value.ts'
import type { Value } from '../../../jinja/value.ts'
import type { Place } from '../../../text/span.ts'
import type { YamlNode } from '../../../yaml/nodes.ts'
import { evaluateDependsOn } from '../../context/render-yaml.ts'
import type { Reads } from '../../context/types.ts'
import { buildConfig } from '../../names/config.ts'
import { buildUnrendered } from '../../names/unrendered.ts'
import { projectConfigs } from '../../names/project-levels.ts'
import { foldersOf, originalPath, plainParts } from '../../nodes/resource-file.ts'
import type { ResourceFile } from '../../nodes/resource-file.ts'
import { textSpan } from '../../nodes/property-file.ts'
import type { PropertyEntry } from '../../nodes/property-file.ts'
import { under } from '../../nodes/yaml-values.ts'
import type { Config, OtherResource, RefArgs, ResourceCall } from '../../nodes/types.ts'
import type { Problem } from '../../problem.ts'
import { hasConfigField } from '../../rules/config-fields.ts'
import type { Build } from './build.ts'
import { configOf, listOf, nullableText, textList, textOr } from './columns.ts'
import { dictOf } from './patches.ts'
import type { EntryPatches } from './patches.ts'
import { metricProperties, semanticsOf } from './model-semantics.ts'
import type { AggregatedOver } from './model-semantics.ts'
import type { RenderedEntry } from './render-entry.ts'
import { configPlace, configPlaces } from './config-places.ts'
import { exportProblems } from './exports.ts'
import { callOf, staticRef, staticRefusal } from './static-ref.ts'
import { filesOf, unitRows } from './unit-tests.ts'
import type { RowFiles } from './unit-tests.ts'

type OtherType = Exclude<OtherResource['resource_type'], 'doc'>
type Data = ReadonlyMap<string, Value>

const NO_CONFIG: Config = new Map()

/** The resources of one entry: usually one; measures with `create_metric` bring a metric each. */
export function otherResources(build: Build, resource: ResourceFile, written: PropertyEntry, rendered: RenderedEntry, files: RowFiles): readonly OtherResource[] {
  const entry = { ...written, name: rendered.name }
  const data = dictOf(rendered.value)
  const rows = entry.section === 'unit_tests' ? filesOf(files, resource.packageName, data).map(each => each?.file) : []
  return build.memory.fromEntry(rendered, `other ${originalPath(resource)}`, reads => {
    switch (entry.section) {
      case 'exposures': return [exposure(build, resource, entry, data)]
      case 'groups': return [group(build, resource, entry, data)]
      case 'metrics': return [build.project.rules.hasSemanticsInModels && !data.has('type_params') ? metricOfModel(build, resource, entry.node, data, { path: entry.file.path, ...entry.nameSpan }, null) : metric(build, resource, entry, data, { path: entry.file.path, ...entry.nameSpan })]
      case 'semantic_models': return semanticModel(build, resource, entry, data)
      case 'saved_queries': return [savedQuery(build, resource, entry, data, reads)]
      case 'unit_tests': return [unitTest(build, resource, entry, data, files)]
      default: return []
    }
  }, [build.project, ...rows])
}

interface Common { readonly config: Config; readonly base: OtherResource }

function common(build: Build, resource: ResourceFile, type: OtherType, name: string, place: Place, data: Data, entry: YamlNode | null, fqn = [resource.packageName, ...foldersOf(resource.relativePath), name]): Common {
  const inputs = { type, packageName: resource.packageName, fqn, patch: configOf(data.get('config')), inFile: null }
  const { config, error, errorKey } = buildConfig(build.project, inputs)
  const problems: Problem[] = error === null ? [] : [{ code: 'config-invalid', severity: 'error', message: error, place: (errorKey === undefined || entry === null ? null : configPlace(errorKey, [], configPlaces(place.path, [entry]))) ?? place }]
  return {
    config,
    base: {
      resource_type: type, unique_id: `${type}.${resource.packageName}.${name}`, name, package_name: resource.packageName, path: resource.relativePath, original_file_path: originalPath(resource), fqn, place,
      description: textOr(data.get('description'), ''), enabled: config.get('enabled') !== false, config, unrendered_config: buildUnrendered(build.project, inputs), tags: [], meta: configOf(config.get('meta')),
      properties: new Map([...data].filter(([key]) => key !== 'config' && key !== 'name' && key !== 'description')), group: nullableText(config.get('group')), version: null,
      refs: [], sources: [], metrics: [], calls: [], depends_on: { nodes: [], macros: [] }, problems, unknown: [],
    },
  }
}

function exposure(build: Build, resource: ResourceFile, entry: PropertyEntry, data: Data): OtherResource {
  const place: Place = { path: entry.file.path, ...entry.nameSpan }
  const { config, base } = common(build, resource, 'exposure', entry.name, place, data, entry.node)
  const own = hasConfigField(build.project.rules.name, 'exposure', 'tags') ? exposureConfig(build, resource, data, config) : { tags: textList(data.get('tags')), meta: configOf(data.get('meta')), config, refused: null }
  const refs: RefArgs[] = []
  const sources: (readonly [string, string])[] = []
  const metrics: (readonly string[])[] = []
  const calls: ResourceCall[] = []
  const problems: Problem[] = [...base.problems]
  if (own.refused !== null) problems.push({ code: 'config-invalid', severity: 'error', place, unique_id: base.unique_id, message: own.refused })
  // UnparsedExposure.validate
  if (!/^[\p{L}\p{N}_-]+\n?$/u.test(entry.name)) {
    problems.push({ code: 'key-deprecated', severity: 'warning', place, unique_id: base.unique_id, message: `Starting in v1.3, the 'name' of an exposure should contain only letters, numbers, and underscores. Exposures support a new property, 'label', which may contain spaces, capital letters, and special characters. ${entry.name} does not follow this pattern. Please update the 'name', and use the 'label' property for a human-friendly title. This will raise an error in a future version of dbt-core.` })
  }
  const node = under(entry.node, 'depends_on')
  listOf(data.get('depends_on')).forEach((line, index) => {
    const item: YamlNode | undefined = node?.kind === 'seq' ? node.items[index] : undefined
    const at: Place = item ? { path: entry.file.path, ...textSpan(item) } : place
    const evaluation = evaluateDependsOn(build.world, resource.packageName, strOf(line), { path: at.path, offset: at.start })
    refs.push(...evaluation.refs)
    sources.push(...evaluation.sources)
    metrics.push(...evaluation.metrics)
    calls.push(...evaluation.calls)
    if (evaluation.problem) problems.push({ ...evaluation.problem, unique_id: base.unique_id })
  })
  return { ...base, config: own.config, tags: own.tags, meta: own.meta, refs, sources, metrics, calls, problems }
}

/** dbt 1.10, ExposureParser.parse_exposure: tags and meta of the project's section, of the entry and of its config together. `refused`: what Python says of tags that are no list. */
function exposureConfig(build: Build, resource: ResourceFile, data: Data, config: Config): { readonly tags: readonly string[]; readonly meta: Config; readonly config: Config; readonly refused: string | null } {
  const section = projectConfigs(build.project.packages.get(resource.packageName) ?? build.project.root, 'exposure', false, build.project)
  const common = section?.get('tags')
  // ExposureConfig.tags is a list: of a text, dbt takes the letters.
  const own = config.get('tags')
  const tags = [...new Set([...textList(common), ...textList(data.get('tags')), ...typeof own === 'string' ? own : textList(own)])].toSorted()
  const meta = new Map<string, Value>([...configOf(section?.get('meta')), ...configOf(data.get('meta')), ...configOf(config.get('meta'))])
  return { tags, meta, config: new Map([...config, ['tags', new PyList(tags)], ['meta', new PyDict([...meta])]]), refused: common === undefined || !truthOf(common) ? null : refusalOf(common) }
}

function refusalOf(tags: Value): string | null {
  try {
    binary('+', tags, new PyList([]), { spend: () => undefined })
    return null
  } catch (thrown) {
    if (thrown instanceof PyException) return thrown.message
    throw thrown
  }
}

function group(build: Build, resource: ResourceFile, entry: PropertyEntry, data: Data): OtherResource {
  return { ...common(build, resource, 'group', entry.name, { path: entry.file.path, ...entry.nameSpan }, data, entry.node).base, enabled: true, unrendered_config: NO_CONFIG }
}

/** dbt reads the metrics that a metric is made of by name; see edges-of-others.ts. */
function metric(build: Build, resource: ResourceFile, entry: PropertyEntry, data: Data, place: Place): OtherResource {
  const { base, config } = common(build, resource, 'metric', strOf(data.get('name') ?? entry.name), place, data, entry.node)
  const meta = hasConfigField(build.project.rules.name, 'metric', 'meta') ? config.get('meta') : null
  return { ...base, tags: textList(data.get('tags')), meta: meta instanceof PyDict && meta.entries.size ? configOf(meta) : configOf(data.get('meta')) }
}

function semanticModel(build: Build, resource: ResourceFile, entry: PropertyEntry, data: Data): OtherResource[] {
  const place: Place = { path: entry.file.path, ...entry.nameSpan }
  const { base, config } = common(build, resource, 'semantic_model', entry.name, place, data, entry.node)
  const model = data.get('model')
  const node = under(entry.node, 'model')
  const at: Place = node ? { path: entry.file.path, ...textSpan(node) } : place
  const target = typeof model === 'string' ? staticRef(model) : null
  const problems: Problem[] = target || model === undefined ? [...base.problems] : [...base.problems, { code: 'ref-invalid', severity: 'error', message: staticRefusal(strOf(model)), place: at }]
  const resources: OtherResource[] = [{
    ...base, problems, refs: target?.kind === 'ref' ? [target.ref] : [], sources: target?.kind === 'source' ? [target.source] : [], calls: target && node ? [callOf(target, at, at.start)] : [],
  }]
  listOf(data.get('measures')).forEach((measure, index) => {
    if (!(measure instanceof PyDict) || measure.get('create_metric') !== true) return
    const measures = under(entry.node, 'measures')
    const measureNode = measures?.kind === 'seq' ? under(measures.items[index], 'name') : undefined
    const name = strOf(measure.get('name') ?? '')
    const all = build.project.rules.measureMetricsTakeAll
    const made = new Map<string, Value>([
      ['name', name], ['label', measure.get('label') || name], ['type', 'simple'], ['type_params', new PyDict([['measure', name], ['expr', (all && measure.get('expr')) || name]])],
      ['description', measure.get('description') || `Metric created from measure ${name}`],
      ['config', new PyDict([['enabled', config.get('enabled') ?? true], ...all ? [['meta', config.get('meta') ?? new PyDict()] as const] : []])],
    ])
    resources.push(metric(build, resource, entry, made, measureNode ? { path: entry.file.path, ...textSpan(measureNode) } : place))
  })
  return resources
}

/** The semantic model and the metrics of an entry of `models:` that declares them, once a model has taken its patch. */
export function semanticsOfModel(build: Build, resource: ResourceFile, written: PropertyEntry, rendered: RenderedEntry, patches: EntryPatches): readonly OtherResource[] {
  return build.memory.fromEntry(rendered, `semantics ${originalPath(resource)}`, () => {
    const { patch, name } = patches
    if (!patch) return []
    const entry = { ...written, name }
    const { value } = rendered
    const semantics = semanticsOf(name, value, patch.columns, key => under(under(entry.node, 'semantic_model'), key))
    const at = (node: YamlNode | undefined): Place => ({ path: entry.file.path, ...node ? textSpan(node) : entry.nameSpan })
    const data: Data = new Map<string, Value>([['description', patch.description], ['config', semantics.config], ...semantics.properties])
    const [model] = semanticModel(build, resource, { ...entry, name: semantics.name }, data)
    const time = value.get('agg_time_dimension') ?? null
    const metrics = under(entry.node, 'metrics')
    const refused: Problem[] = semantics.refusal === null ? [] : [{ code: 'yaml-invalid', severity: 'error', message: semantics.refusal, place: at(under(entry.node, 'derived_semantics')) }]
    return [...model ? [{ ...model, place: at(semantics.node), problems: [...model.problems, ...refused] }] : [], ...listOf(value.get('metrics')).flatMap((item, index) => {
      if (!(item instanceof PyDict)) return []
      const node = metrics?.kind === 'seq' ? metrics.items[index] : undefined
      return [metricOfModel(build, resource, node ?? entry.node, dictOf(item), at(under(node, 'name') ?? node), { semanticModel: semantics.name, timeDimension: time })]
    })]
  }, [build.project])
}

/** A metric without `type_params`, in a model or beside it (UnparsedMetricV2): `tags` and `meta` of its config are not its own. */
function metricOfModel(build: Build, resource: ResourceFile, node: YamlNode, data: Data, place: Place, over: AggregatedOver | null): OtherResource {
  const { base } = common(build, resource, 'metric', strOf(data.get('name') ?? ''), place, data, node)
  const type = data.get('type') ?? 'simple'
  const { properties, refusal } = metricProperties(data, type === 'simple' ? over : null)
  const alone = type === 'simple' && !over && (data.get('agg') ?? null) !== null ? 'simple metrics in v2 YAML must be attached to semantic_model' : null
  const said = alone ?? refusal
  return { ...base, properties, meta: NO_CONFIG, problems: said === null ? base.problems : [...base.problems, { code: 'metric-invalid', severity: 'error', message: said, place, unique_id: base.unique_id }] }
}

function savedQuery(build: Build, resource: ResourceFile, entry: PropertyEntry, data: Data, reads: Reads[]): OtherResource {
  const { base, config } = common(build, resource, 'saved_query', entry.name, { path: entry.file.path, ...entry.nameSpan }, data, entry.node)
  const params = data.get('query_params')
  const metrics = params instanceof PyDict ? textList(params.get('metrics')).map(name => [name]) : []
  const node = under(under(entry.node, 'query_params'), 'metrics')
  const calls = metrics.map((args, index): ResourceCall => {
    const item = node?.kind === 'seq' ? node.items[index] : undefined
    const span = item ? textSpan(item) : entry.nameSpan
    return { kind: 'metric', args, version: null, invalid: null, span, path: entry.file.path, nameSpan: item ? span : null, via: [], certain: true }
  })
  const problems = [...base.problems, ...exportProblems(build, config, data.get('exports'), { path: entry.file.path, ...entry.nameSpan }, base.unique_id, reads)]
  return { ...base, metrics, calls, problems, tags: [...new Set([...textList(data.get('tags')), ...textList(config.get('tags'))])].toSorted() }
}

function unitTest(build: Build, resource: ResourceFile, entry: PropertyEntry, data: Data, files: RowFiles): OtherResource {
  const model = strOf(data.get('model') ?? '')
  const folders = plainParts(originalPath(resource)).slice(1, -1)
  const { base, config } = common(build, resource, 'unit_test', entry.name, { path: entry.file.path, ...entry.nameSpan }, data, entry.node, [resource.packageName, ...folders, model, entry.name])
  const calls: ResourceCall[] = []
  const given = under(entry.node, 'given')
  if (given?.kind === 'seq') {
    for (const item of given.items) {
      const input = under(item, 'input')
      if (input?.kind !== 'scalar' || typeof input.value !== 'string') continue
      const target = staticRef(input.value)
      const at: Place = { path: entry.file.path, ...textSpan(input) }
      if (target) calls.push(callOf(target, at, at.start))
    }
  }
  const { errors, unknown, ...rows } = unitRows({ resource, files, rules: build.project.rules, name: entry.name, seedPaths: build.project.packages.get(resource.packageName)?.paths.seed ?? [] }, data)
  const properties = new Map<string, Value>([...base.properties, ['given', new PyList([...rows.given])], ['expect', rows.expect], ['overrides', rows.overrides], ['checksum', rows.checksum]])
  const problems: Problem[] = [...base.problems, ...errors.map(message => ({ code: 'unit-test-invalid', severity: 'error' as const, message, place: base.place, unique_id: base.unique_id }))]
  return { ...base, properties, unique_id: `unit_test.${resource.packageName}.${model}.${entry.name}`, tags: textList(config.get('tags')), calls, problems, unknown }
}
