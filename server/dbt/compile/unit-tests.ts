// A unit test's text as `dbt test` compiles it: the tested model's text in a manifest of its own, whose only nodes are the `given` inputs, as CTEs.
// dbt 1.12: parser/unit_tests.py UnitTestManifestLoader, context/providers.py UnitTestContext. Fixtures of rows need the columns of the real
// relation: without evidence of them they are unknown.

import { parseTemplate } from '../../jinja/parse.ts'
import { reprOf, strOf } from '../../jinja/repr.ts'
import { PyDict, PyList } from '../../jinja/value.ts'
import type { Value } from '../../jinja/value.ts'
import { evaluateForRun } from '../context/evaluate-node.ts'
import { nodeDict } from '../context/model-dict.ts'
import { ephemeralPrefix, makeRelation } from '../context/relation.ts'
import type { Answer, Overrides, RunContext, RunEvaluation } from '../context/types.ts'
import { staticRef } from '../graph/build/static-ref.ts'
import { resolveRef, resolveSource, sameVersion } from '../graph/lookup.ts'
import { targetNotFound } from '../graph/messages.ts'
import { configClassOf } from '../names/config-classes.ts'
import type { RuleSetName } from '../rules/rules.ts'
import { NO_CHECKSUM } from '../nodes/source-text.ts'
import type { ManifestNode, OtherResource, RefArgs, SourceNode } from '../nodes/types.ts'
import type { Problem } from '../problem.ts'
import { injectInto, placed } from './inject.ts'
import type { Cte } from './inject.ts'
import { draftOf, templateOfNode } from './node-draft.ts'
import { distinctEvidence, distinctUnknown, evidenceOf, unknownOf } from './outcome.ts'
import { questionsOf } from './questions.ts'
import type { Compiled, CompileWorld } from './types.ts'

/** Null: it tests no model that is there. */
export function compileUnitTest(world: CompileWorld, unit: OtherResource): Compiled | null {
  const tested = world.deferring.manifest.nodes.get(unit.depends_on.nodes[0] ?? '')
  if (!tested) return null
  const node = nodeOf(world, unit, tested)
  const inputs = inputsOf(world, unit, tested)
  if (typeof inputs === 'string') return outcome(world, node, null, [], { code: 'unit-test-invalid', severity: 'error', message: inputs, place: unit.place, unique_id: unit.unique_id })
  const used: Input[] = []
  const evaluation = evaluateText(world, { unit, tested, node, inputs, used })
  const fixtures = used.map((input) => ({ ...input, evaluation: evaluateFixture(world, input.node) }))
  return outcome(world, node, evaluation, fixtures, evaluation.error ?? fixtures.find((each) => each.evaluation.error)?.evaluation.error ?? null)
}

interface Fixture extends Input { readonly evaluation: RunEvaluation }

function outcome(world: CompileWorld, node: ManifestNode, evaluation: RunEvaluation | null, fixtures: readonly Fixture[], error: Problem | null): Compiled {
  const evaluations = [...(evaluation ? [{ of: node, evaluation }] : []), ...fixtures.map((each) => ({ of: each.node, evaluation: each.evaluation }))]
  const unknown = distinctUnknown(evaluations.flatMap(({ of, evaluation: { unknown: origins, asked } }) => (origins.length > 0 ? origins : asked).map((origin) => unknownOf(world, of, origin))))
  const evidence = distinctEvidence(evaluations.flatMap(({ of, evaluation: { evidence: found } }) => found.map((each) => evidenceOf(world, of, each))))
  const ctes = fixtures.map(({ node: { unique_id }, cteName, evaluation: { text } }): Cte => ({ id: unique_id, name: cteName, body: text ?? '', parts: null }))
  const parts = (evaluation?.pieces ?? []).map(({ text, source, unknown: origin, sites, literal }) => ({ text, source, unknown: origin ? unknownOf(world, node, origin) : null, cte: null, sites, literal, resolutions: [] }))
  const pieces = error ? [] : injectInto(parts, ctes, 'with') ?? placed(parts)
  const compiled_code = error || unknown.length > 0 || evaluation === null ? null : pieces.map((piece) => piece.text ?? '').join('')
  return { node, compiled_code, pieces, unknown, error, evidence, ctes: ctes.map(({ id }) => id), trace: null }
}

