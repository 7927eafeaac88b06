// Step one of a node: its template runs in parse mode, its config() calls meet the levels of dbt_project.yml.
// dbt 1.12: parser/base.py parse_node, _create_parsetime_node, render_update.

import type { Template } from '../../../jinja/nodes.ts'
import type { Value } from '../../../jinja/value.ts'
import { NO_ITEMS } from '../../../text/compact.ts'
import { evaluateForParse } from '../../context/evaluate-node.ts'
import { getMacroId } from '../../context/macros.ts'
import { Recorder } from '../../context/session.ts'
import type { NodeDraft, ParseEvaluation } from '../../context/types.ts'
import { buildConfig, mergeCalls } from '../../names/config.ts'
import type { Partial } from '../../names/config.ts'
import { staticConfigCall } from '../../names/unrendered.ts'
import type { Declaration, TestDeclaration } from '../../nodes/declaration.ts'
import type { Config } from '../../nodes/types.ts'
import type { Build } from './build.ts'
import type { EvaluatedText } from './memory.ts'
import type { Parsed } from './work.ts'

export function parseNode(build: Build, declaration: Declaration): Parsed {
  const { project } = build
  const { type, package_name: packageName, fqn, test } = declaration
  const preset: Partial | null = test?.config.size ? test.config : null
  const base = buildConfig(project, { type, packageName, fqn, patch: pythonPatch(declaration, null), inFile: preset })
  const { evaluation, written } = build.memory.evaluation(declaration, base.config, () => evaluate(build, declaration, base.config))
  const calls = evaluation.configCalls
  // dbt adds a test's config before its template runs and finds it there again; the two short cuts do not run it.
  const first = preset ? [{ values: preset }] : []
  const inFile = first.length || calls.length ? mergeCalls([...first, ...test && isShortCut(build, declaration) ? [] : calls], project.rules.firstConfigCallAsIs) : null
  const built = inFile && calls.length ? buildConfig(project, { type, packageName, fqn, patch: pythonPatch(declaration, null), inFile }) : base
  return { declaration, evaluation, written, inFile, base: base.config, config: built.config, error: built.error, errorKey: built.errorKey ?? null }
}

/** `unique` and `not_null` of dbt's own are never rendered (SchemaGenericTestParser.render_test_update). */
function isShortCut(build: Build, { test, package_name: packageName }: Declaration): boolean {
  if (!test) return false
  const id = getMacroId(build.world.macros, packageName, `test_${test.name}`)
  return id === 'macro.dbt.test_not_null' || id === 'macro.dbt.test_unique'
}

/** Python models are tables unless YAML says otherwise (update_parsed_node_config puts that at YAML's level). */
export function pythonPatch(declaration: Declaration, patch: Partial | null): Partial | null {
  if (declaration.type !== 'model' || declaration.language !== 'python' || patch?.has('materialized')) return patch
  return new Map<string, Value>([...patch ?? [], ['materialized', 'table']])
}

function evaluate(build: Build, declaration: Declaration, config: Config): EvaluatedText {
  let tree: Template | null = null
  const template = (): Template => tree ??= declaration.template(build.memory.continues)
  const evaluation = evaluateText(build, declaration, config, template)
  const asked = declaration.language === 'sql' && !evaluation.staticallyParsed && (evaluation.configCalls.length > 0 || declaration.test !== null) && declaration.raw_code.includes('config(') && !isShortCut(build, declaration)
  return { evaluation, written: asked ? staticConfigCall(template(), build.project.rules.unrenderedArguments) : null }
}

function evaluateText(build: Build, declaration: Declaration, config: Config, template: () => Template): ParseEvaluation {
  // Snapshots in YAML are never rendered while parsing: their relation is read statically.
  if (declaration.type === 'seed' || declaration.preset) return NO_EVALUATION
  if (declaration.test && isShortCut(build, declaration)) return ofShortCut(build, declaration, declaration.test)
  const evaluation = evaluateForParse(build.world, draftOf(build, declaration, config), template)
  return declaration.test ? ofTest(declaration, evaluation) : evaluation
}

/** What dbt records of its own `unique` and `not_null`: what they hang on, with the version as YAML has it. */
function ofShortCut(build: Build, { place, package_name: packageName }: Declaration, test: TestDeclaration): ParseEvaluation {
  const id = getMacroId(build.world.macros, packageName, `test_${test.name}`)
  const { target } = test
  const recorder = new Recorder()
  if (id !== null) recorder.readMacro(id)
  return {
    ...NO_EVALUATION, macros: id === null ? NO_ITEMS : [id], reads: recorder.reads(),
    refs: target.kind === 'node' ? [{ name: target.name, package: null, version: target.version }] : NO_ITEMS,
    sources: target.kind === 'source' ? [[target.source, target.table]] : NO_ITEMS,
    calls: [{
      kind: target.kind === 'node' ? 'ref' : 'source', args: target.kind === 'node' ? [target.name] : [target.source, target.table], version: target.kind === 'node' ? target.version : null,
      invalid: null, span: { start: place.start, end: place.end }, path: place.path, nameSpan: null, via: NO_ITEMS, certain: true,
    }],
  }
}

/** A test's text is made up: its calls stand where its YAML does. */
function ofTest(declaration: Declaration, evaluation: ParseEvaluation): ParseEvaluation {
  const { place } = declaration
  const calls = evaluation.calls.map(call => call.path === place.path && call.nameSpan !== null ? call : { ...call, path: place.path, span: { start: place.start, end: place.end }, nameSpan: null })
  return { ...evaluation, calls }
}

/** The node as templates see it while it is parsed: names are the target's own. */
export function draftOf(build: Build, declaration: Declaration, config: Config): NodeDraft {
  const { target } = build.project
  return {
    unique_id: declaration.unique_id, resource_type: declaration.type, name: declaration.name, package_name: declaration.package_name, path: declaration.path,
    original_file_path: declaration.original_file_path, fqn: declaration.fqn, language: declaration.language, version: null, raw_code: declaration.raw_code,
    file: declaration.place.path, offset: declaration.offset ?? 0, config, database: target?.database ?? null, schema: target?.schema ?? '', alias: declaration.name,
    declared: declaration, model: NOTHING, testKwargs: declaration.test?.kwargs ?? null,
  }
}

const NOTHING: ReadonlyMap<string, Value> = new Map()

const NO_EVALUATION: ParseEvaluation = {
  calls: [], refs: [], sources: [], metrics: [], functions: [], configCalls: [], macros: [], unknown: [], problem: null,
  reads: { macros: new Set(), vars: new Set(), env: new Set(), target: false }, staticallyParsed: false,
}
