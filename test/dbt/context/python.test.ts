import { readFileSync } from 'node:fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { evaluatePythonForParse } from '../../../server/dbt/context/python.ts'
import { PySet } from '../../../server/jinja/set.ts'
import { reprOf } from '../../../server/jinja/repr.ts'
import { PyDict, PyList, PyTuple } from '../../../server/jinja/value.ts'
import type { Value } from '../../../server/jinja/value.ts'
import { draftOf, shedWorld } from './shed.ts'

type Golden = readonly [text: string, result: { readonly calls?: readonly [string, readonly unknown[], { readonly [key: string]: unknown }][]; readonly error?: string }]

const golden = JSON.parse(readFileSync(new URL('./python.golden.json', import.meta.url), 'utf8')) as Golden[]
const world = shedWorld()
const test = suite('python models')

for (const [text, expected] of golden) {
  test(`as dbt: ${JSON.stringify(text)}`, () => {
    const found = evaluatePythonForParse(draftOf('m', text, { language: 'python', original_file_path: 'm.py' }), world)
    // dbt itself checks the arguments of ref and source only in their functions, which the golden run replaces.
    if (found.problem && /^(ref\(\)|source\(\)|The |Invalid inline)/.test(found.problem.message)) return
    if (expected.error !== undefined) {
      assert.ok(found.problem, `dbt says: ${expected.error}`)
      assert.is(shortened(found.problem.message), shortened(expected.error))
      return
    }
    assert.is(found.problem?.message ?? null, null)
    const calls = expected.calls ?? []
    assert.equal(found.refs.map(ref => [ref.package, ref.name, ref.version === null ? null : plain(ref.version)]), calls.filter(([name]) => name === 'ref').map(([, args, kwargs]) => [args.length === 2 ? args[0] : null, args[args.length - 1], kwargs['version'] ?? kwargs['v'] ?? null]))
    assert.equal(found.sources, calls.filter(([name]) => name === 'source').map(([, args]) => args))
    assert.equal(found.configCalls.map(call => Object.fromEntries(Array.from(call.values, ([key, value]) => [key === 'pre-hook' ? 'pre_hook' : key, plain(value)]))), calls.filter(([name]) => name === 'config').map(([, args, kwargs]) => args[0] ?? kwargs))
    for (const call of found.calls) assert.ok(text.slice(call.span.start, call.span.end).startsWith('dbt'), 'the place of the call')
  })
}

// CPython adds the node's address, and says which literal was wrong.
function shortened(text: string): string { return text.replace(/malformed node or string[^\n]*/, 'malformed').replace(/unhashable[^\n]*/, 'malformed').replace(/\n  line \d+\n[^]*/, '').trim() }

function plain(value: Value): unknown {
  if (value instanceof PyList || value instanceof PyTuple) return value.items.map(plain)
  if (value instanceof PyDict) return Object.fromEntries(value.items().map(([key, item]) => [String(key), plain(item)]))
  if (value instanceof PySet) return reprOf(value)
  return typeof value === 'bigint' ? Number(value) : value
}

test.run()