interface Input {
  /** The ephemeral model that stands for what the tested model reads. */
  readonly node: ManifestNode
  readonly source: readonly [string, string] | null
  readonly cteName: string
  readonly isThis: boolean
}

/** UnitTestNode: the tested model's text under the test's name. */
function nodeOf({ deferring: { project } }: CompileWorld, unit: OtherResource, tested: ManifestNode): ManifestNode {
  const name = tested.version === null ? unit.name : `${unit.name}_v${strOf(tested.version)}`
  const expect = unit.properties.get('expect')
  const rows = expect instanceof PyDict ? expect.get('rows') ?? null : null
  const config = new Map([...defaultConfig(project.rules.name), ['materialized', 'unit'], ['expected_rows', rows instanceof PyList ? rows : new PyList([])], ['expected_sql', typeof rows === 'string' ? rows : null]] as [string, Value][])
  const folder = unit.original_file_path.split('/').slice(0, -1)
  return {
    ...tested, unique_id: unit.unique_id, name, package_name: unit.package_name, path: [...folder, `${name}.sql`].join('/'), original_file_path: unit.original_file_path, fqn: unit.unique_id.split('.'),
    alias: name, config, unrendered_config: new Map(), description: '', tags: [], meta: new Map(), columns: new Map(), constraints: [], group: null, version: null, latest_version: null, checksum: NO_CHECKSUM,
    relation_name: null, contract: { enforced: false, alias_types: true, checksum: null }, docs: new Map(), patch: null, depends_on: { nodes: [], macros: [] }, refs: tested.refs, sources: tested.sources,
    access: 'protected', properties: new Map(), problems: [], unknown: project.target === null ? tested.unknown : [],
  }
}

function defaultConfig(rules: RuleSetName): [string, Value][] { return Array.from(configClassOf('analysis', rules).fields.values(), (field) => [field.name, field.default()]) }

/** Or dbt's refusal. */
function inputsOf(world: CompileWorld, unit: OtherResource, tested: ManifestNode): readonly Input[] | string {
  const given = unit.properties.get('given')
  const inputs = new Map<string, Input>()
  for (const item of given instanceof PyList ? given.items : []) {
    if (!(item instanceof PyDict)) continue
    const text = strOf(item.get('input') ?? '')
    const original = originalOf(world, text, tested)
    if (original === 'invalid') return `Unit test given inputs must be either a 'ref', 'source' or 'this' call. Got: '${text}'.`
    if (!original) return `Unit test '${unit.name}' had an input (${text}) which was not found in the manifest.`
    const input = inputOf(world.deferring.project.rules.name, unit, original, item, original === tested)
    inputs.set(input.node.unique_id, input)
  }
  return [...inputs.values()]
}

function originalOf({ deferring: { project, manifest } }: CompileWorld, text: string, tested: ManifestNode): ManifestNode | SourceNode | 'invalid' | undefined {
  if (text.trim() === 'this') return tested
  const target = staticRef(text)
  if (!target) return 'invalid'
  const found = target.kind === 'ref' ? resolveRef(project, manifest, target.ref.package ?? tested.package_name, target.ref) : resolveSource(project, manifest, tested.package_name, target.source[0], target.source[1])
  return found.kind === 'found' ? manifest.nodes.get(found.unique_id) ?? manifest.sources.get(found.unique_id) : undefined
}

function inputOf(rules: RuleSetName, unit: OtherResource, original: ManifestNode | SourceNode, item: PyDict, isThis: boolean): Input {
  const { name, package_name } = original
  const source = original.resource_type === 'source' ? ([original.source_name, name] as const) : null
  const local = source ? source.join('__') : name
  const identifier = original.resource_type === 'source' ? original.identifier : original.alias
  const rows = item.get('rows') ?? null
  const raw_code = item.get('format') === 'sql' ? strOf(rows) : `{{ get_fixture_sql(${reprOf(rows)}, None) }}`
  const versioned = original.resource_type === 'model' ? { version: original.version, latest_version: original.latest_version } : { version: null, latest_version: null }
  const node: ManifestNode = {
    ...versioned, unique_id: `model.${package_name}.${local}`, resource_type: 'model', name, package_name, path: `${name}.sql`, original_file_path: unit.original_file_path, fqn: original.fqn, place: unit.place, description: '',
    language: 'sql', raw_code, rawCodeOffset: null, checksum: NO_CHECKSUM, enabled: true, config: new Map([...defaultConfig(rules), ['materialized', 'ephemeral']]), unrendered_config: new Map(),
    database: original.database, schema: original.schema, alias: identifier, relation_name: null, tags: [], meta: new Map(), group: null, access: 'protected', deprecation_date: null,
    columns: new Map(), constraints: [], contract: { enforced: false, alias_types: true, checksum: null }, patch: null, docs: new Map(), refs: [], sources: [], metrics: [], functions: [],
    depends_on: { nodes: [], macros: [] }, calls: [], test: null, index: null, properties: new Map(), problems: [], unknown: [],
  }
  return { node, source, cteName: ephemeralPrefix(source ? local : identifier), isThis }
}

