import { readFileSync } from 'node:fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { evaluateExtraForParse, evaluateForParse, evaluateForRun, evaluateName, textOfParse } from '../../../server/dbt/context/evaluate-node.ts'
import { macroDependsOn } from '../../../server/dbt/context/macro-depends.ts'
import { findGenerateNameMacro, findMaterializationMacro, getMacroId } from '../../../server/dbt/context/macros.ts'
import { evaluateDependsOn, renderDocs } from '../../../server/dbt/context/render-yaml.ts'
import type { InternalMacro } from '../../../server/dbt/context/types.ts'
import { parseTemplate } from '../../../server/jinja/parse.ts'
import { PyDict, PyList } from '../../../server/jinja/value.ts'
import type { Value } from '../../../server/jinja/value.ts'
import { draftOf, shedDraft, shedRun, shedWorld } from './shed.ts'

interface TestNode { readonly name: string; readonly raw_code: string; readonly kwargs: { readonly [key: string]: unknown }; readonly refs: readonly unknown[]; readonly macros: readonly string[]; readonly compiled: string; readonly where: string | null }
const golden = JSON.parse(readFileSync(new URL('./shed.golden.json', import.meta.url), 'utf8')) as { readonly tests: readonly TestNode[]; readonly macros: { readonly [id: string]: readonly string[] } }

const macroFile = process.env['DBT_MACROS']
const own = macroFile ? (JSON.parse(readFileSync(macroFile, 'utf8')) as (InternalMacro & { readonly unique_id: string; readonly depends: readonly string[] })[]).filter(macro => macro.package_name.startsWith('dbt')) : null
const world = shedWorld(own && { source: 'file', macros: own })
const test = suite('dbt context, whole nodes')

for (const [id, expected] of Object.entries(golden.macros)) {
  test(`depends_on of ${id}`, () => {
    const macro = world.macros.byId.get(id)
    assert.ok(macro)
    assert.equal(macroDependsOn(world.macros, world.project, macro), expected)
  })
}

if (own) test('depends_on of every macro of dbt', () => {
  for (const { unique_id, depends } of own) {
    const macro = world.macros.byId.get(unique_id)
    assert.ok(macro)
    assert.equal(macroDependsOn(world.macros, world.project, macro), depends, unique_id)
  }
})

function value(json: unknown): Value {
  if (Array.isArray(json)) return new PyList(json.map(value))
  if (typeof json === 'object' && json !== null) return new PyDict(Object.entries(json).map(([key, item]) => [key, value(item)] as const))
  return typeof json === 'number' ? BigInt(json) : json as Value
}

for (const node of golden.tests) {
  const draft = { ...draftOf(node.name, node.raw_code), resource_type: 'test' as const, testKwargs: new Map(Object.entries(node.kwargs).map(([key, item]) => [key, value(item)])), config: new Map<string, Value>([['where', node.where]]) }
  const template = parseTemplate(node.raw_code)
  test(`generic test ${node.name}, parsed`, () => {
    const result = evaluateForParse(world, draft, () => template)
    assert.is(result.problem, null)
    assert.equal(result.unknown, [])
    assert.equal(result.refs, node.refs)
    assert.equal(result.macros, node.macros)
  })
  test(`generic test ${node.name}, compiled`, () => {
    const result = evaluateForRun(world, draft, template, { ...shedRun(world, shedDraft('model.shed.plain', '')), config: draft.config, resolveRef: args => ({ kind: 'value', value: `"shed"."shed_dev${args.name === 'named' ? '_extra"."other' : `"."${args.name}`}"` }) })
    if (result.unknown.length > 0) assert.equal(result.unknown.map(origin => origin.code), ['missing-macro'])
    else assert.is(result.text, node.compiled)
  })
}

test('names: the defaults', () => {
  const draft = draftOf('plain', '')
  assert.is(evaluateName(world, 'database', null, draft).value, 'shed')
  assert.is(evaluateName(world, 'database', 'other', draft).value, 'other')
  assert.is(evaluateName(world, 'schema', null, draft).value, 'shed_dev')
  assert.is(evaluateName(world, 'schema', ' x ', draft).value, 'shed_dev_x')
  assert.is(evaluateName(world, 'alias', null, draft).value, 'plain')
  assert.is(evaluateName(world, 'alias', ' q ', draft).value, 'q')
  assert.is(evaluateName(world, 'alias', null, { ...draft, version: 2n }).value, 'plain_v2')
  assert.is(evaluateName(world, 'alias', null, { ...draft, version: 1.5 }).value, 'plain_v1_5')
})

