// What is called certain beside an unknown holds whatever the unknown turns out to be: random programs, one variable of which is unknown,
// against the same programs with each of many values in its place.

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { generateTyped, VARIABLES } from '../conformance/jinja/typed.ts'
import { modulesMember } from '../../server/dbt/context/modules.ts'
import { MacroReturn } from '../../server/jinja/errors.ts'
import { render } from '../../server/jinja/evaluate.ts'
import type { RenderResult } from '../../server/jinja/evaluate.ts'
import { parseTemplate } from '../../server/jinja/parse.ts'
import { strOf } from '../../server/jinja/repr.ts'
import { PyDict, PyFunction, PyList, PyTuple, PyUnknown } from '../../server/jinja/value.ts'
import type { Value } from '../../server/jinja/value.ts'

const VALUES: readonly (() => Value)[] = [
  () => null, () => true, () => 0n, () => 2n, () => 2.5, () => '', () => 'a', () => 'Hello World', () => new PyList([]), () => new PyList([1n, 2n]), () => new PyList(['a', 'b']),
  () => new PyList([new PyDict([['a', 1n], ['b', 'x']])]), () => new PyDict(), () => new PyDict([['a', 1n], ['b', 'z']]), () => new PyTuple(['p', 'q']),
]

interface Run { readonly result: RenderResult; readonly certain: readonly string[]; readonly possible: readonly string[] }

function run(text: string, value: Value): Run {
  const certain: string[] = []
  const possible: string[] = []
  const ref = new PyFunction('ref', ({ args: [name = null] }, context) => {
    const unknown = typeof name === 'object' && name !== null && name.unknown
    ;(context.certain ? certain : possible).push(unknown ? '?' : strOf(name))
    return unknown ? new PyUnknown(unknown) : '<ref>'
  })
  const known = new Map<string, Value>([['ref', ref], ['modules', modulesMember()], ['given', value], ['return', new PyFunction('return', ({ args }) => { throw new MacroReturn(args[0] ?? null) })]])
  return { result: render(parseTemplate(text), { path: 'm.sql', text }, name => known.get(name), { undefined: 'run' }), certain, possible }
}

/** The program with `given` for one of its variables and refs for its plain texts. */
function prepared(program: string, variable: string): string {
  let count = 0
  return program.replace(new RegExp(`\\{% set ${variable} = .*?%\\}(?=\\{%)`), `{% set ${variable} = given %}`)
    .replace(/text |\{\{ nothing \}\}/g, () => `{{ ref('r${count++}') }}`).replace(/select 1\n/g, `{{ ref(${variable}) }}`)
}

/** What the concrete run shows to be wrong in what was said of the unknown one; null when nothing is. */
function lie(text: string, { result, certain, possible }: Run, other: Run): string | null {
  if (other.result.kind === 'error' || other.result.unknowns.length > 0) return null
  if (result.kind === 'error') return result.unknowns.length === 0 ? `a certain error: ${result.message}\n${text}` : null
  if (result.value instanceof PyUnknown && result.pieces.length === 0) return null
  const pattern = result.pieces.map(piece => piece.unknown ? '[\\s\\S]*' : piece.text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('')
  if (!new RegExp(`^${pattern}$`, 'u').test(other.result.text)) return `${JSON.stringify(other.result.text)} is not ${pattern}\n${text}`
  const missing = certain.find(name => name !== '?' && !other.certain.includes(name))
  if (missing !== undefined) return `${missing} is not certain\n${text}`
  const all = [...certain, ...possible]
  const unseen = all.includes('?') ? undefined : other.certain.find(name => !all.includes(name))
  return unseen === undefined ? null : `${unseen} was not foreseen\n${text}`
}

const test = suite('soundness')
const names = [...VARIABLES.keys()]
test('what is certain holds for every value', () => {
  let compared = 0
  generateTyped(20261123, 100).forEach(([, program], index) => {
    const text = prepared(program, names[index % names.length] ?? 's')
    const unknown = run(text, new PyUnknown({ code: 'run-query', message: 'a query', stack: [] }))
    for (const value of VALUES) {
      const problem = lie(text, unknown, run(text, value()))
      assert.is(problem, null)
      compared++
    }
  })
  assert.is(compared, 100 * VALUES.length)
})
test.run()