interface Task { readonly unit: OtherResource; readonly tested: ManifestNode; readonly node: ManifestNode; readonly inputs: readonly Input[]; readonly used: Input[] }

function evaluateText(world: CompileWorld, { unit, tested, node, inputs, used }: Task): RunEvaluation {
  const { adapter } = world.deferring.project
  const { run } = questionsOf(world, node, null)
  const overrides = overridesOf(unit)
  const take = (input: Input): Input => { if (!used.includes(input)) used.push(input); return input }
  const missing = (kind: 'node' | 'source', name: string, packageName: string | null, version: RefArgs['version']): Answer =>
    ({ kind: 'error', code: `${kind === 'node' ? 'ref' : 'source'}-not-found`, message: targetNotFound({ ...node, resource_type: 'unit_test' }, { kind, name, package: packageName, version: version === null ? null : strOf(version), disabled: false }) })
  const relation = (input: Input): Answer => ({ kind: 'value', value: makeRelation(adapter, { database: null, schema: null, identifier: take(input).cteName }, { type: 'cte', quoting: new Map([['identifier', false]]) }) })
  // The property `this` is read when the context is made, before anything is rendered: its CTE comes first.
  const own = inputs.find((input) => input.isThis)
  if (own) take(own)
  const fields = new Map<string, Value>([['resource_type', 'unit_test'], ['tested_node_unique_id', tested.unique_id], ['this_input_node_unique_id', own?.node.unique_id ?? null], ['overrides', unit.properties.get('overrides') ?? null]])
  const model = nodeDict(node, true, fields)
  const context: RunContext = {
    ...run, model: () => model, this: null, graph: () => new PyDict(),
    extra: new Map(own ? [['this', own.cteName]] : []), overrides,
    resolveRef: ({ name, package: packageName, version }) => {
      const found = inputs.find((input) => input.source === null && answersRef(input.node, name, packageName, version))
      return found ? relation(found) : missing('node', name, packageName, version)
    },
    resolveSource: (source, table) => {
      const found = inputs.find((input) => input.source?.[0] === source && input.source[1] === table)
      return found ? relation(found) : missing('source', `${source}.${table}`, null, null)
    },
  }
  const vars = { ...world.world, project: { ...world.world.project, cliVars: new Map([...world.world.project.cliVars, ...overrides.vars]) } }
  return evaluateForRun(vars, { ...draftOf(node), file: tested.place.path, offset: tested.rawCodeOffset ?? tested.place.start }, templateOfNode(world.files, tested), context)
}

function answersRef(node: ManifestNode, name: string, packageName: string | null, version: RefArgs['version']): boolean {
  if (node.name !== name || (packageName !== null && node.package_name !== packageName)) return false
  return version === null ? node.version === null || sameVersion(node.version, node.latest_version) : node.version !== null && sameVersion(node.version, version)
}

function evaluateFixture(world: CompileWorld, node: ManifestNode): RunEvaluation {
  return evaluateForRun(world.world, draftOf(node), parseTemplate(node.raw_code), questionsOf(world, node, null).run)
}

function overridesOf(unit: OtherResource): Overrides & { readonly vars: ReadonlyMap<string, Value> } {
  const overrides = unit.properties.get('overrides')
  const part = (key: string): Map<string, Value> => {
    const values = overrides instanceof PyDict ? overrides.get(key) : undefined
    return new Map(values instanceof PyDict ? values.items().map(([name, value]) => [strOf(name), value]) : [])
  }
  return { macros: part('macros'), vars: part('vars'), envVars: part('env_vars') }
}
