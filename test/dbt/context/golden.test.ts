import { readFileSync } from 'node:fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { parseTemplate } from '../../../server/jinja/parse.ts'
import { PyDict, PyList, PyTuple } from '../../../server/jinja/value.ts'
import { reprOf } from '../../../server/jinja/repr.ts'
import type { Value } from '../../../server/jinja/value.ts'
import { evaluateForParse, evaluateForRun, textOfParse } from '../../../server/dbt/context/evaluate-node.ts'
import { renderYaml } from '../../../server/dbt/context/render-yaml.ts'
import type { InternalMacro } from '../../../server/dbt/context/types.ts'
import { shedDraft, shedRun, shedWorld } from './shed.ts'

interface Case { readonly name: string; readonly node: string; readonly mode: 'parse' | 'run' | 'yaml'; readonly text: string }
interface Golden {
  readonly name: string; readonly text?: string; readonly value?: unknown; readonly error?: { readonly msg: string | null; readonly text: string }
  readonly refs?: readonly unknown[]; readonly sources?: readonly unknown[]; readonly metrics?: readonly unknown[]; readonly functions?: readonly unknown[]; readonly macros?: readonly string[]; readonly config?: { readonly [key: string]: unknown }
}

const load = (name: string): unknown => JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'))
const cases = load('./cases.json') as Case[]
const golden = new Map((load('./golden.json') as Golden[]).map(entry => [entry.name, entry]))

// With DBT_MACROS set to a file of dbt's own macros (written by test/conformance/context/golden.py) nothing but the warehouse may be unknown.
const macroFile = process.env['DBT_MACROS']
const internal = macroFile ? { source: macroFile, macros: (JSON.parse(readFileSync(macroFile, 'utf8')) as InternalMacro[]).filter(macro => macro.package_name.startsWith('dbt')) } : null
const world = shedWorld(internal)
const test = suite('dbt context, against dbt 1.12.6')
let unknowns = 0

for (const { name, node, mode, text } of cases) {
  test(`${name}: ${JSON.stringify(text)}`, () => {
    const expected = golden.get(name)
    assert.ok(expected, 'no golden entry')
    if (mode === 'yaml') {
      const result = renderYaml(world, node, text, { path: '/x.yml', offset: 0 })
      // The recorded message is get_rendered's; renderer.py says before it what could not be rendered.
      compare(expected, result.problem?.message.replace(`Could not render ${text}: `, '') ?? null, result.unknown.length > 0, () => assert.equal(plain(result.value), expected.value))
      return
    }
    const draft = shedDraft(node, text)
    const template = parseTemplate(text)
    if (mode === 'run') {
      const result = evaluateForRun(world, draft, template, shedRun(world, draft))
      compare(expected, result.error?.message ?? null, result.unknown.length > 0, () => assert.is(result.text, expected.text))
      return
    }
    const result = evaluateForParse(world, draft, () => template)
    const rendered = textOfParse(world, draft, () => template)
    compare(expected, result.problem?.message ?? null, rendered === null, () => assert.is(rendered, expected.text))
    if (result.problem) return
    if (result.unknown.length > 0) { unknowns++; return }
    assert.equal(result.refs.map(ref => ({ name: ref.name, ...(ref.package === null ? {} : { package: ref.package }), ...(ref.version === null ? {} : { version: plain(ref.version) }) })), (expected.refs ?? []).map(withoutNulls))
    assert.equal(result.sources, expected.sources)
    assert.equal(result.metrics, expected.metrics)
    assert.equal(result.functions, expected.functions)
    assert.equal(result.macros, expected.macros)
    const config: { [key: string]: unknown } = {}
    for (const call of result.configCalls) for (const [key, value] of call.values) config[key] = plain(value)
    if (result.configCalls.length < 2) assert.equal(config, expected.config)
  })
}

function compare(expected: Golden, problem: string | null, unknown: boolean, ok: () => void): void {
  if (expected.error) {
    if (unknown && problem === null) { unknowns++; return }
    assert.ok(problem !== null, `dbt says: ${expected.error.msg ?? expected.error.text}`)
    assert.is(firstLine(problem), firstLine(expected.error.msg ?? expected.error.text))
    return
  }
  assert.is(problem, null)
  if (unknown) unknowns++
  else ok()
}

// The address of an object and dbt's hint about missing macros are no part of the message.
function firstLine(text: string): string { return text.replace(/\n  line \d+\n[^]*/, '').replace(/\. This can happen when calling a macro[^]*/, '').replace(/ at 0x[0-9a-f]+/g, '').trim() }

function withoutNulls(ref: unknown): unknown { return Object.fromEntries(Object.entries(ref as object).filter(([, value]) => value !== null)) }

function plain(value: Value): unknown {
  if (value instanceof PyList || value instanceof PyTuple) return value.items.map(plain)
  if (value instanceof PyDict) return Object.fromEntries(value.items().map(([key, item]) => [String(key), plain(item)]))
  if (typeof value === 'bigint') return Number(value)
  return typeof value === 'object' && value !== null ? reprOf(value) : value
}

test.after(() => { if (process.env['SHOW_UNKNOWN']) console.log(`${unknowns} of ${cases.length} unknown`) })
test.run()