test("names: a package's macro names its own nodes alone", () => {
  assert.is(evaluateName(world, 'alias', null, draftOf('hook', '', { package_name: 'crane' })).value, 'hook_crane')
  assert.is(findGenerateNameMacro(world.macros, 'alias', 'crane')?.unique_id, 'macro.crane.generate_alias_name')
  assert.is(findGenerateNameMacro(world.macros, 'alias', 'shed')?.unique_id, 'macro.dbt.generate_alias_name')
})

test('look-ups of macros', () => {
  assert.is(getMacroId(world.macros, 'crane', 'helper'), 'macro.crane.helper')
  assert.is(getMacroId(world.macros, 'shed', 'helper'), 'macro.shed.helper')
  assert.is(getMacroId(world.macros, 'shed', 'crane_only'), 'macro.crane.crane_only')
  assert.is(getMacroId(world.macros, 'shed', 'no_such'), null)
  assert.is(findMaterializationMacro(world.macros, world.project.adapter, 'no_such'), null)
})

test('hooks are rendered with the context of their node', () => {
  const text = "grant on {{ this }} {{ ref('x') }} {{ helper(1) }}"
  const result = evaluateExtraForParse(world, draftOf('plain', ''), { text, path: '/shed/dbt_project.yml', start: 100, end: 150 })
  assert.is(textOfParse(world, draftOf('plain', text), () => parseTemplate(text)), 'grant on "shed"."shed_dev"."plain" "shed"."shed_dev"."plain" [1|d]')
  assert.equal(result.refs, [{ name: 'x', package: null, version: null }])
  assert.equal(result.calls.map(call => [call.path, call.span, call.nameSpan]), [['/shed/dbt_project.yml', { start: 123, end: 131 }, { start: 128, end: 129 }]])
  assert.equal(result.macros, ['macro.shed.helper'])
})

function doc(name: string, from: string | null): string | null { return name === 'known' ? `text of ${from ?? ''}${name}` : null }

function render(text: string): string | undefined {
  const { text: out, problem } = renderDocs(world, 'shed', { unique_id: 'model.shed.plain' }, text, { path: '/x.yml', offset: 0 }, doc)
  return out ?? problem?.message
}

test('descriptions', () => {
  assert.is(render('plain'), 'plain')
  assert.is(render("a {{ doc('known') }} {{ doc('p', 'known') }}"), 'a text of known text of pknown')
  assert.is(render("{{ doc('gone') }}"), "Documentation for 'model.shed.plain' depends on doc 'gone'  which was not found")
  assert.is(render('{{ doc() }}'), 'doc() takes at most two arguments (0 given)')
  assert.is(render("{{ var('number') }} {{ target.name }}"), '7 dev')
})

test("an exposure's depends_on", () => {
  const result = evaluateDependsOn(world, 'shed', "ref('a', v=1)", { path: '/x.yml', offset: 10 })
  assert.equal(result.refs, [{ name: 'a', package: null, version: 1n }])
  assert.equal(result.calls.map(call => [call.span, call.path]), [[{ start: 10, end: 23 }, '/x.yml']])
  assert.equal(evaluateDependsOn(world, 'shed', "source('s', 't')", { path: '/x.yml', offset: 0 }).sources, [['s', 't']])
  assert.is(evaluateDependsOn(world, 'shed', "source('s')", { path: '/x.yml', offset: 0 }).problem?.message, 'source() takes exactly two arguments (1 given)')
})

test('an unknown in a condition: both branches, marked', () => {
  const text = "{% if invocation_id %}{{ ref('a') }}{% else %}{{ ref('b') }}{% endif %}{{ ref('c') }}"
  const result = evaluateForParse(world, draftOf('plain', text), () => parseTemplate(text))
  assert.equal(result.calls.map(call => [call.args[0], call.certain]), [['a', false], ['b', false], ['c', true]])
  assert.equal(result.refs.map(ref => ref.name), ['c'])
  assert.ok(result.unknown.length > 0)
})

test('the places of a ref in a macro', () => {
  const text = "x {{ refs_inside('q') }}"
  const [call] = evaluateForParse(world, draftOf('plain', text, { offset: 1000 }), () => parseTemplate(text)).calls
  assert.equal(call?.span, { start: 1005, end: 1021 })
  assert.is(call?.nameSpan, null)
  assert.equal(call?.via.map(step => [step.path, step.macro]), [['/shed/macros/helpers.sql', 'macro.shed.refs_inside']])
})

test('what was read is said', () => {
  const text = "{{ var('day') }}{{ env_var('SHED_ENV') }}{{ helper(target.name) }}"
  const { reads } = evaluateForParse(world, draftOf('plain', text), () => parseTemplate(text))
  assert.ok(reads.vars.has('shed:day'))
  assert.ok(reads.env.has('SHED_ENV'))
  assert.ok(reads.macros.has('macro.shed.helper'))
  assert.is(reads.target, true)
})

test.run()
